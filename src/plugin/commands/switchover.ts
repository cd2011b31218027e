/** kubectl leader switchover: moves the leader to a pod, once. */
import { randomBytes } from 'node:crypto';
import type { LeaderPolicyStatus } from '../../api/leader-policy.ts';
import { ANNOTATION } from '../../names.ts';
import { judgeSwitchover } from '../../plan/switchover.ts';
import { CommandFailure } from '../failure.ts';
import { findOne } from '../find.ts';
import type { Picture } from '../picture.ts';
import type { Session } from '../session.ts';
import { duration } from '../terminal.ts';
import { mustExist, report, targetOf, write, type Target } from '../target.ts';
import { published, until } from '../waiting.ts';

export interface SwitchoverOptions {
  readonly to: string;
  readonly wait: boolean;
  readonly timeoutMs: number;
}

export async function switchover(
  session: Session,
  service: string,
  options: SwitchoverOptions,
): Promise<void> {
  const { to, wait } = options;
  const picture = findOne(await session.snapshot(), session.namespace, service);
  mustExist(picture);
  const target = targetOf(picture);
  if (picture.leader === to) {
    report(session, picture, 'unchanged', `${picture.name} is led by pod ${to} already`);
    return;
  }
  const refused = refusal(picture, to);
  if (refused !== undefined) throw refused;
  const id = target.resource === 'services' ? to : requestId();
  const startedAt = performance.now();
  await rearm(session, picture, target, options);
  await write(session, target, {
    annotations: { [ANNOTATION.switchoverTo]: to },
    spec: { switchover: { podName: to, requestId: id } },
  });
  if (!wait) {
    const text = `${target.shown} asks for a switchover of ${picture.name} to pod ${to}; see kubectl leader status ${service}`;
    report(session, picture, 'requested', text);
    return;
  }
  await completed(session, picture, id, options);
  const ms = Math.round(performance.now() - startedAt);
  report(
    session,
    picture,
    'completed',
    `${picture.name} is led by pod ${to} (${ms} ms after it was asked for)`,
  );
}

/** What the operator would answer, so that nothing is written that cannot succeed. undefined: nothing speaks against it. */
export function refusal(picture: Picture, to: string): CommandFailure | undefined {
  const { claim, candidates, memory, input, namespace, leader } = picture;
  if (claim === undefined || candidates === undefined) return undefined;
  const { request } = claim;
  if (request.strategy === 'FollowLabel') {
    const message = `LeaderPolicy ${request.requester.name} follows the application's own election (FollowLabel): move the leader there`;
    return new CommandFailure('failed', message);
  }
  const asked = { ...request, switchover: { id: `${to}?`, podName: to } };
  const ports = request.shape?.ports ?? input.actual?.ports ?? [];
  const failure = judgeSwitchover(asked, memory, candidates, ports)?.failure;
  if (failure === undefined) return undefined;
  const [reason = ''] = failure.split(':', 1);
  const fit = candidates
    .filter(({ pod, refused }) => refused === undefined && pod.name !== leader)
    .map(({ pod }) => pod.name);
  const others =
    fit.length === 0 ? 'no other pod may' : `these may: ${fit.sort().slice(0, MAX_NAMED).join(', ')}`;
  const hint = reason === 'Paused' ? `kubectl leader resume ${picture.name} -n ${namespace}` : others;
  const kind = reason === 'NotFound' ? 'notFound' : 'failed';
  return new CommandFailure(kind, `pod ${to} may not lead ${picture.name} now: ${failure}; ${hint}`);
}

const MAX_NAMED = 5;

/** An annotation has no id but the pod's name: asked for a second time it has to be taken away first. */
async function rearm(
  session: Session,
  picture: Picture,
  target: Target,
  { to, timeoutMs }: SwitchoverOptions,
): Promise<void> {
  const isDone = picture.memory.switchover?.request === to;
  if (target.resource !== 'services' || !isDone) return;
  await write(session, target, { annotations: { [ANNOTATION.switchoverTo]: null }, spec: {} });
  const cleared = await until(
    async () => ((await look(session, picture)).memory.switchover === undefined ? true : undefined),
    timeoutMs,
    session.signal,
  );
  if (cleared === undefined) throw timedOut(picture, timeoutMs);
}

function look(session: Session, { namespace, name, slices }: Picture): ReturnType<typeof published> {
  return published(session.api, namespace, name, slices?.primary ?? 'IPv4');
}

async function completed(
  session: Session,
  picture: Picture,
  id: string,
  { to, timeoutMs }: SwitchoverOptions,
): Promise<void> {
  const outcome = await until(
    async () => {
      const { memory, pod } = await look(session, picture);
      if (memory.switchover?.request !== id) return undefined;
      return memory.switchover.outcome === 'Failed' || pod === to ? memory.switchover.outcome : undefined;
    },
    timeoutMs,
    session.signal,
  );
  if (outcome === 'Completed') return;
  if (outcome === undefined) throw timedOut(picture, timeoutMs);
  const why = await failureTold(session, picture);
  throw new CommandFailure(
    'failed',
    `the switchover of ${picture.name} to pod ${to} failed, the leader stays: ${why}`,
  );
}

function timedOut({ name, namespace }: Picture, timeoutMs: number): CommandFailure {
  const message = `the switchover of ${name} is not done after ${duration(timeoutMs)}, and is still asked for; does zen-lead run, and work in namespace ${namespace}? See kubectl leader explain ${name} -n ${namespace}`;
  return new CommandFailure('failed', message);
}

/** The slice remembers only that it failed. */
async function failureTold(session: Session, { claim, sourceName, namespace }: Picture): Promise<string> {
  const policy = claim?.request.policy;
  if (policy === undefined) return `see kubectl events --for service/${sourceName} -n ${namespace}`;
  const fresh = await session.api.get<{ status?: LeaderPolicyStatus }>(
    'leaderpolicies',
    namespace,
    policy.name,
  );
  return (
    fresh?.status?.switchover?.message ?? `see kubectl describe leaderpolicy ${policy.name} -n ${namespace}`
  );
}

/** 1 to 63 letters, digits, "-", "_", ".", ":" or "+". */
export function requestId(now = new Date()): string {
  return `kubectl-leader-${now.toISOString()}-${randomBytes(3).toString('hex')}`;
}
