/** The operator's memory: read from and written to the annotations of the slice (docs/architecture.md). */
import type { LeaderPolicyStatus } from '../api/leader-policy.ts';
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { LeaderReason } from '../api/reasons.ts';
import { SERVICE_ANNOTATION, SLICE_ANNOTATION } from '../names.ts';
import type { Memory, SwitchoverMemory } from './types.ts';

export const NOTHING: Memory = { epoch: 0 };

/**
 * What is remembered of a leader Service. The slices are authoritative, the primary family's first. The epoch never
 * goes back, and within one epoch the leader cannot be another one: a slice that says so was written by another hand.
 */
export function recall(
  slices: readonly EndpointSlice[],
  remembered: Memory | undefined,
  service: Service | undefined,
  status?: LeaderPolicyStatus,
): Memory {
  const stored = primaryFirst(slices, service).map(read).reduce(newer, undefined);
  if (remembered === undefined) return stored ?? fromWhatIsTold(status, service);
  if (stored === undefined || stored.epoch < remembered.epoch) return remembered;
  return stored.epoch > remembered.epoch ? stored : withinEpoch(slices, remembered, stored);
}

/**
 * The rest of the memory (withdrawnAt, switchover) may change. Another leader, published, may be that of another operator,
 * which remembers this epoch otherwise: the next one ends the dispute, for both take what is newer.
 */
function withinEpoch(slices: readonly EndpointSlice[], remembered: Memory, stored: Memory): Memory {
  const { epoch, podUID } = remembered;
  if (stored.podUID === podUID || (podUID === undefined && epoch > 0)) return stored;
  const endpoints = slices.flatMap((slice) => slice.endpoints);
  // A hand that edits the annotation alone is no operator.
  const isTheirs = endpoints.length === 0 || endpoints.some((endpoint) => endpoint.podUID === stored.podUID);
  return stored.podUID !== undefined && isTheirs ? { ...remembered, epoch: epoch + 1 } : remembered;
}

/** Between the writes of one plan the primary family's slice is ahead of the other one. */
function primaryFirst(
  slices: readonly EndpointSlice[],
  service: Service | undefined,
): readonly EndpointSlice[] {
  const rank = ({ addressType }: EndpointSlice): number => (addressType === service?.ipFamilies[0] ? 0 : 1);
  return [...slices].sort((a, b) => rank(a) - rank(b));
}

function newer(best: Memory | undefined, other: Memory | undefined): Memory | undefined {
  return best === undefined || (other !== undefined && other.epoch > best.epoch) ? other : best;
}

/** The slice is lost and so is this process's memory: what users are told still says who led. */
function fromWhatIsTold(status: LeaderPolicyStatus | undefined, service: Service | undefined): Memory {
  const memory = fromStatus(status);
  return memory.epoch > 0 ? memory : { ...memory, ...fromService(service) };
}

function fromService(service: Service | undefined): Memory | undefined {
  const podName = service?.annotations[SERVICE_ANNOTATION.leaderPodName];
  const podUID = service?.annotations[SERVICE_ANNOTATION.leaderPodUID];
  const since = service?.annotations[SERVICE_ANNOTATION.lastSwitchTime];
  if (podName === undefined || podUID === undefined) return undefined;
  return { epoch: 1, podName, podUID, ...(since === undefined ? {} : { since }) };
}

