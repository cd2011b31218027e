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
  'InvalidPolicy',
  'NameConflict',
  'ForeignEndpoints',
  'AnnotationIgnored',
  'AmbiguousLeader',
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
  'Excluded', // matches selection.exclude
  'NotReady', // condition Ready is not True
  'NotClaimant', // FollowLabel: does not carry the label
  'AmbiguousClaim', // FollowLabel: not the only Ready pod that carries the label
  'NoAddress', // no pod IP of the leader Service's primary address family
  'AddressRefused', // loopback, link-local, multicast or unspecified
  'MinReadyNotReached', // Ready for less than min-ready-duration or minReadySeconds
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

/** Why a pod leads: `reason` of status.leader and of the history. */
export const LEADER_REASONS = [
  ...FAILOVER_REASONS,
  'Elected', // nobody led before
] as const;
export type LeaderReason = (typeof LEADER_REASONS)[number];

/** Condition types of a LeaderPolicy; all of them are always there. */
export const CONDITION_TYPES = [
  'Ready',
  'LeaderElected',
  'PortsResolved',
  'NameConflict',
  'ForeignEndpoints',
  'Paused',
] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** Reasons of conditions that no Event has; the others are those of Warning Events. */
export const CONDITION_REASONS = [
  'LeaderPublished', // Ready: exactly one endpoint is published
  'Elected', // LeaderElected
  'Resolved', // PortsResolved
  'NoLeader', // PortsResolved is Unknown: there is no pod to resolve them on
  'HandoverGap', // nobody is published for handoverGapSeconds between two leaders
  'NameIsOurs', // NameConflict is False
  'NoForeignEndpoints', // ForeignEndpoints is False
  'Paused', // spec.paused
  'NotPaused', // Paused is False
] as const;
export type ConditionReason = (typeof CONDITION_REASONS)[number] | WarningReason;
