/** Who led before: from the policy's status, else from the memory in the slice and Events. */
import type { LeaderPolicyHistoryEntry } from '../api/leader-policy.ts';
import { isTime } from '../plan/memory.ts';
import type { Api } from './api.ts';
import { CommandFailure } from './failure.ts';
import type { Picture } from './picture.ts';
import type { Snapshot } from './snapshot.ts';

export interface PastEntry {
  /** RFC 3339. */
  readonly time: string;
  /** Absent where only an Event tells of it. */
  readonly epoch?: number;
  /** Absent for a first election, and where it is not known. */
  readonly from?: string;
  readonly to: string;
  readonly reason?: string;
  /** How long nobody led before, milliseconds. */
  readonly durationMilliseconds?: number;
  /** What the Event says. */
  readonly note?: string;
}

export interface Past {
  /** Newest first. */
  readonly entries: readonly PastEntry[];
  /** Where they come from, and what that means. */
  readonly source: string;
}

/** The part of an events.k8s.io/v1 Event that is read. */
export interface RawEvent {
  readonly eventTime?: string | null;
  readonly reason?: string;
  readonly note?: string;
  readonly regarding?: { readonly uid?: string } | null;
  readonly related?: { readonly name?: string; readonly uid?: string } | null;
}

/** @param rivals names of the LeaderPolicies of the same source, whose Events are on the source too */
export async function pastOf(api: Api, picture: Picture, rivals: readonly string[]): Promise<Past> {
  const policy = picture.claim?.request.policy;
  if (policy !== undefined) {
    const { history = [] } = policy.status;
    return { entries: history.map(fromStatus), source: `the status of LeaderPolicy ${policy.name}` };
  }
  try {
    const { namespace, sourceName } = picture;
    const [own, ...others] = await Promise.all([
      eventsOf(api, namespace, 'Service', sourceName),
      ...rivals.map((rival) => eventsOf(api, namespace, 'LeaderPolicy', rival)),
    ]);
    return { entries: fromEvents(picture, own, others.flat()), source: FROM_EVENTS };
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.kind !== 'forbidden') throw error;
    return { entries: remembered(picture), source: `the EndpointSlice alone: ${error.message}` };
  }
}

const FROM_EVENTS =
  'the EndpointSlice and Events, which the API server keeps for an hour by default; a LeaderPolicy keeps a history';

async function eventsOf(api: Api, namespace: string, kind: string, name: string): Promise<RawEvent[]> {
  const query = { fieldSelector: `regarding.kind=${kind},regarding.name=${name}` };
  return (await api.list('events', namespace, query)) as RawEvent[];
}

function fromStatus({
  time,
  epoch,
  from,
  to,
  reason,
  durationMilliseconds,
}: LeaderPolicyHistoryEntry): PastEntry {
  return {
    time,
    epoch,
    ...(from === undefined ? {} : { from }),
    to,
    reason,
    ...(durationMilliseconds === undefined ? {} : { durationMilliseconds }),
  };
}

/** The last leadership, as the slice remembers it. */
function remembered({ memory }: Picture): PastEntry[] {
  const { epoch, podName, since, reason, withdrawnAt } = memory;
  if (podName === undefined || !isTime(since)) return [];
  const outage = Date.parse(since) - Date.parse(withdrawnAt ?? '');
  return [
    {
      time: since,
      epoch,
      to: podName,
      ...(reason === undefined ? {} : { reason }),
      ...(outage > 0 ? { durationMilliseconds: outage } : {}),
    },
  ];
}

/**
 * Those of the Service as it is now: another one may have had its name.
 * @param others what LeaderPolicies of the same source were told of
 */
export function fromEvents(
  picture: Picture,
  events: readonly RawEvent[],
  others: readonly RawEvent[] = [],
): PastEntry[] {
  const { memory, claim } = picture;
  const uid = claim?.request.requester.uid;
  const ofSource = events.filter(({ reason, regarding }) => isChange(reason) && regarding?.uid === uid);
  const told = others
    .reduce(withoutSameChange, ofSource)
    .sort((a, b) => newestFirst(a.eventTime ?? '', b.eventTime ?? ''));
  const [last] = remembered(picture);
  const at = told.findIndex(({ related }) => related?.uid === memory.podUID);
  const entries = told.map((event, index) => ({ ...fromEvent(event), ...(index === at ? last : {}) }));
  // An Event follows the write of the slice, and may be refused or have run out.
  const all = last === undefined || at !== -1 ? entries : [last, ...entries];
  return all.sort((a, b) => newestFirst(a.time, b.time));
}

/** One change is told to all that it concerns, within moments. */
const SAME_MS = 5_000;

/** One Event for each of the other's, the nearest: two leader Services often have the same change at the same time. */
function withoutSameChange(events: readonly RawEvent[], other: RawEvent): RawEvent[] {
  const [nearest] = events
    .filter((event) => isSameChange(event, other))
    .sort((a, b) => apartMs(a, other) - apartMs(b, other));
  return events.filter((event) => event !== nearest);
}

function isSameChange(a: RawEvent, b: RawEvent): boolean {
  return a.note === b.note && a.related?.uid === b.related?.uid && apartMs(a, b) < SAME_MS;
}

function apartMs(a: RawEvent, b: RawEvent): number {
  return Math.abs(Date.parse(a.eventTime ?? '') - Date.parse(b.eventTime ?? ''));
}

/** RFC 3339 times of one form sort as text. */
function newestFirst(a: string, b: string): number {
  return a < b ? 1 : Number(a > b) * -1;
}

function isChange(reason: string | undefined): boolean {
  return reason === 'LeaderElected' || reason === 'LeaderChanged';
}

function fromEvent({ eventTime, reason, note = '', related }: RawEvent): PastEntry {
  const from = /\bleads instead of ([^\s:]+)/.exec(note)?.[1];
  return {
    time: eventTime ?? '',
    ...(from === undefined ? {} : { from }),
    to: related?.name ?? '',
    ...(reason === 'LeaderElected' ? { reason: 'Elected' } : {}),
    note,
  };
}

/** LeaderPolicies that name the source. */
export function rivalsOf({ view }: Snapshot, { namespace, sourceName }: Picture): readonly string[] {
  return [...view.stores.policies.values(namespace)]
    .filter(({ serviceName }) => serviceName === sourceName)
    .map(({ name }) => name);
}
