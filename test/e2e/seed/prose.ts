/** What was measured once, as Markdown. Pure. */
import type { LostNode } from './lost-node.ts';
import type { Rollout } from './rollout.ts';
import type { Traffic } from './traffic.ts';

export interface Absence {
  /** With no replica of the operator. */
  readonly calm: Traffic;
  /** Milliseconds from when its replicas were asked for again until another pod than the lost leader answered. */
  readonly answeredAgain: number;
}

export function rolloutTable(rollouts: readonly Rollout[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row([
      'who led at first',
      'new connections',
      'that failed',
      'the slowest',
      'moves of the leader',
      'the whole rollout',
    ]),
    '|---|---:|---:|---:|---:|---:|',
    ...rollouts.map(({ leader, traffic, moves, seconds }) =>
      row([
        leader,
        String(traffic.connections),
        failures(traffic),
        `${traffic.slowest.toFixed(0)} ms`,
        String(moves),
        `${seconds.toFixed(0)} s`,
      ]),
    ),
  ].join('\n');
}

export function absenceLine({ calm, answeredAgain }: Absence): string {
  const { connections } = calm;
  return (
    `- **No operator** (its Deployment scaled to 0): the leader Service leads where it led; of ${connections} new connections ${failures(calm)} failed. ` +
    `A leader that is lost meanwhile is replaced when the operator is back: the next one answered ${seconds(answeredAgain)} after its replicas were asked for.`
  );
}

export function lostNodeLine(lost: LostNode): string {
  const { notReady, withdrawn, refused, meanwhile, answeredAgain } = lost;
  return (
    `- **A lost node** (its kubelet frozen): Kubernetes says NotReady after ${seconds(notReady)}, and until then the pod that nobody looks after goes on serving: of ${meanwhile.connections} new connections ` +
    `${failures(meanwhile)} failed. Then the leader is withdrawn: ${(withdrawn - notReady).toFixed(0)} ms later where there is no other node, as here, and nobody answers (the first connection was refused after ${seconds(refused)}). ` +
    `Once the kubelet was back, the first answer came after ${seconds(answeredAgain)}.`
  );
}

function failures({ failed }: Traffic): string {
  const all = Object.entries(failed).map(([kind, count]) => `${count} ${kind}`);
  return all.length === 0 ? '0' : all.join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
