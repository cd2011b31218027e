/** The leader Service of a policy that cannot be read now: whether that still exists, and what it asks for, is not known. */
import type { Pod, Service } from '../api/objects.ts';
import { LABEL, POLICY_API_VERSION, POLICY_KIND } from '../names.ts';
import { controllerOf } from './ownership.ts';
import { unknownPolicy } from './policy-request.ts';
import { planPublication } from './publication.ts';
import type { Request, Requester } from './request.ts';
import type { Input, Memory, Plan } from './types.ts';

/**
 * As one that is paused: the leader stays, is withdrawn while it may not lead, and comes back. A stale endpoint may by now be
 * another pod's address. Nothing is made: a slice that is missing is seen to when the policy is known.
 */
export function keepFrozen(
  input: Input,
  actual: Service,
  memory: Memory,
): Pick<Plan, 'writes' | 'memory' | 'change' | 'outlook'> {
  const pods: readonly Pod[] = input.leaderPod === undefined ? [] : [input.leaderPod];
  const claim = { request: requestFor(input, actual), pods };
  const { writes, memory: next, change, outlook } = planPublication(input, claim, actual, memory);
  const puts = writes.filter(({ kind }) => kind === 'putSlice');
  if (puts.length === 0) return { writes: [], memory };
  return {
    writes: puts,
    memory: next,
    ...(change === undefined ? {} : { change }),
    ...(outlook === undefined ? {} : { outlook }),
  };
}

function requestFor({ namespace, name }: Input, actual: Service): Request {
  const controller = controllerOf(actual);
  const requester: Requester = {
    apiVersion: POLICY_API_VERSION,
    kind: POLICY_KIND,
    namespace,
    name: controller?.name ?? '',
    uid: controller?.uid ?? '',
    createdAt: 0,
    deleting: false,
  };
  return unknownPolicy(requester, actual.labels[LABEL.sourceService] ?? '', name);
}
