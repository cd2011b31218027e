/** Where a command writes, and how: tables, colours, JSON, YAML. */
import { dumpYaml } from '@kubernetes/client-node';

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Colours are wanted: on a terminal, unless NO_COLOR is set (https://no-color.org). */
  readonly colours: boolean;
}

export const FORMATS = ['json', 'yaml', 'wide'] as const;
export type Format = (typeof FORMATS)[number];

const CODES = { red: 31, green: 32, yellow: 33, grey: 90 } as const;
export type Colour = keyof typeof CODES;

export type Cell = string | { readonly text: string; readonly colour: Colour };

export function processTerminal(
  stdout: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
  stderr: Pick<NodeJS.WriteStream, 'write'>,
  env: NodeJS.ProcessEnv,
): Terminal {
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colours: stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
  };
}

export function paint(cell: Cell, colours: boolean): string {
  if (typeof cell === 'string') return cell;
  return colours ? `\u001B[${String(CODES[cell.colour])}m${cell.text}\u001B[39m` : cell.text;
}

/** As kubectl's: columns padded by spaces, the last one not; three spaces in between. An empty cell is `<none>`. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], colours: boolean): string {
  const filled = [head, ...rows].map((row) => row.map((cell) => (cell === '' ? '<none>' : cell)));
  const widths = head.map((_, column) => Math.max(...filled.map((row) => textOf(row[column]).length)));
  const lines = filled.map((row) =>
    row
      .map((cell, column) => {
        const gap =
          column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - textOf(cell).length + 3);
        return paint(cell, colours) + gap;
      })
      .join(''),
  );
  return `${lines.join('\n')}\n`;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : (cell?.text ?? '');
}

/** Facts below each other, their values in one column. */
export function facts(pairs: readonly (readonly [name: string, value: Cell])[], colours: boolean): string {
  const width = Math.max(...pairs.map(([name]) => name.length)) + 2;
  return pairs.map(([name, value]) => `${`${name}:`.padEnd(width)} ${paint(value, colours)}\n`).join('');
}

/** For json and yaml. */
export function serialized(value: unknown, format: 'json' | 'yaml'): string {
  if (format === 'json') return `${JSON.stringify(value, undefined, 2)}\n`;
  // What JSON leaves out (undefined), YAML would refuse.
  return dumpYaml(JSON.parse(JSON.stringify(value)), { lineWidth: -1, noRefs: true });
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** As kubectl's ages: the two largest units where the larger one is small. `ms` below zero counts as 0. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const at = UNITS.findIndex(([, size]) => seconds >= size);
  const [unit, size] = UNITS[at] ?? ['s', 1];
  const count = Math.floor(seconds / size);
  const next = UNITS[at + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds % size) / next[1]);
  return `${count}${unit}${next !== undefined && rest > 0 && count < 10 ? `${rest}${next[0]}` : ''}`;
}

/** Since an RFC 3339 time; '' where it is none. `now` in epoch milliseconds. */
export function ageOf(time: string | undefined, now: number): string {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? '' : duration(now - at);
}
