import { waitFor } from '../../cluster/wait.ts';
import { monotonicMs } from '../clock.ts';
import { SOURCE, type Stage } from './stage.ts';
import { reignsOf, trafficOf, type Traffic } from './traffic.ts';

export interface Rollout {
  /** Who led when it began. */
  readonly leader: string;
  readonly seconds: number;
  /** How often another pod began to lead. */
  readonly moves: number;
  /** How often nobody led. */
  readonly gaps: number;
  readonly traffic: Traffic;
}

/** Milliseconds from one new connection to the next. */
const INTERVAL_MS = 10;
/**
 * Milliseconds; libpq accepts no time-out below two seconds. What is led to a pod that is gone is not answered in three either, and a
 * machine that starts databases meanwhile may well take one.
 */
const TIMEOUT_MS = 3_000;

/** Moves the leader there, then restarts all pods of the StatefulSet, one after the other. */
export async function rollout(stage: Stage, leader: string): Promise<Rollout> {
  await stage.whole();
  await stage.connect(INTERVAL_MS, TIMEOUT_MS);
  await lead(stage, leader);
  const from = monotonicMs();
  await stage.kubectl(['rollout', 'restart', `statefulset/${SOURCE}`]);
  await stage.kubectl(['rollout', 'status', `statefulset/${SOURCE}`, '--timeout=100s']);
  await stage.whole();
  const to = monotonicMs();
  const { probe, recorder } = stage;
  await probe.until('the connections to end', ({ at }) => at > to + TIMEOUT_MS);
  await stage.connect();
  const [, ...changes] = reignsOf(recorder.sightings, from, to);
  return {
    leader,
    seconds: (to - from) / 1_000,
    moves: changes.filter((uid) => uid !== undefined).length,
    gaps: changes.filter((uid) => uid === undefined).length,
    traffic: trafficOf(probe.attempts, from, to),
  };
}

/** By the annotation that asks for it, which is taken away afterwards. */
async function lead(stage: Stage, pod: string): Promise<void> {
  const annotation = 'zen-lead.io/switchover-to';
  await stage.kubectl(['annotate', 'service', SOURCE, `${annotation}=${pod}`]);
  await waitFor(`${pod} to lead`, () => stage.recorder.leader()?.name === pod);
  await stage.kubectl(['annotate', 'service', SOURCE, `${annotation}-`]);
  await stage.probe.until(
    `${pod} to answer`,
    (each) => 'server' in each && each.server === stage.recorder.leader()?.ip,
  );
}
