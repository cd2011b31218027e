/** Who leads: the decision itself, from the request, the pods, the memory and the clock. */
import type { Pod } from '../api/objects.ts';
import type { FailoverReason } from '../api/reasons.ts';
import type { Candidate } from './candidates.ts';
import { readySince, type Refusal } from './eligibility.ts';
import { orderOf } from './order.ts';
import { isFrozen, type Request } from './request.ts';
import { judgeSwitchover, type SwitchoverVerdict } from './switchover.ts';
import type { Memory } from './types.ts';

export interface Situation {
  readonly now: number;
  readonly request: Request;
  readonly candidates: readonly Candidate[];
  readonly memory: Memory;
  /** The remembered leader is in the slice right now, exactly as it would be published. */
  readonly published: boolean;
  /** Somebody is in the slice right now. */
  readonly serving: boolean;
  /** The remembered leader, if its pod lives at all, selected or not. */
  readonly leaderPod?: Pod;
}

export interface Decision {
  /** Who is to be published; undefined: nobody. */
  readonly pod?: Pod;
  /** A readiness grace runs: the slice is left exactly as it is. */
  readonly hold: boolean;
  /** Why the remembered leader does not lead (any longer); absent while it does, and before the first election. */
  readonly lost?: { readonly reason: FailoverReason; readonly note: string };
  /** Whether the sticky rule kept the leader; absent where it had no say. */
  readonly sticky?: boolean;
  readonly switchover?: SwitchoverVerdict;
  /** Milliseconds until time alone may change the decision. */
  readonly againAfterMs?: number;
}

export function decide(situation: Situation): Decision {
  const { request, memory, candidates } = situation;
  const current = candidates.find(({ pod }) => pod.uid === memory.podUID);
  const switchover = judgeSwitchover(request, memory, candidates);
  if (switchover?.target !== undefined) return moveTo(switchover.target, memory, switchover);

  const decision =
    current !== undefined && current.refused === undefined
      ? whileEligible(situation, current.pod)
      : afterLoss(situation, current?.refused);
  // A failed switchover is remembered in the slice, and during a grace nothing is written: it is judged again then.
  return switchover === undefined || decision.hold ? decision : { ...decision, switchover };
}

function moveTo(target: Pod, { podUID }: Memory, switchover: SwitchoverVerdict): Decision {
  const moved = podUID !== undefined && podUID !== target.uid;
  const lost = { reason: 'Switchover', note: `hands over to pod ${target.name} as asked for` } as const;
  return { pod: target, hold: false, switchover, ...(moved ? { lost } : {}) };
}

function whileEligible(situation: Situation, current: Pod): Decision {
  const { request, memory, published } = situation;
  const keep: Decision = { pod: current, hold: false };
  if (isFrozen(request)) return keep;
  if (request.sticky) return published ? { ...keep, sticky: true } : keep;
  if (isHeldBySwitchover(request, memory, current)) return keep;
  const best = first(situation);
  if (best === undefined || best.uid === current.uid) return withTimer(keep, situation);
  const lost = {
    reason: 'Preferred',
    note: `comes after pod ${best.name} by ${request.strategy}`,
  } as const;
  return withTimer({ pod: best, hold: false, lost }, situation);
}

/** While the annotation that moved the leader is still there, the order does not move it back. */
function isHeldBySwitchover(request: Request, { switchover }: Memory, current: Pod): boolean {
  return (
    switchover?.outcome === 'Completed' &&
    switchover.request === request.switchoverTo &&
    current.name === request.switchoverTo
  );
}

function afterLoss(situation: Situation, refused: Refusal | undefined): Decision {
  const { request, memory, published, serving } = situation;
  const hadLeader = memory.podUID !== undefined;
  const graceLeft = refused?.reason === 'NotReady' && published ? graceLeftMs(situation) : 0;
  if (graceLeft > 0) return { hold: true, againAfterMs: graceLeft };

  const lost = hadLeader ? { lost: refused ?? whyGone(situation) } : {};
  if (isFrozen(request)) return withTimer({ hold: false, ...lost }, situation);
  const best = first(situation);
  // Once for each loss, of a pod that is gone too; the next plan finds the slice empty or another leader in it.
  const sticky = hadLeader && serving && request.sticky ? { sticky: false } : {};
  return withTimer(
    { hold: false, ...lost, ...sticky, ...(best === undefined ? {} : { pod: best }) },
    situation,
  );
}

function whyGone({ memory, leaderPod }: Situation): { reason: FailoverReason; note: string } {
  return leaderPod !== undefined && leaderPod.uid === memory.podUID && !leaderPod.deleting
    ? { reason: 'NotSelected', note: 'no longer matches the selector' }
    : { reason: 'PodGone', note: 'is gone' };
}

/** Counted from the pod's Ready.lastTransitionTime. Without one there is no grace: it would never end. */
function graceLeftMs({ now, request, candidates, memory }: Situation): number {
  const leader = candidates.find(({ pod }) => pod.uid === memory.podUID)?.pod;
  return leader?.readyChangedAt === undefined ? 0 : readySince(leader, now) + request.graceMs - now;
}

function first({ request, candidates, now }: Situation): Pod | undefined {
  const order = orderOf(request.strategy, now);
  let best: Pod | undefined;
  for (const { pod, refused } of candidates) {
    if (refused === undefined && (best === undefined || order(pod, best) < 0)) best = pod;
  }
  return best;
}

/** A candidate that becomes eligible by time alone sends no event. */
function withTimer(decision: Decision, { candidates }: Situation): Decision {
  const waits = candidates.flatMap(({ refused }) => refused?.inMs ?? []);
  return waits.length === 0 ? decision : { ...decision, againAfterMs: Math.min(...waits) };
}
