/** A declarative switchover: done once per request, and remembered in the slice so that a crash does not repeat it. */
import type { Pod } from '../api/objects.ts';
import type { Candidate } from './candidates.ts';
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
): SwitchoverVerdict | undefined {
  const wanted = request.switchoverTo;
  if (wanted === undefined) return memory.switchover === undefined ? undefined : { memory: undefined };
  if (memory.switchover?.request === wanted) return undefined;
  const failed = (failure: string): SwitchoverVerdict => ({
    memory: { request: wanted, outcome: 'Failed' },
    failure,
  });
  if (isFrozen(request))
    return failed(
      'Paused: the leader does not move while the Service is paused or has an invalid annotation',
    );
  const candidate = candidates.find(({ pod }) => pod.name === wanted);
  if (candidate === undefined) return failed(`NotFound: no pod ${wanted} matches the selector`);
  if (candidate.refused !== undefined)
    return failed(`${candidate.refused.reason}: pod ${wanted} ${candidate.refused.note}`);
  const resolved = resolvePorts(request.source.ports, candidate.pod);
  if ('unresolved' in resolved) return failed(`PortResolutionFailed: ${resolved.unresolved}`);
  return { memory: { request: wanted, outcome: 'Completed' }, target: candidate.pod };
}
