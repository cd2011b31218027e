import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../cluster/wait.ts';
import { endOf, hasFailed } from '../client/lines.ts';
import { monotonicMs } from '../clock.ts';
import type { Stage } from './stage.ts';
import { trafficOf, type Traffic } from './traffic.ts';

/** Times in milliseconds. */
export interface LostNode {
  /** Since the kubelet was frozen: the API server's first word that the leader is not Ready. */
  readonly notReady: number;
  /** The leader slice is empty: the node's pods are all lost, and there is no other node. */
  readonly withdrawn: number;
  /** The first connection that was refused. */
  readonly refused: number;
  /** Connections until then: nobody knows of the loss, and the pods go on. */
  readonly meanwhile: Traffic;
  /** Since the kubelet was thawed. */
  readonly readyAgain: number;
  readonly answeredAgain: number;
}

const LOST_MS = 100_000;

/** The only node is lost, as far as Kubernetes can tell: its kubelet is frozen. */
export async function loseNode(stage: Stage): Promise<LostNode> {
  const { node, recorder, probe } = stage;
  const leader = await stage.leader();
  const at = monotonicMs();
  node.freeze('kubelet');
  try {
    const withdrawn = await waitFor(
      'the leader to be withdrawn',
      () =>
        recorder.sightings.find((each) => each.what === 'leader' && each.at > at && each.ready.length === 0),
      { timeoutMs: LOST_MS },
    );
    const refused = await probe.until(
      'a connection to be refused',
      (each) => each.at > at && hasFailed(each) && each.error === 'refused',
    );
    const lost = recorder.sightings.find(
      (each) => each.what === 'pod' && each.at > at && each.uid === leader.uid && !each.fit,
    );
    // So long nobody is to lead, whoever else may want to.
    await sleep(1_000);
    const thawed = monotonicMs();
    node.thaw('kubelet');
    const answered = await probe.until('an answer', (each) => each.at > thawed && !hasFailed(each), LOST_MS);
    const ready = recorder.sightings.find((each) => each.what === 'pod' && each.at > thawed && each.fit);
    return {
      notReady: (lost?.at ?? NaN) - at,
      withdrawn: withdrawn.at - at,
      refused: endOf(refused) - at,
      meanwhile: trafficOf(probe.attempts, at, lost?.at ?? at),
      readyAgain: (ready?.at ?? NaN) - thawed,
      answeredAgain: endOf(answered) - thawed,
    };
  } finally {
    node.thaw('kubelet');
  }
}
