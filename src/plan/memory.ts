/** The operator's memory: read from and written to the annotations of the slice (docs/architecture.md). */
import type { EndpointSlice, Service } from '../api/objects.ts';
import { SERVICE_ANNOTATION, SLICE_ANNOTATION } from '../names.ts';
import type { Memory, SwitchoverMemory } from './types.ts';

export const NOTHING: Memory = { epoch: 0 };

/**
 * What is remembered of a leader Service. The slices are authoritative, the primary family's first. The epoch never
 * goes back, and within one epoch the leader cannot be another one: a slice that says so was edited by hand.
 */
export function recall(
  slices: readonly EndpointSlice[],
  remembered: Memory | undefined,
  service: Service | undefined,
): Memory {
  const stored = primaryFirst(slices, service).map(read).reduce(newer, undefined);
  if (remembered === undefined) return stored ?? fromService(service) ?? NOTHING;
  if (stored === undefined || stored.epoch < remembered.epoch) return remembered;
  // Within an epoch the rest of the memory (withdrawnAt, switchover) may change.
  return stored.epoch > remembered.epoch || stored.podUID === remembered.podUID ? stored : remembered;
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

/** The slice is lost and so is this process's memory: the leader Service still says who led. */
function fromService(service: Service | undefined): Memory | undefined {
  const podName = service?.annotations[SERVICE_ANNOTATION.leaderPodName];
  const podUID = service?.annotations[SERVICE_ANNOTATION.leaderPodUID];
  const since = service?.annotations[SERVICE_ANNOTATION.lastSwitchTime];
  if (podName === undefined || podUID === undefined) return undefined;
  return { epoch: 1, podName, podUID, ...(since === undefined ? {} : { since }) };
}

function read(slice: EndpointSlice): Memory | undefined {
  const a = slice.annotations;
  const epoch = a[SLICE_ANNOTATION.epoch];
  if (epoch === undefined || !/^\d{1,15}$/.test(epoch)) return undefined;
  const [podName, podUID] = (a[SLICE_ANNOTATION.pod] ?? '').split('/');
  const since = a[SLICE_ANNOTATION.since];
  const withdrawnAt = a[SLICE_ANNOTATION.withdrawnAt];
  const switchover = parseSwitchover(a[SLICE_ANNOTATION.switchover]);
  return {
    epoch: Number(epoch),
    ...(podName && podUID ? { podName, podUID } : {}),
    ...(since === undefined ? {} : { since }),
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
  const { podName, podUID, since, withdrawnAt, switchover } = memory;
  return {
    [SLICE_ANNOTATION.epoch]: String(memory.epoch),
    ...(podName !== undefined && podUID !== undefined
      ? { [SLICE_ANNOTATION.pod]: `${podName}/${podUID}` }
      : {}),
    ...(since === undefined ? {} : { [SLICE_ANNOTATION.since]: since }),
    ...(withdrawnAt === undefined ? {} : { [SLICE_ANNOTATION.withdrawnAt]: withdrawnAt }),
    ...(switchover === undefined
      ? {}
      : { [SLICE_ANNOTATION.switchover]: `${switchover.outcome}/${switchover.request}` }),
  };
}

/** RFC 3339 with microseconds (metav1.MicroTime). */
export function microTime(epochMs: number): string {
  const micros = Math.round(epochMs * 1000);
  const tail = String(((micros % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19)}.${tail}Z`;
}

/**
 * The memory once `pod` is published (or, for undefined, once nobody is).
 * A new UID raises the epoch; withdrawing and restoring the same pod do not.
 */
export function remember(
  memory: Memory,
  pod: { name: string; uid: string } | undefined,
  published: boolean,
  now: number,
): Memory {
  const { withdrawnAt, ...rest } = memory;
  if (pod === undefined) return published ? { ...rest, withdrawnAt: microTime(now) } : memory;
  if (pod.uid === memory.podUID) return published ? memory : rest;
  return {
    ...rest,
    epoch: memory.epoch + 1,
    podName: pod.name,
    podUID: pod.uid,
    since: microTime(now),
    // Kept where nobody led until now: from it to `since` is the outage.
    ...(published || withdrawnAt === undefined ? {} : { withdrawnAt }),
  };
}
