/** Who would lead, and why: the operator's plan in words. */
import type { LeaderReason } from '../api/reasons.ts';
import { isFrozen } from '../plan/request.ts';
import type { Plan, PlanEvent, Write } from '../plan/types.ts';
import { candidateViews, type CandidateView } from './candidate-view.ts';
import type { Picture } from './picture.ts';
import { rehearse, type Rehearsal } from './rehearsal.ts';
import { duration } from './terminal.ts';

/** What -o json and -o yaml give. */
export interface Explanation {
  readonly namespace: string;
  readonly leaderService: string;
  readonly service: string;
  readonly by: Picture['by'];
  /** One sentence. */
  readonly verdict: string;
  readonly leadsNow: string | null;
  readonly wouldLead: string | null;
  readonly candidates: readonly CandidateView[];
  /** What the operator would write, in order. */
  readonly writes: readonly string[];
  /** Lasting problems, as its Events tell them. */
  readonly problems: readonly { readonly reason: string; readonly note: string }[];
  /** Time alone may change the answer in so many milliseconds. */
  readonly againAfterMs?: number;
}

export function explanationOf(picture: Picture): Explanation {
  const { namespace, name, sourceName, by, leader, input } = picture;
  const rehearsal = rehearse(input);
  const { last } = rehearsal;
  return {
    namespace,
    leaderService: name,
    service: sourceName,
    by,
    verdict: verdictOf(picture, rehearsal),
    leadsNow: leader ?? null,
    wouldLead: last.outlook?.pod ?? null,
    candidates: candidateViews(picture),
    writes: [...rehearsal.writes.map(describe), ...reports(picture, last)],
    problems: problemsOf([...last.states, ...rehearsal.happened.filter(({ type }) => type === 'Warning')]),
    ...(last.againAfterMs === undefined ? {} : { againAfterMs: last.againAfterMs }),
  };
}

/** Those that several are told of, once. */
export function problemsOf(states: readonly PlanEvent[]): Explanation['problems'] {
  const unique = new Map(states.map(({ reason, note }) => [`${reason}: ${note}`, { reason, note }]));
  return [...unique.values()];
}

function verdictOf(picture: Picture, { last, happened }: Rehearsal): string {
  const { leader, claim, memory } = picture;
  const first = last.states[0]?.note;
  if (claim === undefined) return `nobody asks for ${picture.name}: it would be deleted, or left alone`;
  if (last.outlook === undefined) return `nothing would be done: ${first ?? 'it is being deleted'}`;
  const { pod } = last.outlook;
  if (pod === undefined) return nobody(last);
  if (pod === leader && last.change === undefined) return stays(picture, pod, last);
  const changed = happened.find(({ reason }) => reason === 'LeaderChanged' || reason === 'LeaderElected');
  if (changed?.reason === 'LeaderChanged') return changed.note.replace(' leads', ' would lead');
  if (happened.some(({ reason }) => reason === 'SwitchoverCompleted'))
    return `pod ${pod} would lead: a switchover to it is asked for`;
  if (memory.podName === pod) return `pod ${pod} would lead again: nobody is published now, and it led last`;
  return `pod ${pod} would lead: it is the first by ${claim.request.strategy} of those that may`;
}

function nobody({ states, againAfterMs }: Plan): string {
  const note = states.find(({ reason }) => EMPTY.has(reason))?.note ?? states[0]?.note;
  if (note !== undefined) return `nobody would lead: ${note}`;
  const left = againAfterMs === undefined ? '' : ` for ${duration(againAfterMs + 999)} more`;
  return `nobody would lead${left}: handoverGapSeconds runs between two leaders`;
}

/** States that leave nobody published. */
const EMPTY: ReadonlySet<string> = new Set([
  'NoReadyPods',
  'NoPodsFound',
  'AmbiguousLeader',
  'PortResolutionFailed',
]);

function stays({ claim, candidates = [] }: Picture, pod: string, last: Plan): string {
  const refused = candidates.find((candidate) => candidate.pod.name === pod)?.refused;
  const left = last.againAfterMs === undefined ? '' : `, for ${duration(last.againAfterMs + 999)} more`;
  if (refused !== undefined) return `pod ${pod} ${refused.note}, and is kept in its grace${left}`;
  const stays = `pod ${pod} leads, and stays`;
  if (claim !== undefined && isFrozen(claim.request)) return `${stays}: the leader is paused`;
  if (claim?.request.manual === true) return `${stays}: mode Manual, only a switchover moves it`;
  if (last.sticky === true) return `${stays}: it may lead, and the leader is sticky`;
  return `${stays}: it is the first by ${claim?.request.strategy ?? 'the order'} of those that may`;
}

function describe(write: Write): string {
  switch (write.kind) {
    case 'createSlice':
      return `create EndpointSlice ${write.name} with ${endpointText(write.body)}`;
    case 'putSlice':
      return `update EndpointSlice ${write.name}: ${endpointText(write.body)}`;
    case 'deleteSlice':
      return `delete EndpointSlice ${write.name}`;
    case 'createService':
      return `create Service ${write.name}`;
    case 'patchService':
      return `patch Service ${write.name}: ${Object.keys(write.patch).join(', ')}`;
    case 'deleteService':
      return `delete Service ${write.name}`;
  }
}

function endpointText(body: Readonly<Record<string, unknown>>): string {
  const [endpoint] = (body['endpoints'] ?? []) as { addresses: string[]; targetRef?: { name?: string } }[];
  if (endpoint === undefined) return 'no endpoint';
  return `endpoint ${endpoint.addresses.join(', ')} (pod ${endpoint.targetRef?.name ?? '?'})`;
}

/** What follows the traffic. */
function reports({ name }: Picture, { annotations, statuses }: Plan): string[] {
  return [
    ...(annotations === undefined ? [] : [`annotate Service ${name} with who leads`]),
    ...statuses.map(({ policy }) => `update the status of LeaderPolicy ${policy.name}`),
  ];
}

/** Why a pod came to lead, for people. */
export const WHY: Readonly<Record<LeaderReason, string>> = {
  Elected: 'nobody led before',
  Switchover: 'a user asked for it',
  Preferred: 'it comes before the last leader in the order',
  PodGone: 'the last leader was gone',
  NotSelected: 'the last leader no longer matched the selector',
  Terminating: 'the last leader was being deleted',
  NotRunning: 'the last leader had ended',
  Excluded: 'the last leader was excluded',
  NotReady: 'the last leader was not Ready',
  NotClaimant: 'the last leader no longer carried the label',
  AmbiguousClaim: 'more than one pod carried the label',
  NoAddress: 'the last leader had no address',
  AddressRefused: 'the address of the last leader may not be published',
  MinReadyNotReached: 'the last leader had not been Ready for long enough',
};
