/** What goes into a plan and what comes out: plain values, no behaviour. */
import type { LeaderPolicyHistoryEntry } from '../api/leader-policy.ts';
import type { EndpointSlice, ObjectReference, Pod, Service } from '../api/objects.ts';
import type { EventReason, FailoverReason } from '../api/reasons.ts';
import type { Request, Requester } from './request.ts';

/** Somebody who wants the leader Service name of this plan, and the pods that the selector of the source matches. */
export interface Claim {
  readonly request: Request;
  readonly pods: readonly Pod[];
}

export interface Input {
  /** Wall clock, epoch milliseconds. */
  readonly now: number;
  readonly namespace: string;
  /** Name of the leader Service. */
  readonly name: string;
  readonly claims: readonly Claim[];
  /** The Service that has the name now, whoever made it. */
  readonly actual?: Service;
  /** The live Service or LeaderPolicy that `actual` names as its controller, found by UID. */
  readonly owner?: Requester;
  /** A LeaderPolicy that is not known does not exist: they have been listed, or there is no such resource. */
  readonly policiesKnown: boolean;
  /** Slices labelled for the name or carrying one of our slice names, but those of kube-controller-manager. */
  readonly slices: readonly EndpointSlice[];
  /** Slices that kube-controller-manager made for `actual` because somebody gave it a selector. */
  readonly kcmSlices: readonly EndpointSlice[];
  /** What this process remembers of the name; outlives a slice that is deleted or edited by hand. */
  readonly remembered?: Memory;
  /** Changes of the leader that this process remembers, newest first; a status may not tell of them yet. */
  readonly history?: readonly LeaderPolicyHistoryEntry[];
  /** The pod that leads by memory, if it lives, whether the selector still matches it or not. */
  readonly leaderPod?: Pod;
}

/** The operator's memory of one leader Service; kept in the slice's annotations. */
export interface Memory {
  /** One more whenever another UID is published than the last one; 0 before the first. */
  readonly epoch: number;
  readonly podName?: string;
  readonly podUID?: string;
  /** RFC 3339 with microseconds, as stored. */
  readonly since?: string;
  /** Why this pod and no longer the one before: a LeaderReason, or what a later version wrote. */
  readonly reason?: string;
  readonly withdrawnAt?: string;
  /** Last handled switchover. */
  readonly switchover?: SwitchoverMemory;
}

export interface SwitchoverMemory {
  readonly request: string;
  readonly outcome: 'Completed' | 'Failed';
}

export interface PlanEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: EventReason;
  /** At most 1,024 characters (events.k8s.io/v1). */
  readonly note: string;
  /** The Service or LeaderPolicy that the Event is about. */
  readonly about: ObjectReference;
  /** Tells two happenings with one note apart; part of the Event's name. */
  readonly id?: string;
  readonly pod?: { readonly name: string; readonly uid: string };
}

/** A JSON body for the API server. */
export type Body = Readonly<Record<string, unknown>>;

export type Write =
  | {
      readonly kind: 'putSlice';
      readonly name: string;
      readonly resourceVersion: string;
      readonly body: Body;
    }
  | { readonly kind: 'createSlice'; readonly name: string; readonly body: Body }
  | { readonly kind: 'deleteSlice'; readonly name: string; readonly uid: string }
  | { readonly kind: 'createService'; readonly name: string; readonly body: Body }
  | { readonly kind: 'patchService'; readonly name: string; readonly patch: Body }
  | {
      readonly kind: 'deleteService';
      readonly name: string;
      readonly uid: string;
      /** Where any change of the Service is a reason to think again. */
      readonly resourceVersion?: string;
    };

/** What a LeaderPolicy's status is still to say. */
export interface StatusUpdate {
  readonly policy: ObjectReference;
  /** Of the policy that was seen: what is owed to a later one may be something else. */
  readonly resourceVersion: string;
  /** A JSON merge patch of `status`. */
  readonly patch: Body;
}

/** A change of the published leader, told once the slice is written. */
export interface LeaderChange {
  readonly from?: { readonly name: string; readonly uid: string };
  readonly to?: { readonly name: string; readonly uid: string };
  readonly epoch: number;
  /** Absent for a first election and when the same pod comes back. */
  readonly reason?: FailoverReason;
}

/** What a leader Service looks like when the writes are through: what metrics show. */
export interface Outlook {
  readonly namespace: string;
  /** The source Service. */
  readonly service: string;
  readonly leaderService: string;
  /** Whether anybody is published: then `pod`, and its node where it has one. */
  readonly published: boolean;
  /** A pod is chosen that lacks a port, so nobody is published. */
  readonly portsUnresolved: boolean;
  readonly pod?: string;
  readonly node?: string;
  readonly epoch: number;
  /** Eligible pods, the leader included. */
  readonly podsAvailable: number;
  /** When the last leader began to lead: epoch milliseconds. */
  readonly sinceMs?: number;
}

export interface Plan {
  /** In the order in which they are to be done; the first failure ends the apply. */
  readonly writes: readonly Write[];
  /** The writes only prepare (a Service was made or removed): plan again with the fresh caches. */
  readonly again: boolean;
  readonly memory: Memory;
  readonly change?: LeaderChange;
  /** Events that become true when the writes are through. */
  readonly happened: readonly PlanEvent[];
  /** Events of lasting states: told when the state begins, not again while it lasts. */
  readonly states: readonly PlanEvent[];
  /** Annotations owed to the leader Service (null removes); absent when they are right. */
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly outlook?: Outlook;
  /** Of the policies that claim the name; those that are right are left out. */
  readonly statuses: readonly StatusUpdate[];
  /** Newest first; what `Input.history` is to be next time. */
  readonly history?: readonly LeaderPolicyHistoryEntry[];
  /** The sticky rule was asked: true when it kept the leader, false when a lost leader left it nothing to keep. */
  readonly sticky?: boolean;
  /** Plan again after so many milliseconds even if nothing happens. */
  readonly againAfterMs?: number;
}
