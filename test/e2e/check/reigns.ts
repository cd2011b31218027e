/**
 * Who was the primary when, by the writes that were acknowledged alone: nobody's word but the client's is needed.
 */
import { acknowledged, type Acknowledged, type Write } from './write.ts';

/** One server as the primary of one timeline. A server that is promoted again has another one. */
export interface Reign {
  readonly address: string;
  readonly timeline: number;
  readonly system: string;
  readonly writes: number;
  /** Milliseconds: at this moment one of its writes was surely committed. */
  readonly firstAcknowledged: number;
  /** Milliseconds: one of its writes was surely not committed before. */
  readonly lastStarted: number;
}

/** In the order of their first acknowledged write. */
export function reigns(writes: readonly Write[]): Reign[] {
  const byServer = Map.groupBy(acknowledged(writes), ({ by }) => `${by.address}/${by.timeline}/${by.system}`);
  return [...byServer.values()]
    .map(reignOf)
    .sort((a, b) => a.firstAcknowledged - b.firstAcknowledged || a.timeline - b.timeline);
}

function reignOf(writes: readonly Acknowledged[]): Reign {
  const { address, timeline, system } = writes[0]!.by;
  return {
    address,
    timeline,
    system,
    writes: writes.length,
    firstAcknowledged: Math.min(...writes.map(({ endedAt }) => endedAt)),
    lastStarted: Math.max(...writes.map(({ startedAt }) => startedAt)),
  };
}

/** One sentence for each thing that two primaries at once, or a standby that writes, would leave behind. Empty: one at a time. */
export function splitBrain(writes: readonly Write[]): string[] {
  const all = reigns(writes);
  const standbys = all.filter(({ address, timeline }) =>
    acknowledged(writes).some(
      ({ by }) => by.inRecovery && by.address === address && by.timeline === timeline,
    ),
  );
  return [
    ...standbys.map((reign) => `${nameOf(reign)} took writes in recovery`),
    ...all.flatMap((a, index) => all.slice(index + 1).flatMap((b) => conflict(a, b))),
  ];
}

/**
 * A write was committed at some moment between its start and its acknowledgement. All writes of one reign can have come before
 * all of another only if each of the former was started before each of the latter was acknowledged.
 */
function conflict(a: Reign, b: Reign): string[] {
  const pair = `${nameOf(a)} and ${nameOf(b)}`;
  if (a.system !== b.system) return [`${pair} are not one database`];
  if (a.timeline === b.timeline) return [`${pair} wrote on one timeline`];
  const [older, newer] = a.timeline < b.timeline ? [a, b] : [b, a];
  if (older.lastStarted <= newer.firstAcknowledged) return [];
  return [
    newer.lastStarted <= older.firstAcknowledged
      ? `${nameOf(older)} wrote after ${nameOf(newer)}, on the older timeline`
      : `${pair} wrote in turns`,
  ];
}

function nameOf({ address, timeline }: Reign): string {
  return `${address} on timeline ${timeline}`;
}
