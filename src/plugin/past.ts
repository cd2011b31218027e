/** Who led before: from the policy's status, else from the memory in the slice and Events. */
import type { LeaderPolicyHistoryEntry } from '../api/leader-policy.ts';
import { isTime } from '../plan/memory.ts';
import type { Api } from './api.ts';
import { CommandFailure } from './failure.ts';
import type { Picture } from './picture.ts';

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
interface RawEvent {
  readonly eventTime?: string | null;
  readonly reason?: string;
  readonly note?: string;
  readonly regarding?: { readonly uid?: string } | null;
  readonly related?: { readonly name?: string; readonly uid?: string } | null;
}

export async function pastOf(api: Api, picture: Picture): Promise<Past> {
  const policy = picture.claim?.request.policy;
  if (policy !== undefined) {
    const { history = [] } = policy.status;
    return { entries: history.map(fromStatus), source: `status of LeaderPolicy ${policy.name}` };
  }
  try {
    const events = (await api.list('events', picture.namespace, {
      fieldSelector: `regarding.kind=Service,regarding.name=${picture.sourceName}`,
    })) as RawEvent[];
    const source =
      'the EndpointSlice and Events, which the API server keeps for an hour by default; a LeaderPolicy keeps a history';
    return { entries: fromEvents(picture, events), source };
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.kind !== 'forbidden') throw error;
    return { entries: remembered(picture), source: `the EndpointSlice alone, because ${error.message}` };
  }
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

/** Those of the Service as it is now: another one may have had its name. Several leader Services of one source share them. */
export function fromEvents(picture: Picture, events: readonly RawEvent[]): PastEntry[] {
  const { memory, claim } = picture;
  const uid = claim?.request.requester.uid;
  const told = events
    .filter(({ reason, regarding }) => isChange(reason) && regarding?.uid === uid)
    .sort((a, b) => ((a.eventTime ?? '') < (b.eventTime ?? '') ? 1 : -1));
  const [last] = remembered(picture);
  const at = told.findIndex(({ related }) => related?.uid === memory.podUID);
  const entries = told.map((event, index) => ({ ...fromEvent(event), ...(index === at ? last : {}) }));
  // An Event follows the write of the slice, and may be refused or have run out.
  return at === 0 || last === undefined ? entries : [last, ...entries.filter((_, index) => index !== at)];
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
