/**
 * Kubernetes objects as the operator keeps them: only the fields that the plan reads, times as epoch milliseconds.
 * Every value is treated as immutable once it is in a cache.
 */
import type { AddressType } from '../names.ts';
import type { LeaderPolicySpec, LeaderPolicyStatus } from './leader-policy.ts';

export type StringMap = Readonly<Record<string, string>>;
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Names one object, as Events and owner references do. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What every kept object has. */
export interface KubeObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Comparable as an unsigned integer within one resource (KEP-5504). */
  readonly resourceVersion: string;
  /** metadata.creationTimestamp, epoch milliseconds. */
  readonly createdAt: number;
  /** metadata.deletionTimestamp is set. */
  readonly deleting: boolean;
  readonly labels: StringMap;
}

/** A container port that has a name: named targetPorts are looked up here. Sidecar init containers come last. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
}

export interface Pod extends KubeObject {
  readonly nodeName?: string;
  readonly zone?: string;
  readonly phase: string;
  /** status.podIPs, in order. */
  readonly ips: readonly string[];
  /** status.conditions[Ready].status is "True". */
  readonly ready: boolean;
  /** Ready.lastTransitionTime, epoch milliseconds (accurate to 1 s); absent where the kubelet gave none. */
  readonly readyChangedAt?: number;
  /** Values of more than 32 characters are cut: what is read of them are integers. */
  readonly annotations: StringMap;
  readonly ports: readonly NamedPort[];
}

export interface ServicePort {
  /** "" where the Service has one unnamed port. */
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
  readonly nodePort?: number;
}

export interface Service extends KubeObject {
  /** Those of zen-lead.io only; of a Service that is labelled as ours, all. */
  readonly annotations: StringMap;
  readonly owners: readonly OwnerReference[];
  /** ClusterIP, NodePort, LoadBalancer or ExternalName. */
  readonly type: string;
  /** undefined where the Service has none; an empty selector counts as none, as for kube-controller-manager. */
  readonly selector?: StringMap;
  readonly clusterIP: string;
  readonly ipFamilies: readonly AddressType[];
  readonly ipFamilyPolicy?: string;
  readonly ports: readonly ServicePort[];
  readonly sessionAffinity: string;
  /** sessionAffinityConfig.clientIP.timeoutSeconds. */
  readonly sessionAffinityTimeout?: number;
  /** Fields of spec that a leader Service never has (see LEADER_SERVICE_FORBIDDEN), as far as they are set here. */
  readonly forbidden: readonly string[];
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
  readonly podName?: string;
  readonly podUID?: string;
  readonly nodeName?: string;
  readonly zone?: string;
  /** Fields that we never publish (hints, hostname, deprecatedTopology): names of those present. */
  readonly extra: readonly string[];
}

export interface EndpointPort {
  readonly name: string;
  readonly port?: number;
  readonly protocol: Protocol;
  readonly appProtocol?: string;
}

export interface EndpointSlice extends KubeObject {
  /** Those of zen-lead.io and endpoints.kubernetes.io/last-change-trigger-time. */
  readonly annotations: StringMap;
  readonly owners: readonly OwnerReference[];
  readonly addressType: string;
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly EndpointPort[];
}

export interface LeaderPolicy extends KubeObject {
  /** metadata.generation. */
  readonly generation: number;
  /** spec.serviceRef.name and the name of the leader Service, as far as they can be told, even of an invalid policy. */
  readonly serviceName?: string;
  readonly leaderServiceName?: string;
  /** Valid, with all defaults; undefined where there are problems. */
  readonly spec?: LeaderPolicySpec;
  /** Each names the path, the value and what is accepted. */
  readonly problems: readonly string[];
  readonly status: LeaderPolicyStatus;
}

/**
 * Fields of Service.spec that are never copied to a leader Service and are taken away when another hand adds them.
 * In a merge patch `null` removes each, or returns it to the API server's default.
 */
export const LEADER_SERVICE_FORBIDDEN = [
  'selector',
  'externalIPs',
  'externalName',
  'loadBalancerIP',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
  'allocateLoadBalancerNodePorts',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'publishNotReadyAddresses',
  'trafficDistribution',
] as const;
