/** One line of `kubectl leader list`; the head of `status`. */
import { isTime } from '../plan/memory.ts';
import type { Picture, State } from './picture.ts';
import type { Snapshot } from './snapshot.ts';

/** What -o json and -o yaml give of a leader Service; null: not known, or not there. */
export interface Summary {
  readonly namespace: string;
  readonly leaderService: string;
  /** The source Service. */
  readonly service: string;
  /** Who asks for it: the source by its annotations, or a LeaderPolicy. */
  readonly by: { readonly kind: 'Service' | 'LeaderPolicy'; readonly name: string };
  readonly state: State;
  readonly strategy: string | null;
  readonly leader: Leader | null;
  /** null where pods cannot be read and no LeaderPolicy tells. */
  readonly candidates: { readonly eligible: number; readonly total: number } | null;
  /** How often the leader has changed; the first election does not count. */
  readonly failovers: number | null;
}

export interface Leader {
  readonly pod: string;
  readonly uid: string | null;
  readonly node: string | null;
  readonly zone: string | null;
  readonly address: string | null;
  /** RFC 3339. */
  readonly since: string | null;
  readonly epoch: number | null;
  readonly reason: string | null;
}

export function summaryOf(picture: Picture, { reads }: Pick<Snapshot, 'reads'>): Summary {
  const { namespace, name, sourceName, by, state, claim, memory } = picture;
  // The leader Service itself does not tell how many leaders there have been.
  const knowsEpoch = reads.slices || claim?.request.policy?.status.leader !== undefined;
  return {
    namespace,
    leaderService: name,
    service: sourceName,
    by,
    state,
    strategy: claim?.request.strategy ?? null,
    leader: leaderOf(picture, knowsEpoch),
    candidates: countsOf(picture),
    failovers: knowsEpoch ? Math.max(0, memory.epoch - 1) : null,
  };
}

function leaderOf({ leader, endpoint, memory }: Picture, knowsEpoch: boolean): Leader | null {
  if (leader === undefined) return null;
  const isRemembered = memory.podName === leader;
  return {
    pod: leader,
    uid: endpoint?.podUID ?? null,
    node: endpoint?.nodeName ?? null,
    zone: endpoint?.zone ?? null,
    address: endpoint?.addresses[0] ?? null,
    since: isRemembered && isTime(memory.since) ? memory.since : null,
    epoch: isRemembered && knowsEpoch ? memory.epoch : null,
    reason: isRemembered ? (memory.reason ?? null) : null,
  };
}

function countsOf({ candidates, claim }: Picture): Summary['candidates'] {
  if (candidates === undefined) {
    const told = claim?.request.policy?.status.candidates;
    return told === undefined ? null : { eligible: told.eligible, total: told.total };
  }
  const eligible = candidates.filter(({ refused }) => refused === undefined).length;
  return { eligible, total: candidates.length };
}
