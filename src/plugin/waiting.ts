/** Waiting for the operator: it is looked at again and again, with no right but to read the EndpointSlice. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointSlice } from '../api/objects.ts';
import { sliceName, type AddressType } from '../names.ts';
import { NOTHING, recall } from '../plan/memory.ts';
import type { Memory } from '../plan/types.ts';
import { projectEndpointSlice } from '../watch/projections.ts';
import type { Api } from './api.ts';

/** Milliseconds. A switchover takes tens of them. */
const INTERVAL_MS = 100;

export interface Published {
  readonly slice?: EndpointSlice;
  readonly memory: Memory;
  /** Name of the pod that leads. */
  readonly pod?: string;
}

/** What the operator's slice says now. */
export async function published(
  api: Api,
  namespace: string,
  leaderService: string,
  family: AddressType,
): Promise<Published> {
  const raw = await api.get('endpointslices', namespace, sliceName(leaderService, family));
  if (raw === undefined) return { memory: NOTHING };
  const slice = projectEndpointSlice(raw);
  const pod = slice.endpoints[0]?.podName;
  return { slice, memory: recall([slice], undefined, undefined), ...(pod === undefined ? {} : { pod }) };
}

/** @returns what `look` found as soon as it found anything; undefined when the time is up. `signal` ends it with its reason. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined || performance.now() >= deadline) return found;
    await sleep(INTERVAL_MS, undefined, { signal });
  }
}
