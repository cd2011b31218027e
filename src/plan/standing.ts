import type { LeaderPolicyHistoryEntry } from '../api/leader-policy.ts';
import type { Pod } from '../api/objects.ts';
import type { Candidate } from './candidates.ts';
import type { Request } from './request.ts';
import type { SwitchoverVerdict } from './switchover.ts';
import type { Memory, PlanEvent } from './types.ts';

/** What a status tells of, when the writes of the plan are through. */
export interface Standing {
  readonly now: number;
  readonly request: Request;
  /** Of the leader Service that is there. */
  readonly leaderServiceName?: string;
  readonly candidates: readonly Candidate[];
  /** Who is published. */
  readonly pod?: Pod;
  /** Nobody is published for a while, and then this pod. */
  readonly next?: Pod;
  /** Its address, as published. */
  readonly address?: string;
  readonly memory: Memory;
  readonly history: readonly LeaderPolicyHistoryEntry[];
  readonly states: readonly PlanEvent[];
  readonly switchover?: SwitchoverVerdict;
}
