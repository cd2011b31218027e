/** What a client met, and where the leader Service led, in a stretch of time. Pure. */
import { hasFailed, type Attempt } from '../client/lines.ts';
import type { Failure } from '../client/attempt.ts';
import type { Sighting } from '../measure/sightings.ts';

export interface Traffic {
  readonly connections: number;
  readonly failed: Readonly<Partial<Record<Failure, number>>>;
  /** Milliseconds. */
  readonly slowest: number;
}

/** @param from CLOCK_MONOTONIC, milliseconds, as `to`: of connections that began in between */
export function trafficOf(attempts: readonly Attempt[], from: number, to: number): Traffic {
  const all = attempts.filter(({ at }) => at >= from && at <= to);
  const failed: Partial<Record<Failure, number>> = {};
  for (const each of all) if (hasFailed(each)) failed[each.error] = (failed[each.error] ?? 0) + 1;
  return { connections: all.length, failed, slowest: Math.max(0, ...all.map(({ ms }) => ms)) };
}

/**
 * UIDs of the pods to which the leader Service led, one after the other; undefined while it led to nobody. The first is the
 * one that led when it began.
 */
export function reignsOf(sightings: readonly Sighting[], from: number, to: number): (string | undefined)[] {
  const reigns: (string | undefined)[] = [];
  for (const each of sightings) {
    if (each.what !== 'leader' || each.at > to) continue;
    const [uid] = each.ready;
    if (each.at < from) reigns.splice(0, reigns.length, uid);
    else if (reigns.length === 0 || reigns.at(-1) !== uid) reigns.push(uid);
  }
  return reigns;
}
