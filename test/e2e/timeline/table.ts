/** Figures as a Markdown table. Pure. */
import type { Figures, Spread } from '../measure/figures.ts';

const COLUMNS: readonly [string, (figures: Figures) => string][] = [
  ['what happens to the leader', ({ act }) => act],
  ['runs', ({ runs }) => String(runs)],
  ['until NotReady', ({ actToNotReady }) => seconds(actToNotReady)],
  ['NotReady to the slice', ({ notReadyToSlice }) => milliseconds(notReadyToSlice)],
  ["slice to kube-proxy's rules", ({ sliceToRules }) => milliseconds(sliceToRules)],
  ['NotReady to the first answer', ({ notReadyToAnswer }) => milliseconds(notReadyToAnswer)],
  ['all: act to the first answer', ({ actToAnswer }) => seconds(actToAnswer)],
  ['failed connections', ({ failed }) => count(failed)],
  ['waited for kube-proxy', ({ waited, runs }) => (runs > 1 ? percent(waited) : waited > 0 ? 'yes' : 'no')],
];

/** Each cell that holds times: the median, and after the stroke the longest; a single run is one value. */
export function markdownTable(groups: readonly Figures[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(COLUMNS.map(([name]) => name)),
    row(COLUMNS.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...groups.map((group) => row(COLUMNS.map(([, cell]) => cell(group)))),
  ].join('\n');
}

function seconds({ median, max }: Spread): string {
  return pair(median, max, (ms) => (ms / 1_000).toFixed(2), 's');
}

function milliseconds({ median, max }: Spread): string {
  return pair(median, max, (ms) => ms.toFixed(0), 'ms');
}

function count({ median, max }: Spread): string {
  return pair(median, max, (value) => value.toFixed(0), '');
}

function pair(median: number, max: number, write: (value: number) => string, unit: string): string {
  if (Number.isNaN(median)) return '-';
  const [middle, most] = [write(median), write(max)];
  return `${middle === most ? middle : `${middle} / ${most}`} ${unit}`.trimEnd();
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
