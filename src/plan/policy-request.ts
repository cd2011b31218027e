/** What a LeaderPolicy asks for, with its defaults applied. */
import type { LeaderPolicySpec } from '../api/leader-policy.ts';
import type { LeaderPolicy, Service, ServicePort } from '../api/objects.ts';
import { LEADER_SUFFIX, POD_PRIORITY_ANNOTATION, POLICY_API_VERSION, POLICY_KIND } from '../names.ts';
import { shapeOf } from './annotation-request.ts';
import { serviceProblems } from './request.ts';
import type { Preference, Problem, Request, Requester, Shape } from './request.ts';

/** @param source the Service that it names, if there is one */
export function parsePolicy(policy: LeaderPolicy, source: Service | undefined): Request {
  const { spec, serviceName = '', leaderServiceName } = policy;
  const common = {
    requester: policyRequester(policy),
    sourceName: serviceName,
    ...(source === undefined ? {} : { source }),
    leaderServiceName,
    policy,
  };
  if (spec === undefined) return { ...common, ...FROZEN, problems: invalidPolicy(policy) };
  const problems = sourceProblems(spec, source);
  const shape = source === undefined || problems.length > 0 ? undefined : shapeFor(spec, source);
  return { ...common, ...(shape === undefined ? {} : { shape }), ...choiceOf(spec), problems };
}

/**
 * The leader Service name that a policy stands for: one, for it has one status. One that is so wrong that its name cannot be
 * told keeps what it already owns, first of all what its status tells; without any, the problem is reported under its own name.
 */
export function namesByPolicy(policy: LeaderPolicy, owned: readonly string[]): readonly string[] {
  if (policy.leaderServiceName !== undefined) return [policy.leaderServiceName];
  const told = policy.status.leaderServiceName;
  const kept = told !== undefined && owned.includes(told) ? told : owned.toSorted()[0];
  return [kept ?? policy.name + LEADER_SUFFIX];
}

export function policyRequester({ namespace, name, uid, createdAt, deleting }: LeaderPolicy): Requester {
  return { apiVersion: POLICY_API_VERSION, kind: POLICY_KIND, namespace, name, uid, createdAt, deleting };
}

/** Of an invalid policy: nobody is elected, and the leader stays while it is Ready. */
const FROZEN = {
  strategy: 'OldestReady',
  preferences: [],
  priorityAnnotation: POD_PRIORITY_ANNOTATION,
  sticky: true,
  minReadyMs: 0,
  graceMs: 0,
  failbackDelayMs: 0,
  gapMs: 0,
  manual: false,
  paused: false,
  isUnknown: true,
} as const;

/** Of a policy that is not there to be read: it may not be treated as gone. */
export function unknownPolicy(requester: Requester, sourceName: string, leaderServiceName: string): Request {
  return { requester, sourceName, leaderServiceName, ...FROZEN, paused: true, problems: [] };
}

function invalidPolicy({ problems }: LeaderPolicy): readonly Problem[] {
  return problems.map((note) => ({ reason: 'InvalidPolicy', note }));
}

function sourceProblems(
  { serviceRef, ports }: LeaderPolicySpec,
  source: Service | undefined,
): readonly Problem[] {
  if (source !== undefined) return serviceProblems(source, ports === undefined || ports.length === 0);
  const note = `spec.serviceRef.name: there is no Service "${serviceRef.name}" in the namespace of the policy; create it or name another one`;
  return [{ reason: 'InvalidService', note }];
}

function choiceOf({ selection, failover, paused, switchover }: LeaderPolicySpec) {
  return {
    strategy: selection.strategy,
    preferences: (selection.preferences ?? []).map(preference),
    priorityAnnotation: selection.priority?.annotation ?? POD_PRIORITY_ANNOTATION,
    ...(selection.followLabel === undefined ? {} : { followLabel: selection.followLabel.matchLabels }),
    ...(selection.exclude === undefined ? {} : { exclude: selection.exclude.matchLabels }),
    sticky: selection.sticky,
    minReadyMs: selection.minReadySeconds * 1000,
    graceMs: failover.gracePeriodSeconds * 1000,
    failbackDelayMs: failover.failbackDelaySeconds * 1000,
    gapMs: failover.handoverGapSeconds * 1000,
    manual: failover.mode === 'Manual',
    paused,
    ...(switchover === undefined
      ? {}
      : { switchover: { id: switchover.requestId, podName: switchover.podName } }),
  };
}

function preference({
  weight,
  podSelector,
  zones,
}: NonNullable<LeaderPolicySpec['selection']['preferences']>[number]): Preference {
  return {
    weight,
    ...(podSelector === undefined ? {} : { matchLabels: podSelector.matchLabels }),
    ...(zones === undefined ? {} : { zones }),
  };
}

function shapeFor({ leaderService, ports }: LeaderPolicySpec, source: Service): Shape {
  const own = ports === undefined || ports.length === 0 ? {} : { ports: ports.map(servicePort) };
  return {
    ...shapeOf(source),
    ...own,
    headless: leaderService.type === 'Headless',
    labels: leaderService.labels ?? {},
    annotations: leaderService.annotations ?? {},
  };
}

function servicePort({
  name,
  port,
  targetPort,
  protocol,
  appProtocol,
}: NonNullable<LeaderPolicySpec['ports']>[number]): ServicePort {
  return {
    name,
    port,
    protocol,
    targetPort: targetPort ?? port,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  };
}
