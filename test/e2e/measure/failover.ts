/** From everything that was seen to the times of one failover. Pure. */
import { endOf, hasFailed, type Attempt } from '../client/lines.ts';
import type { Failure } from '../client/attempt.ts';
import type { PodSighting, RulesSighting, Sighting, SliceSighting } from './sightings.ts';

export interface Act {
  /** What was done to the leader. */
  readonly name: string;
  /** When: CLOCK_MONOTONIC, milliseconds. */
  readonly at: number;
  readonly leader: { readonly name: string; readonly uid: string; readonly ip: string };
}

/** One new connection of the client; begin and end as below. */
export interface Connection {
  readonly began: number;
  readonly ended: number;
  /** Who answered; `other` is neither the old leader nor the new one. Not there where it failed. */
  readonly by?: 'old' | 'new' | 'other';
  readonly error?: Failure;
}

/** Times in milliseconds since the act. */
export interface Failover {
  readonly act: string;
  readonly from: string;
  readonly to: string;
  /** The API server's first word that the pod is not Ready, terminating or gone. Not there where it never said so. */
  readonly notReady?: number;
  /** The leader slice names another pod. */
  readonly slice: number;
  /** The slice was empty before. */
  readonly withdrawn: boolean;
  /** kube-controller-manager's own slice has the pod as not ready. */
  readonly source?: number;
  /** That was written before the leader slice. */
  readonly sourceFirst: boolean;
  /** kube-proxy's rules lead to the new pod. */
  readonly rules: number;
  /** The first new connection that the new pod answered. */
  readonly answer: number;
  /** All that were under way between the act and `TAIL_MS` after the first answer, in the order in which they ended. */
  readonly connections: readonly Connection[];
}

/** So long after the first answer a connection that fails is still the failover's. */
export const TAIL_MS = 200;

/** Undefined while something is still to come. A connection is counted once it has ended: wait for the client's time-out. */
export function failoverOf(
  act: Act,
  sightings: readonly Sighting[],
  attempts: readonly Attempt[],
): Failover | undefined {
  const seen = sightings.filter(({ at }) => at >= act.at);
  const slice = seen.find((each) => isSlice(each, 'leader') && namesAnother(each, act.leader.uid));
  if (slice?.what !== 'leader') return undefined;
  const address = slice.addresses[0] ?? '';
  const rules = seen.find((each): each is RulesSighting => each.what === 'rules' && each.address === address);
  const answer = firstAnswer(act, address, attempts);
  if (rules === undefined || answer === undefined) return undefined;
  const lost = seen.find(
    (each): each is PodSighting => isPod(each) && each.uid === act.leader.uid && !each.fit,
  );
  const source = seen.find((each) => isSlice(each, 'source') && !each.ready.includes(act.leader.uid)) as
    SliceSighting | undefined;
  const since = (at: number): number => at - act.at;
  return {
    act: act.name,
    from: act.leader.name,
    to: nameOf(slice.ready[0], sightings),
    ...(lost !== undefined && { notReady: since(lost.at) }),
    slice: since(slice.at),
    withdrawn: seen.some((each) => isSlice(each, 'leader') && each.at < slice.at && each.ready.length === 0),
    ...(source !== undefined && { source: since(source.at) }),
    sourceFirst: source !== undefined && source.resourceVersion < slice.resourceVersion,
    rules: since(rules.at),
    answer: since(endOf(answer)),
    connections: attempts
      .filter((each) => endOf(each) >= act.at && each.at <= endOf(answer) + TAIL_MS)
      .map((each) => connectionOf(each, act, address)),
  };
}

/** Those that were not answered. */
export function failed({ connections }: Failover): readonly Connection[] {
  return connections.filter(({ error }) => error !== undefined);
}

function connectionOf(each: Attempt, { at, leader }: Act, address: string): Connection {
  const [began, ended] = [each.at - at, endOf(each) - at];
  if (hasFailed(each)) return { began, ended, error: each.error };
  return { began, ended, by: each.server === leader.ip ? 'old' : each.server === address ? 'new' : 'other' };
}

/** Begun after the act, and the first to be through: an old connection may be answered late, a new one early. */
function firstAnswer(act: Act, address: string, attempts: readonly Attempt[]): Attempt | undefined {
  const answered = attempts.filter(
    (each) => each.at >= act.at && !hasFailed(each) && each.server === address,
  );
  return answered.reduce<Attempt | undefined>(
    (first, each) => (first === undefined || endOf(each) < endOf(first) ? each : first),
    undefined,
  );
}

function isPod(each: Sighting): each is PodSighting {
  return each.what === 'pod';
}

function isSlice(each: Sighting, what: SliceSighting['what']): each is SliceSighting {
  return each.what === what;
}

function namesAnother({ ready }: SliceSighting, uid: string): boolean {
  return ready[0] !== undefined && ready[0] !== uid;
}

function nameOf(uid: string | undefined, sightings: readonly Sighting[]): string {
  return sightings.filter(isPod).find((each) => each.uid === uid)?.name ?? '';
}
