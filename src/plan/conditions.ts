/** The conditions of a LeaderPolicy: what its Events say of lasting states, in the form that `kubectl wait` understands. */
import type { LeaderPolicyCondition } from '../api/leader-policy.ts';
import type { ConditionReason, ConditionType, EventReason } from '../api/reasons.ts';
import { isFrozen } from './request.ts';
import type { Standing } from './standing.ts';

interface Verdict {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: ConditionReason;
  readonly message: string;
}

/** Why a policy is not Ready: the first that is among its states. */
const NOT_READY = [
  'InvalidPolicy',
  'InvalidService',
  'NameConflict',
  'PortResolutionFailed',
  'AmbiguousLeader',
  'NoPodsFound',
  'NoReadyPods',
  'ForeignEndpoints',
] as const satisfies readonly EventReason[];
/** Of them, those that leave nobody elected. */
const NOT_ELECTED: readonly EventReason[] = [
  'InvalidService',
  'AmbiguousLeader',
  'NoPodsFound',
  'NoReadyPods',
  'NameConflict',
];

const VERDICTS: Readonly<Record<ConditionType, (standing: Standing) => Verdict>> = {
  Ready: ready,
  LeaderElected: elected,
  PortsResolved: portsResolved,
  NameConflict: (standing) =>
    found(standing, 'NameConflict', 'NameIsOurs', 'the leader Service and its slices are ours'),
  ForeignEndpoints: (standing) =>
    found(
      standing,
      'ForeignEndpoints',
      'NoForeignEndpoints',
      'no other EndpointSlice feeds the leader Service',
    ),
  Paused: paused,
};

/** All of them, each with the time at which its status last changed (RFC 3339, seconds). */
export function conditionsOf(
  standing: Standing,
  before: readonly LeaderPolicyCondition[],
): LeaderPolicyCondition[] {
  const observedGeneration = standing.request.policy?.generation ?? 0;
  const now = `${new Date(standing.now).toISOString().slice(0, 19)}Z`;
  return Object.entries(VERDICTS).map(([type, judge]) => {
    const verdict = judge(standing);
    const known = before.find((condition) => condition.type === type);
    const lastTransitionTime = known?.status === verdict.status ? known.lastTransitionTime : now;
    return { type, ...verdict, observedGeneration, lastTransitionTime };
  });
}

function stateOf({ states }: Standing, reason: EventReason): Verdict | undefined {
  const state = states.find((event) => event.reason === reason);
  return state === undefined
    ? undefined
    : { status: 'False', reason: reason as ConditionReason, message: state.note };
}

function firstOf(standing: Standing, reasons: readonly EventReason[]): Verdict | undefined {
  for (const reason of reasons) {
    const verdict = stateOf(standing, reason);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

function ready(standing: Standing): Verdict {
  const failed = firstOf(standing, NOT_READY);
  if (failed !== undefined) return failed;
  return standing.pod === undefined
    ? nobody(standing)
    : { status: 'True', reason: 'LeaderPublished', message: `pod ${standing.pod.name} is published` };
}

function nobody({ next }: Standing): Verdict {
  const message =
    next === undefined ? 'nobody is published yet' : `nobody is published until pod ${next.name} follows`;
  return { status: 'False', reason: next === undefined ? 'NoLeader' : 'HandoverGap', message };
}

/** A leader that lacks a port is elected, and not published. */
function elected(standing: Standing): Verdict {
  const { pod, memory } = standing;
  if (pod !== undefined)
    return {
      status: 'True',
      reason: 'Elected',
      message: `pod ${pod.name} leads since ${memory.since ?? ''}`,
    };
  const unresolved = stateOf(standing, 'PortResolutionFailed');
  if (unresolved !== undefined)
    return {
      status: 'True',
      reason: 'Elected',
      message: 'a pod is elected, and not published: see PortsResolved',
    };
  return firstOf(standing, NOT_ELECTED) ?? nobody(standing);
}

function portsResolved(standing: Standing): Verdict {
  const failed = stateOf(standing, 'PortResolutionFailed');
  if (failed !== undefined) return failed;
  if (standing.pod === undefined)
    return { status: 'Unknown', reason: 'NoLeader', message: 'there is no pod to resolve the ports on' };
  return {
    status: 'True',
    reason: 'Resolved',
    message: `all ports are resolved on pod ${standing.pod.name}`,
  };
}

/** A condition that is True where something is wrong. */
function found(standing: Standing, reason: EventReason, fine: ConditionReason, message: string): Verdict {
  const state = stateOf(standing, reason);
  return state === undefined ? { status: 'False', reason: fine, message } : { ...state, status: 'True' };
}

function paused(standing: Standing): Verdict {
  const { request } = standing;
  if (request.paused)
    return { status: 'True', reason: 'Paused', message: 'spec.paused: the leader does not move' };
  const problem = request.problems[0];
  if (isFrozen(request) && problem !== undefined) {
    return {
      status: 'True',
      reason: problem.reason,
      message: `treated as paused until it is right: ${problem.note}`,
    };
  }
  return {
    status: 'False',
    reason: 'NotPaused',
    message: 'the leader moves as spec.failover and spec.selection say',
  };
}