/** Of a policy: its status and its history know the epoch too. */
export function fromStatus(status: LeaderPolicyStatus | undefined): Memory {
  const { leader, history = [], failovers = 0 } = status ?? {};
  // With historyLimit 0 and nobody published, only the failovers tell.
  const epoch = Math.max(leader?.epoch ?? 0, history[0]?.epoch ?? 0, failovers > 0 ? failovers + 1 : 0);
  const { observedRequestId, phase } = status?.switchover ?? {};
  const switchover = parseSwitchover(`${phase ?? ''}/${observedRequestId ?? ''}`);
  const common = { epoch, ...(switchover === undefined ? {} : { switchover }) };
  if (epoch === 0 || leader?.epoch !== epoch) return common;
  const { podName, podUID, since, reason } = leader;
  return {
    ...common,
    podName,
    podUID,
    ...(since === undefined ? {} : { since }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function read(slice: EndpointSlice): Memory | undefined {
  const a = slice.annotations;
  const epoch = a[SLICE_ANNOTATION.epoch];
  if (epoch === undefined || !/^\d{1,15}$/.test(epoch)) return undefined;
  const [podName, podUID] = (a[SLICE_ANNOTATION.pod] ?? '').split('/');
  const since = a[SLICE_ANNOTATION.since];
  const reason = a[SLICE_ANNOTATION.reason];
  const withdrawnAt = a[SLICE_ANNOTATION.withdrawnAt];
  const switchover = parseSwitchover(a[SLICE_ANNOTATION.switchover]);
  return {
    epoch: Number(epoch),
    ...(podName && podUID ? { podName, podUID } : {}),
    ...(since === undefined ? {} : { since }),
    ...(reason === undefined ? {} : { reason }),
    ...(withdrawnAt === undefined ? {} : { withdrawnAt }),
    ...(switchover === undefined ? {} : { switchover }),
  };
}

/** Stored as `Completed/<request>`. */
function parseSwitchover(text: string | undefined): SwitchoverMemory | undefined {
  const match = /^(Completed|Failed)\/(.+)$/.exec(text ?? '');
  if (match === null) return undefined;
  return { outcome: match[1] as SwitchoverMemory['outcome'], request: match[2] ?? '' };
}

export function memoryAnnotations(memory: Memory): Record<string, string> {
  const { podName, podUID, since, reason, withdrawnAt, switchover } = memory;
  return {
    [SLICE_ANNOTATION.epoch]: String(memory.epoch),
    ...(podName !== undefined && podUID !== undefined
      ? { [SLICE_ANNOTATION.pod]: `${podName}/${podUID}` }
      : {}),
    ...(since === undefined ? {} : { [SLICE_ANNOTATION.since]: since }),
    ...(reason === undefined ? {} : { [SLICE_ANNOTATION.reason]: reason }),
    ...(withdrawnAt === undefined ? {} : { [SLICE_ANNOTATION.withdrawnAt]: withdrawnAt }),
    ...(switchover === undefined
      ? {}
      : { [SLICE_ANNOTATION.switchover]: `${switchover.outcome}/${switchover.request}` }),
  };
}

/** RFC 3339, as format date-time of the API server: Date.parse alone takes February 30 and 24 o'clock. */
export function isTime(text: string | undefined): text is string {
  const match = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text ?? '');
  if (match === null || Number.isNaN(Date.parse(text ?? ''))) return false;
  const [, date = ''] = match;
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** RFC 3339 with microseconds (metav1.MicroTime). */
export function microTime(epochMs: number): string {
  const micros = Math.round(epochMs * 1000);
  const tail = String(((micros % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19)}.${tail}Z`;
}

/** What is in the slice before and after a plan. */
export interface Turn {
  /** Who is published; undefined: nobody. */
  readonly pod: { readonly name: string; readonly uid: string } | undefined;
  /** Somebody was published until now. */
  readonly published: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Why it is this pod, if it is another one. */
  readonly reason: LeaderReason;
}

/** Nobody has been published since: what was there before the leader's own election counts no longer. */
export function isWithdrawn({ withdrawnAt, since }: Memory): boolean {
  return withdrawnAt !== undefined && !(Date.parse(withdrawnAt) < Date.parse(since ?? ''));
}

/** The memory after the turn. A new UID raises the epoch; withdrawing and restoring the same pod do not. */
export function remember(memory: Memory, { pod, published, now, reason }: Turn): Memory {
  const { withdrawnAt, ...rest } = memory;
  if (pod === undefined) {
    // A gap between two leaders is counted from it, so what another hand wrote there must not last for ever.
    const isKnown =
      memory.podUID === undefined || (isWithdrawn(memory) && Date.parse(withdrawnAt ?? '') <= now);
    return isKnown && !published ? memory : { ...rest, withdrawnAt: microTime(now) };
  }
  if (pod.uid === memory.podUID) return published ? memory : rest;
  return {
    ...rest,
    epoch: memory.epoch + 1,
    podName: pod.name,
    podUID: pod.uid,
    since: microTime(now),
    reason,
    // Kept where nobody led until now: from it to `since` is the outage.
    ...(published || !isWithdrawn(memory) ? {} : { withdrawnAt }),
  };
}
