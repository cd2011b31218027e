/** The status of a LeaderPolicy: all of it comes from what was decided and what is remembered in the slice. */
import type { LeaderPolicyStatus } from '../api/leader-policy.ts';
import type { LeaderPolicy } from '../api/objects.ts';
import { conditionsOf } from './conditions.ts';
import { isTime } from './memory.ts';
import { mergePatch } from './merge-patch.ts';
import { referenceTo } from './notes.ts';
import { byName, orderOf } from './order.ts';
import { policyRequester } from './policy-request.ts';
import type { Standing } from './standing.ts';
import type { StatusUpdate } from './types.ts';

const MAX_DETAILS = 10;

/** @returns undefined where the status says all of it already */
export function statusUpdate(standing: Standing): StatusUpdate | undefined {
  const { policy } = standing.request;
  if (policy === undefined) return undefined;
  const patch = mergePatch(policy.status, statusOf(standing, policy));
  if (patch === undefined) return undefined;
  const { resourceVersion } = policy;
  return {
    policy: referenceTo(policyRequester(policy)),
    resourceVersion,
    patch,
  };
}

function statusOf(standing: Standing, policy: LeaderPolicy): LeaderPolicyStatus {
  const { request, memory, history } = standing;
  const leaderServiceName = request.leaderServiceName ?? standing.leaderServiceName;
  const limit = policy.spec?.historyLimit ?? policy.status.history?.length ?? 0;
  return {
    observedGeneration: policy.generation,
    ...(leaderServiceName === undefined ? {} : { leaderServiceName }),
    ...leaderOf(standing),
    ...candidatesOf(standing),
    failovers: Math.max(0, memory.epoch - 1),
    history: history.slice(0, limit),
    ...switchoverOf(standing, policy.status),
    conditions: conditionsOf(standing, policy.status.conditions ?? []),
  };
}

function leaderOf({ pod, address, memory }: Standing): Pick<LeaderPolicyStatus, 'leader'> {
  if (pod === undefined) return {};
  return {
    leader: {
      podName: pod.name,
      podUID: pod.uid,
      podIP: address ?? '',
      ...(pod.nodeName === undefined ? {} : { nodeName: pod.nodeName }),
      ...(pod.zone === undefined ? {} : { zone: pod.zone }),
      // What a hand wrote into the slice instead of a time would have the whole status refused.
      ...(isTime(memory.since) ? { since: memory.since } : {}),
      epoch: memory.epoch,
      reason: memory.reason ?? 'Unknown',
    },
  };
}

/** In the order in which they would lead; after them those that may not, by name. */
function candidatesOf({
  now,
  request,
  candidates,
  pod,
}: Standing): Pick<LeaderPolicyStatus, 'candidates' | 'candidateDetails'> {
  const order = orderOf(request, now);
  const eligible = candidates
    .filter(({ refused }) => refused === undefined)
    .sort((a, b) => order(a.pod, b.pod));
  const refused = candidates
    .filter((candidate) => candidate.refused !== undefined)
    .sort((a, b) => byName(a.pod, b.pod));
  const total = candidates.length;
  const ready = candidates.filter((candidate) => candidate.pod.ready && !candidate.pod.deleting).length;
  return {
    candidates: { total, ready, eligible: eligible.length, summary: `${eligible.length}/${total}` },
    candidateDetails: [...eligible, ...refused].slice(0, MAX_DETAILS).map((candidate) => ({
      podName: candidate.pod.name,
      eligible: candidate.refused === undefined,
      reason: candidate.refused?.reason ?? (candidate.pod.uid === pod?.uid ? 'Leader' : 'Standby'),
    })),
  };
}

/** The slice remembers that it was done; why it failed is only said here, so it is kept. */
function switchoverOf(
  { request, memory, next, switchover }: Standing,
  status: LeaderPolicyStatus,
): Pick<LeaderPolicyStatus, 'switchover'> {
  const asked = request.switchover;
  if (asked !== undefined && asked.id !== memory.switchover?.request && next?.name === asked.podName) {
    const message = `pod ${next.name} leads after handoverGapSeconds`;
    return { switchover: { observedRequestId: asked.id, phase: 'Pending', message } };
  }
  if (memory.switchover === undefined) return {};
  const { request: observedRequestId, outcome: phase } = memory.switchover;
  const told = status.switchover;
  const isTold = told?.observedRequestId === observedRequestId && told.phase === phase;
  const pod = asked?.id === observedRequestId ? `pod ${asked.podName}` : 'the pod';
  const message = switchover?.failure ?? (isTold ? told.message : undefined) ?? MESSAGES[phase](pod);
  return { switchover: { observedRequestId, phase, message } };
}

const MESSAGES = {
  Completed: (pod: string) => `${pod} leads as asked for`,
  Failed: (pod: string) => `${pod} could not be moved to; see the Events`,
};
