import type { EndpointPort, Pod, Service } from '../api/objects.ts';
import type { Candidate } from './candidates.ts';
import type { Decision } from './leader.ts';
import type { Slices } from './slices.ts';
import type { Claim, Input, LeaderChange, Memory } from './types.ts';

/** Everything that is known once the decision is made. */
export interface Scene {
  readonly input: Input;
  readonly claim: Claim;
  readonly actual: Service;
  readonly slices: Slices;
  readonly candidates: readonly Candidate[];
  readonly decision: Decision;
  /** The memory before and after the writes. */
  readonly memory: Memory;
  readonly next: Memory;
  /** Who is in the slice when the writes are through; undefined: nobody. */
  readonly pod?: Pod;
  readonly ports: readonly EndpointPort[];
  /** The chosen pod has not all of the ports: names the port and the pod. */
  readonly unresolved?: string;
  readonly change?: LeaderChange;
}
