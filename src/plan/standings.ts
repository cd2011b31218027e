/** Which statuses a plan owes: that of the policy whose leader Service it is, and those of policies that got no name. */
import { judge, ripening, type Candidate } from './candidates.ts';
import { addressOf, criteriaOf } from './eligibility.ts';
import { historyOf } from './leader-history.ts';
import { fromStatus } from './memory.ts';
import { statusUpdate } from './policy-status.ts';
import type { Scene } from './scene.ts';
import type { Claim, Input, Plan, PlanEvent, StatusUpdate } from './types.ts';

/** Of the policy that has the name. */
export function told(scene: Scene, states: readonly PlanEvent[]): Pick<Plan, 'statuses' | 'history'> {
  const { input, claim, slices, candidates, decision, next, pod, change } = scene;
  const { policy } = claim.request;
  if (policy === undefined) return { statuses: [] };
  const history = historyOf({ status: policy.status, remembered: input.history ?? [] }, next, change);
  const address = pod === undefined ? undefined : addressOf(pod, slices.primary);
  const update = statusUpdate({
    now: input.now,
    request: claim.request,
    leaderServiceName: input.name,
    candidates,
    memory: next,
    history,
    states,
    ...(pod === undefined ? {} : { pod }),
    ...(address === undefined ? {} : { address }),
    ...(decision.next === undefined ? {} : { next: decision.next }),
    ...(decision.switchover === undefined ? {} : { switchover: decision.switchover }),
  });
  return { statuses: update === undefined ? [] : [update], history };
}

/** Of policies that have no leader Service: nobody leads, and what they led before is history. */
export function withoutService(
  claims: readonly Claim[],
  { now }: Input,
  states: readonly PlanEvent[],
): Pick<Plan, 'statuses' | 'againAfterMs'> {
  const statuses: StatusUpdate[] = [];
  const all: Candidate[] = [];
  for (const { request, pods } of claims) {
    const { policy, requester, shape } = request;
    if (policy === undefined) continue;
    const candidates = judge(pods, criteriaOf(request, now, shape?.ipFamilies[0] ?? 'IPv4'), undefined);
    const update = statusUpdate({
      now,
      request,
      candidates,
      memory: fromStatus(policy.status),
      history: policy.status.history ?? [],
      states: states.filter(({ about }) => about.uid === requester.uid),
    });
    all.push(...candidates);
    if (update !== undefined) statuses.push(update);
  }
  return { statuses, ...ripening(all) };
}
