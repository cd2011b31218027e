/** kubectl leader status: one leader Service, on the night you are paged. */
import type { LeaderPolicyCondition } from '../../api/leader-policy.ts';
import type { EndpointSlice } from '../../api/objects.ts';
import type { LeaderReason } from '../../api/reasons.ts';
import { plan } from '../../plan/plan.ts';
import { candidateViews, type CandidateView } from '../candidate-view.ts';
import { problemsOf, WHY, type Explanation } from '../explanation.ts';
import { findAll, missing } from '../find.ts';
import { pastOf, rivalsOf, type Past } from '../past.ts';
import type { Picture } from '../picture.ts';
import type { Session } from '../session.ts';
import type { Snapshot } from '../snapshot.ts';
import { summaryOf, type Summary } from '../summary.ts';
import { ageOf, facts, table, type Cell } from '../terminal.ts';
import { candidateTable, type Layout } from './explain.ts';
import { historyTable } from './history.ts';
import { byText, stateCell } from './list.ts';

export interface SliceView {
  readonly name: string;
  readonly family: string;
  readonly endpoints: readonly string[];
  readonly ports: readonly string[];
  /** ours: zen-lead's. foreign: feeds the leader Service too. taken: has the name that zen-lead wants. */
  readonly whose: 'ours' | 'foreign' | 'taken';
}

/** What -o json and -o yaml give. */
export interface Status extends Summary {
  readonly candidateDetails: readonly CandidateView[] | null;
  readonly history: Past;
  /** Of a LeaderPolicy. */
  readonly conditions: readonly LeaderPolicyCondition[] | null;
  readonly problems: Explanation['problems'];
  readonly slices: readonly SliceView[] | null;
}

const MAX_PAST = 5;

export async function status(session: Session, service: string): Promise<void> {
  const snapshot = await session.snapshot();
  const pictures = findAll(snapshot, session.namespace, service);
  const all = await Promise.all(
    pictures.map(async (picture) => {
      const past = await pastOf(session.api, picture, rivalsOf(snapshot, picture));
      return statusOf(picture, snapshot, past);
    }),
  );
  const layout = { wide: session.isWide, colours: session.terminal.colours, now: snapshot.now };
  session.print({ items: all }, () => all.map((each) => statusText(each, layout)).join('\n'));
  const absent = pictures.find(({ state }) => state === 'Missing');
  if (absent !== undefined) throw missing(absent);
}

export function statusOf(picture: Picture, snapshot: Pick<Snapshot, 'reads'>, history: Past): Status {
  const { candidates, claim, slices, input } = picture;
  const { reads } = snapshot;
  return {
    ...summaryOf(picture, snapshot),
    candidateDetails: candidates === undefined ? null : candidateViews(picture),
    history: { ...history, entries: history.entries.slice(0, MAX_PAST) },
    conditions: claim?.request.policy?.status.conditions ?? null,
    // Without the pods it would tell of a cluster without pods.
    problems: reads.pods && reads.slices ? problemsOf(plan(input).states) : [],
    slices:
      slices === undefined
        ? null
        : [
            ...[...slices.ours.values()].map((slice) => sliceView(slice, 'ours')),
            ...slices.taken.map((slice) => sliceView(slice, 'taken')),
            ...slices.foreign.map((slice) => sliceView(slice, 'foreign')),
          ],
  };
}

function sliceView(
  { name, addressType, endpoints, ports }: EndpointSlice,
  whose: SliceView['whose'],
): SliceView {
  return {
    name,
    family: addressType,
    endpoints: endpoints.flatMap(({ addresses }) => addresses),
    ports: ports.map(
      (port) => `${port.name === '' ? '' : `${port.name}:`}${port.port ?? '*'}/${port.protocol}`,
    ),
    whose,
  };
}

export function statusText(status: Status, layout: Layout & { readonly now: number }): string {
  const { candidateDetails, history, conditions, problems, slices } = status;
  const { colours } = layout;
  return [
    headText(status, layout),
    candidateDetails === null ? '' : `\nCandidates\n${candidateTable(candidateDetails, layout)}`,
    `\nLast leaders\n${indented(historyTable(history, layout.wide))}`,
    conditions === null ? '' : `\nConditions\n${conditionTable(conditions, colours)}`,
    problems.length === 0
      ? ''
      : `\nProblems\n${problems.map(({ reason, note }) => `  ${reason}: ${note}\n`).join('')}`,
    slices === null ? '' : `\nEndpointSlices\n${sliceTable(slices, colours)}`,
  ].join('');
}

function headText(status: Status, { colours, now }: Layout & { readonly now: number }): string {
  const { namespace, leaderService, service, strategy, leader, candidates, failovers } = status;
  const since = leader?.since ?? undefined;
  const place = [leader?.node, leader?.zone, leader?.address].filter((each) => typeof each === 'string');
  const why = leader?.reason ?? undefined;
  return facts(
    [
      ['Leader Service', `${namespace}/${leaderService}`],
      ['Source', `${service} (${byText(status)}${strategy === null ? '' : `, ${strategy}`})`],
      ['State', stateCell(status)],
      ['Leader', leader === null ? { text: '<none>', colour: 'red' } : [leader.pod, ...place].join(', ')],
      ...(since === undefined ? [] : ([['Since', `${since} (${ageOf(since, now)})`]] as const)),
      ...(why === undefined ? [] : ([['Why', whyText(why)]] as const)),
      ['Candidates', candidates === null ? '?' : `${candidates.eligible} of ${candidates.total} may lead`],
      ['Failovers', failovers === null ? '?' : String(failovers)],
    ],
    colours,
  );
}

/** A later version of the operator may have written another word. */
function whyText(reason: string): string {
  return Object.hasOwn(WHY, reason) ? `${reason}: ${WHY[reason as LeaderReason]}` : reason;
}

/** True is bad of two of them. */
const BAD_WHEN_TRUE: ReadonlySet<string> = new Set(['NameConflict', 'ForeignEndpoints']);

function conditionTable(conditions: readonly LeaderPolicyCondition[], colours: boolean): string {
  const rows = conditions.map(({ type, status, reason, message }): Cell[] => {
    const isBad = BAD_WHEN_TRUE.has(type) ? status === 'True' : type !== 'Paused' && status !== 'True';
    return [`  ${type}`, isBad ? { text: status, colour: 'red' } : status, reason, message];
  });
  return table(['  TYPE', 'STATUS', 'REASON', 'MESSAGE'], rows, colours);
}

function sliceTable(slices: readonly SliceView[], colours: boolean): string {
  if (slices.length === 0) return '  none\n';
  const rows = slices.map(({ name, family, endpoints, ports, whose }): Cell[] => [
    `  ${name}`,
    family,
    endpoints.join(','),
    ports.join(','),
    whose === 'ours' ? 'zen-lead' : { text: `${whose}: not zen-lead's`, colour: 'red' },
  ]);
  return table(['  NAME', 'FAMILY', 'ENDPOINTS', 'PORTS', 'WHOSE'], rows, colours);
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
