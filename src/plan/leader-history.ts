/** The history of leaders: one entry for each epoch, whatever was written and told in between. */
import type { LeaderPolicyHistoryEntry, LeaderPolicyStatus } from '../api/leader-policy.ts';
import { isTime } from './memory.ts';
import type { LeaderChange, Memory } from './types.ts';

/** As many as a status may have (maxItems of the CRD). */
const MAX_ENTRIES = 100;

export interface Past {
  /** What the policy's status tells. */
  readonly status: LeaderPolicyStatus;
  /** What this process remembers. */
  readonly remembered: readonly LeaderPolicyHistoryEntry[];
}

/**
 * Newest first. An entry is made of the memory in the slice, so that a crash between the slice and the status loses none;
 * one that is there already is not made again.
 */
export function historyOf(
  past: Past,
  next: Memory,
  change: LeaderChange | undefined,
): readonly LeaderPolicyHistoryEntry[] {
  // An epoch that the slice has not come to yet was written by another hand.
  const known = merge(past.status.history ?? [], past.remembered).filter(({ epoch }) => epoch <= next.epoch);
  const newest = known[0];
  const { podName, since } = next;
  if (podName === undefined || !isTime(since) || next.epoch <= (newest?.epoch ?? 0)) return known;
  const from = leaderBefore(past, newest, next, change);
  const entry: LeaderPolicyHistoryEntry = {
    epoch: next.epoch,
    ...(from === undefined ? {} : { from }),
    to: podName,
    reason: next.reason ?? 'Unknown',
    time: since,
    durationMilliseconds: outageMs(next),
  };
  return [entry, ...known].slice(0, MAX_ENTRIES);
}

/** The name, as far as it is known. A leader that was withdrawn and comes back is none before itself. */
function leaderBefore(
  { status: { leader } }: Past,
  newest: LeaderPolicyHistoryEntry | undefined,
  next: Memory,
  change: LeaderChange | undefined,
): string | undefined {
  if (change?.from !== undefined && change.from.uid !== next.podUID) return change.from.name;
  // One of whom nothing was told may have led in between.
  const isBefore = ({ epoch }: { epoch: number }): boolean => epoch === next.epoch - 1;
  if (newest !== undefined && isBefore(newest)) return newest.to;
  return leader !== undefined && isBefore(leader) ? leader.podName : undefined;
}

/** What is told stays told: of two processes that remember one epoch differently, each would else put the other right for ever. */
function merge(
  told: readonly LeaderPolicyHistoryEntry[],
  remembered: readonly LeaderPolicyHistoryEntry[],
): readonly LeaderPolicyHistoryEntry[] {
  const byEpoch = new Map([...remembered, ...told].map((entry) => [entry.epoch, entry]));
  return [...byEpoch.values()].sort((left, right) => right.epoch - left.epoch).slice(0, MAX_ENTRIES);
}

/** How long nobody was published before this leader; 0 where it followed in the same write. */
function outageMs({ withdrawnAt, since }: Memory): number {
  const ms = Date.parse(since ?? '') - Date.parse(withdrawnAt ?? '');
  return ms > 0 ? Math.round(ms) : 0;
}
