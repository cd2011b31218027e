/** Who leads: the decision itself, from the request, the pods, the memory and the clock. */
import { selects } from '../api/labels.ts';
import type { Pod, ServicePort } from '../api/objects.ts';
import type { FailoverReason } from '../api/reasons.ts';
import { ripening, type Candidate } from './candidates.ts';
import { isWithdrawn } from './memory.ts';
import { orderOf } from './order.ts';
import { isFrozen, type Request } from './request.ts';
import { judgeSwitchover, type SwitchoverVerdict } from './switchover.ts';
import type { Memory } from './types.ts';
import { failback, gapLeftMs, graceLeftMs } from './waits.ts';

export interface Situation {
  readonly now: number;
  readonly request: Request;
  readonly candidates: readonly Candidate[];
  readonly memory: Memory;
  /** What the leader has to answer on. */
  readonly ports: readonly ServicePort[];
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
  /** Nobody is published for a while, and then this pod. */
  readonly next?: Pod;
  /** Why the remembered leader does not lead (any longer); absent while it does, and before the first election. */
  readonly lost?: { readonly reason: FailoverReason; readonly note: string };
  /** Whether the sticky rule kept the leader; absent where it had no say. */
  readonly sticky?: boolean;
  readonly switchover?: SwitchoverVerdict;
  /** Milliseconds until time alone may change the decision. */
  readonly againAfterMs?: number;
}

export function decide(situation: Situation): Decision {
  const { request, memory, candidates, ports } = situation;
  const current = candidates.find(({ pod }) => pod.uid === memory.podUID);
  const switchover = judgeSwitchover(request, memory, candidates, ports);
  if (switchover?.target !== undefined)
    return withGap(moveTo(switchover.target, memory, switchover), situation);

  const decision =
    current !== undefined && current.refused === undefined
      ? whileEligible(situation, current.pod)
      : afterLoss(situation, current);
  // A failed switchover is remembered in the slice, and during a grace nothing is written: it is judged again then.
  if (decision.hold) return decision;
  return withGap(switchover === undefined ? decision : { ...decision, switchover }, situation);
}

function moveTo(target: Pod, { podUID }: Memory, switchover: SwitchoverVerdict): Decision {
  const moved = podUID !== undefined && podUID !== target.uid;
  const lost = { reason: 'Switchover', note: `hands over to pod ${target.name} as asked for` } as const;
  return { pod: target, hold: false, switchover, ...(moved ? { lost } : {}) };
}

/** Break before make. A switchover that waits has not happened: it is judged again then, and may be taken back until then. */
function withGap(decision: Decision, situation: Situation): Decision {
  const { pod, switchover, ...rest } = decision;
  const left = pod === undefined ? 0 : gapLeftMs(pod, situation);
  if (pod === undefined || left <= 0) return decision;
  return {
    ...rest,
    next: pod,
    againAfterMs: Math.min(left, rest.againAfterMs ?? Infinity),
    ...failureOf(switchover),
  };
}

function failureOf(switchover: SwitchoverVerdict | undefined): Pick<Decision, 'switchover'> {
  return switchover === undefined || switchover.target !== undefined ? {} : { switchover };
}

function whileEligible(situation: Situation, current: Pod): Decision {
  const { request, memory, published } = situation;
  const keep: Decision = { pod: current, hold: false };
  if (staysWithdrawn(current, situation)) return { hold: false, lost: STAYS_WITHDRAWN };
  if (isFrozen(request) || request.manual) return keep;
  if (request.sticky) return published ? { ...keep, sticky: true } : keep;
  if (isHeldBySwitchover(request, memory, current)) return keep;
  const { pod: best, inMs } = failback(current, orderOf(request, situation.now), situation);
  const decision =
    best.uid === current.uid ? keep : { pod: best, hold: false, lost: preferred(best, request) };
  return withTimer(decision, situation, inMs);
}

const STAYS_WITHDRAWN = {
  reason: 'NotSelected',
  note: 'was withdrawn while it was Ready, and for what cannot be told',
} as const;

/** One that stayed Ready was withdrawn for something else (it is excluded, or claims no longer), and that may still be so. */
function staysWithdrawn({ readyChangedAt = 0 }: Pod, { request, memory, serving }: Situation): boolean {
  if (request.isUnknown !== true || serving || !isWithdrawn(memory)) return false;
  // A Ready condition tells seconds.
  return !(readyChangedAt >= Math.floor(Date.parse(memory.withdrawnAt ?? '') / 1000) * 1000);
}

function preferred({ name }: Pod, { strategy }: Request): NonNullable<Decision['lost']> {
  return { reason: 'Preferred', note: `comes after pod ${name} by ${strategy}` };
}

/** While the request that moved the leader is still there, the order does not move it back. */
function isHeldBySwitchover({ switchover }: Request, memory: Memory, current: Pod): boolean {
  return (
    memory.switchover?.outcome === 'Completed' &&
    memory.switchover.request === switchover?.id &&
    current.name === switchover.podName
  );
}

function afterLoss(situation: Situation, current: Candidate | undefined): Decision {
  const { request, memory, serving } = situation;
  // Whose name is not known any more, it was elected all the same.
  const hadLeader = memory.epoch > 0;
  const graceLeft =
    current !== undefined && hasGrace(situation, current) ? graceLeftMs(current.pod, situation) : 0;
  if (graceLeft > 0) return { hold: true, againAfterMs: graceLeft };

  const lost = hadLeader ? { lost: current?.refused ?? whyGone(situation) } : {};
  if (isFrozen(request) || (request.manual && hadLeader))
    return withTimer({ hold: false, ...lost }, situation);
  const best = first(situation);
  // Once for each loss, of a pod that is gone too; the next plan finds the slice empty or another leader in it.
  const sticky = hadLeader && serving && request.sticky ? { sticky: false } : {};
  return withTimer(
    { hold: false, ...lost, ...sticky, ...(best === undefined ? {} : { pod: best }) },
    situation,
  );
}

/** With FollowLabel the application decides: a pod that it no longer names, or whose successor it names, is not waited for. */
function hasGrace({ published, request, candidates }: Situation, { pod, refused }: Candidate): boolean {
  if (refused?.reason !== 'NotReady' || !published) return false;
  if (request.followLabel === undefined) return true;
  const hasSuccessor = candidates.some((candidate) => candidate.refused === undefined);
  return !hasSuccessor && selects(request.followLabel, pod.labels);
}

function whyGone({ memory, leaderPod }: Situation): { reason: FailoverReason; note: string } {
  if (memory.podUID === undefined) return { reason: 'PodGone', note: 'is not known any more' };
  return leaderPod !== undefined && leaderPod.uid === memory.podUID && !leaderPod.deleting
    ? { reason: 'NotSelected', note: 'no longer matches the selector' }
    : { reason: 'PodGone', note: 'is gone' };
}

function first({ request, candidates, now }: Situation): Pod | undefined {
  const order = orderOf(request, now);
  let best: Pod | undefined;
  for (const { pod, refused } of candidates) {
    if (refused === undefined && (best === undefined || order(pod, best) < 0)) best = pod;
  }
  return best;
}

function withTimer(decision: Decision, { candidates }: Situation, inMs?: number): Decision {
  return { ...decision, ...ripening(candidates, inMs) };
}
