/** What has to wait: the end of a grace, of a gap between two leaders, of a failback delay. All is derived from what the API holds. */
import type { Pod } from '../api/objects.ts';
import type { Candidate } from './candidates.ts';
import { readySince } from './eligibility.ts';
import { isWithdrawn } from './memory.ts';
import type { Order } from './order.ts';
import type { Request } from './request.ts';
import type { Memory } from './types.ts';

export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly request: Pick<Request, 'graceMs' | 'gapMs' | 'failbackDelayMs'>;
  readonly candidates: readonly Candidate[];
  readonly memory: Memory;
  /** Somebody is in the slice right now. */
  readonly serving: boolean;
}

/** Counted from the pod's Ready.lastTransitionTime. Without one there is no grace: it would never end. */
export function graceLeftMs(leader: Pod, { now, request }: Moment): number {
  return leader.readyChangedAt === undefined ? 0 : readySince(leader, now) + request.graceMs - now;
}

/** Until this pod may follow another one: counted from when the slice was emptied; a time ahead of ours counts as now. */
export function gapLeftMs({ uid }: Pod, { now, request, memory, serving }: Moment): number {
  if (request.gapMs === 0 || memory.podUID === undefined || memory.podUID === uid) return 0;
  const withdrawnAt = Date.parse(memory.withdrawnAt ?? '');
  if (serving || !isWithdrawn(memory) || Number.isNaN(withdrawnAt)) return request.gapMs;
  return Math.min(withdrawnAt, now) + request.gapMs - now;
}

/** Who leads where the order may move an eligible leader: the best of those that have been Ready for long enough. */
export function failback(
  current: Pod,
  order: Order,
  { now, request, candidates }: Moment,
): { pod: Pod; inMs?: number } {
  let pod = current;
  let inMs: number | undefined;
  for (const { pod: other, refused } of candidates) {
    if (refused !== undefined || order(other, current) >= 0) continue;
    const left = readySince(other, now) + request.failbackDelayMs - now;
    if (left > 0) inMs = Math.min(left, inMs ?? Infinity);
    else if (order(other, pod) < 0) pod = other;
  }
  return inMs === undefined ? { pod } : { pod, inMs };
}
