/**
 * What somebody asks for: one leader Service and how its leader is chosen. Annotations and policies are parsed into this
 * one form, and everything after it is one code path. A value that is not accepted is never guessed at: it becomes a
 * problem, and a request with a problem is treated as paused.
 */
import type { LeaderPolicy, ObjectReference, Service, ServicePort, StringMap } from '../api/objects.ts';
import type { AddressType } from '../names.ts';

export const ANNOTATION_STRATEGIES = ['OldestReady', 'Ordinal', 'Priority'] as const;
export const STRATEGIES = [...ANNOTATION_STRATEGIES, 'FollowLabel'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** The object that asks: it owns the leader Service, and Events are about it. */
export interface Requester extends ObjectReference {
  readonly kind: 'Service' | 'LeaderPolicy';
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly deleting: boolean;
}

export interface Problem {
  readonly reason: 'InvalidAnnotation' | 'InvalidService' | 'InvalidPolicy';
  /** Names the thing, the value and what is accepted. */
  readonly note: string;
}

/** What the leader Service is to be. */
export interface Shape {
  readonly headless: boolean;
  readonly ports: readonly ServicePort[];
  readonly ipFamilies: readonly AddressType[];
  readonly ipFamilyPolicy?: string;
  readonly sessionAffinity: string;
  /** Seconds. */
  readonly sessionAffinityTimeout?: number;
  /** Added to those that every leader Service has. */
  readonly labels: StringMap;
  readonly annotations: StringMap;
}

/** A pod for which this matches, in one of these zones, counts so much more. */
export interface Preference {
  readonly weight: number;
  readonly matchLabels?: StringMap;
  readonly zones?: readonly string[];
}

export interface Switchover {
  /** Done once per id. */
  readonly id: string;
  readonly podName: string;
}

export interface Request {
  readonly requester: Requester;
  readonly sourceName: string;
  /** undefined: there is no such Service. */
  readonly source?: Service;
  /** undefined: the wanted name is not a possible one (then there is a problem that says so). */
  readonly leaderServiceName: string | undefined;
  /** undefined while it cannot be told: a leader Service that is there is left as it is. */
  readonly shape?: Shape;
  readonly strategy: Strategy;
  readonly preferences: readonly Preference[];
  /** Name of the pod annotation that the Priority strategy reads. */
  readonly priorityAnnotation: string;
  /** Labels of the claimant; only for FollowLabel. */
  readonly followLabel?: StringMap;
  /** Pods with these labels never lead. */
  readonly exclude?: StringMap;
  readonly sticky: boolean;
  readonly minReadyMs: number;
  /** How long a NotReady leader is kept, milliseconds. */
  readonly graceMs: number;
  /** How long a better candidate must have been Ready before the leader is moved back to it; not sticky only. */
  readonly failbackDelayMs: number;
  /** How long nobody is published between two leaders. */
  readonly gapMs: number;
  /** Only the first leader is elected; after that, only switchovers move it. */
  readonly manual: boolean;
  readonly paused: boolean;
  /** What is asked for cannot be told, so whoever was withdrawn for it must not come back. */
  readonly isUnknown?: boolean;
  readonly switchover?: Switchover;
  readonly problems: readonly Problem[];
  /** The policy that asks; undefined in annotation mode. */
  readonly policy?: LeaderPolicy;
}

/** The leader does not move, and none is elected. */
export function isFrozen({ paused, problems }: Pick<Request, 'paused' | 'problems'>): boolean {
  return paused || problems.length > 0;
}

/** RFC 1035 label, as the API server asks of a Service name. */
export const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Why no leader Service can be made from this source.
 * @param needsPorts the request has none of its own
 */
export function serviceProblems(source: Service, needsPorts: boolean): readonly Problem[] {
  const invalid = (why: string): readonly Problem[] => [
    { reason: 'InvalidService', note: `Service ${source.name} ${why}` },
  ];
  if (source.type === 'ExternalName') {
    return invalid(
      'of type ExternalName has no pods to lead to; accepted are ClusterIP, NodePort, LoadBalancer and headless Services',
    );
  }
  if (source.selector === undefined)
    return invalid('has no selector, so it has no pods to lead to; give it spec.selector');
  if (needsPorts && source.ports.length === 0)
    return invalid('has no ports; the leader Service needs at least one in spec.ports');
  return [];
}
