/**
 * Every reason that users can meet in an Event, a log line or a metric label. docs/events.md lists exactly these
 * (a test compares them).
 */

/** Events of type Normal. */
export const NORMAL_REASONS = [
  'LeaderServiceCreated',
  'LeaderElected',
  'LeaderChanged',
  'SwitchoverCompleted',
  'LeaderServiceDeleted',
] as const;

/** Events of type Warning. */
export const WARNING_REASONS = [
  'NoReadyPods',
  'NoPodsFound',
  'PortResolutionFailed',
  'InvalidService',
  'InvalidAnnotation',
  'NameConflict',
  'ForeignEndpoints',
  'SwitchoverFailed',
  'ReconcileFailed',
] as const;

export type NormalReason = (typeof NORMAL_REASONS)[number];
export type WarningReason = (typeof WARNING_REASONS)[number];
export type EventReason = NormalReason | WarningReason;

/** Why a pod may not lead. The first that applies is told. */
export const INELIGIBLE_REASONS = [
  'Terminating', // metadata.deletionTimestamp is set
  'NotRunning', // phase Succeeded or Failed
  'NotReady', // condition Ready is not True
  'NoAddress', // no pod IP of the leader Service's primary address family
  'AddressRefused', // loopback, link-local, multicast or unspecified
  'MinReadyNotReached', // Ready for less than min-ready-duration
] as const;
export type IneligibleReason = (typeof INELIGIBLE_REASONS)[number];

/** Why a leader was replaced or withdrawn: label `reason` of zen_lead_failover_count_total. */
export const FAILOVER_REASONS = [
  ...INELIGIBLE_REASONS,
  'PodGone', // the pod was deleted, or re-created under a new UID
  'NotSelected', // the pod no longer matches the source's selector
  'Preferred', // sticky is off and a better candidate is there
  'Switchover', // asked for by a user
] as const;
export type FailoverReason = (typeof FAILOVER_REASONS)[number];
