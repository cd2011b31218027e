/**
 * Names that users and other controllers see. They are the contract of docs/annotations.md: change one only with a
 * migration note.
 */
export const GROUP = 'zen-lead.io';
export const POLICY_API_VERSION = `${GROUP}/v1alpha1`;
export const POLICY_KIND = 'LeaderPolicy';
export const MANAGED_BY = 'zen-lead';
/** `reportingController` of our Events (a qualified name, as events.k8s.io/v1 asks for). */
export const REPORTING_CONTROLLER = 'zen-lead.io/operator';

/** What users write on a source Service. */
export const ANNOTATION = {
  enabled: 'zen-lead.io/enabled',
  leaderServiceName: 'zen-lead.io/leader-service-name',
  strategy: 'zen-lead.io/strategy',
  sticky: 'zen-lead.io/sticky',
  minReadyDuration: 'zen-lead.io/min-ready-duration',
  failoverMinDelay: 'zen-lead.io/failover-min-delay',
  paused: 'zen-lead.io/paused',
  switchoverTo: 'zen-lead.io/switchover-to',
} as const;

/** Default of what users may write on a pod, for the Priority strategy. */
export const POD_PRIORITY_ANNOTATION = 'zen-lead.io/priority';

/** What the operator writes on the leader Service, off the hot path. */
export const SERVICE_ANNOTATION = {
  leaderPodName: 'zen-lead.io/leader-pod-name',
  leaderPodUID: 'zen-lead.io/leader-pod-uid',
  lastSwitchTime: 'zen-lead.io/leader-last-switch-time',
  /** Names of the labels and annotations that a LeaderPolicy added, so that they can be taken away again. */
  addedMetadata: 'zen-lead.io/added-metadata',
} as const;

/** The operator's memory: written on the EndpointSlice, in the same PUT as the endpoint. */
export const SLICE_ANNOTATION = {
  epoch: 'zen-lead.io/leader-epoch',
  pod: 'zen-lead.io/leader-pod',
  since: 'zen-lead.io/leader-since',
  reason: 'zen-lead.io/leader-reason',
  withdrawnAt: 'zen-lead.io/withdrawn-at',
  switchover: 'zen-lead.io/switchover',
  /** Read by kube-proxy for its network programming latency. */
  lastChangeTriggerTime: 'endpoints.kubernetes.io/last-change-trigger-time',
} as const;

export const LABEL = {
  managedBy: 'app.kubernetes.io/managed-by',
  sourceService: 'zen-lead.io/source-service',
  serviceName: 'kubernetes.io/service-name',
  sliceManagedBy: 'endpointslice.kubernetes.io/managed-by',
  podIndex: 'apps.kubernetes.io/pod-index',
  zone: 'topology.kubernetes.io/zone',
} as const;

/** `endpointslice.kubernetes.io/managed-by` of the slices that kube-controller-manager makes from selectors. */
export const KCM_SLICE_MANAGER = 'endpointslice-controller.k8s.io';

export const LEADER_SUFFIX = '-leader';
/** A Service name is a DNS label: RFC 1035, at most 63 characters. */
export const MAX_SERVICE_NAME = 63;

export type AddressType = 'IPv4' | 'IPv6';

/** Name of the slice of one address family: deterministic, so that two writers cannot make two. */
export function sliceName(leaderService: string, family: AddressType): string {
  return `${leaderService}-zen-lead-${family.toLowerCase()}`;
}

/** Key of a leader Service in queues and caches. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
