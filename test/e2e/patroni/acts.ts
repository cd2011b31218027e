/** What befalls a member, done from outside of its pod: neither Patroni nor Kubernetes is asked. */
import { hasCode } from '../../cluster/errors.ts';
import { run } from '../../cluster/build/go.ts';
import type { RealNode } from '../../node/node.ts';

/** What befell it; `undo` takes that back, where it can be. */
export interface Done {
  readonly undo: () => Promise<void>;
}

export interface PodName {
  readonly namespace: string;
  readonly pod: string;
}

/** All processes of the pod stop in their tracks; its connections stay open. */
export async function freeze(node: RealNode, { namespace, pod }: PodName): Promise<Done> {
  const pids = await pidsOf(node, namespace, pod);
  signal(pids, 'SIGSTOP');
  return {
    undo: () => {
      signal(pids, 'SIGCONT');
      return Promise.resolve();
    },
  };
}

/** All processes of the pod's containers end at once; the kubelet starts the container again, in the same pod. */
export async function kill(node: RealNode, { namespace, pod }: PodName): Promise<Done> {
  signal(await pidsOf(node, namespace, pod), 'SIGKILL');
  return { undo: () => Promise.resolve() };
}

const TABLE = 'ip zen_lead_partition';

/**
 * The pod neither hears these addresses nor is heard by them; clients and the kubelet still reach it. The rules are in the
 * network of the pod, before all others: established connections are cut off, too, and nobody is told.
 */
export async function partition(
  node: RealNode,
  { namespace, pod }: PodName,
  from: readonly string[],
): Promise<Done> {
  const [pid] = await pidsOf(node, namespace, pod);
  if (pid === undefined) throw new Error(`Expected ${pod} to have a process`);
  const nft = async (...commands: string[]): Promise<void> => {
    await run('nsenter', ['--target', String(pid), '--net', 'nft', commands.join('; ')]);
  };
  const rules = (chain: string, field: string): string[] => [
    `add chain ${TABLE} ${chain} { type filter hook ${chain} priority -300; }`,
    `add rule ${TABLE} ${chain} ip ${field} { ${from.join(', ')} } drop`,
  ];
  await nft(`add table ${TABLE}`, ...rules('input', 'saddr'), ...rules('output', 'daddr'));
  return { undo: () => nft(`delete table ${TABLE}`) };
}

async function pidsOf(node: RealNode, namespace: string, pod: string): Promise<number[]> {
  return (await node.podProcesses(namespace, pod)).map(({ pid }) => pid);
}

/** Of a database with clients and probes: some end meanwhile. */
function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error;
    }
  }
}
