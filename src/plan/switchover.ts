/** A declarative switchover: done once per request, and remembered in the slice so that a crash does not repeat it. */
import type { Pod, ServicePort } from '../api/objects.ts';
import type { Candidate } from './candidates.ts';
import { fromStatus } from './memory.ts';
import { POLICY_KIND } from '../names.ts';
import { resolvePorts } from './ports.ts';
import { isFrozen, type Request } from './request.ts';
import type { Memory, SwitchoverMemory } from './types.ts';

export interface SwitchoverVerdict {
  /** The memory that the slice is to keep; undefined: the request was taken back, which re-arms it. */
  readonly memory: SwitchoverMemory | undefined;
  /** The pod to move to. */
  readonly target?: Pod;
  /** Why it failed. */
  readonly failure?: string;
}

/** @returns undefined where there is nothing to do: no request, or one that was handled already */
export function judgeSwitchover(
  request: Request,
  memory: Memory,
  candidates: readonly Candidate[],
  ports: readonly ServicePort[],
): SwitchoverVerdict | undefined {
  if (request.switchover === undefined) {
    // A policy's id is done once, and an invalid policy does not say what it asks for; an annotation has none but the pod's name, which may be asked for again.
    const isKept = memory.switchover === undefined || request.requester.kind === POLICY_KIND;
    return isKept ? undefined : { memory: undefined };
  }
  const { id, podName } = request.switchover;
  if (memory.switchover?.request === id) return undefined;
  // The slice may be another one than that in which it was done: the policy asks for another name now.
  const told = fromStatus(request.policy?.status).switchover;
  if (told?.request === id) return { memory: told };
  const verdict = judgeTarget(request, podName, candidates, ports);
  if (typeof verdict === 'string') return { memory: { request: id, outcome: 'Failed' }, failure: verdict };
  return { memory: { request: id, outcome: 'Completed' }, target: verdict };
}

/** @returns the pod, or why it may not be moved to */
function judgeTarget(
  request: Request,
  name: string,
  candidates: readonly Candidate[],
  ports: readonly ServicePort[],
): Pod | string {
  if (isFrozen(request))
    return `Paused: the leader does not move while ${request.policy === undefined ? 'the Service is paused or has an invalid annotation' : 'the policy is paused or invalid'}`;
  const candidate = candidates.find(({ pod }) => pod.name === name);
  if (candidate === undefined) return `NotFound: no pod ${name} matches the selector`;
  if (candidate.refused !== undefined)
    return `${candidate.refused.reason}: pod ${name} ${candidate.refused.note}`;
  const resolved = resolvePorts(ports, candidate.pod);
  return 'unresolved' in resolved ? `PortResolutionFailed: ${resolved.unresolved}` : candidate.pod;
}
