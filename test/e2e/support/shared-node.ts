/** One node for all end-to-end tests, with the operator in it as its users install it: both together take half a minute. */
import { ensureTools } from '../../cluster/build/builder.ts';
import type { RealNode } from '../../node/node.ts';
import { startNode } from '../../node/start.ts';
import { installOperator } from '../seed/operator.ts';

let started: Promise<RealNode> | undefined;

/** The very first time everything is built and made: give it an hour. */
export function sharedNode(): Promise<RealNode> {
  started ??= start();
  return started;
}

async function start(): Promise<RealNode> {
  // Before the clocks of tests run.
  await ensureTools(['coredns']);
  const node = await startNode({ images: ['postgres', 'patroni', 'zen-lead'] });
  await installOperator(node);
  return node;
}

/** Ends it, where it was started. */
export async function stopSharedNode(): Promise<void> {
  const node = await started?.catch(() => undefined);
  await node?.stop();
}

/** Removes a namespace with what runs in it, without waiting for anybody's last words: the next tests measure. */
export async function clear(node: RealNode, namespace: string): Promise<void> {
  await node.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await node.kubectl(['--namespace', namespace, 'delete', 'pods', '--all', '--force', '--grace-period=0']);
  await node.kubectl(['wait', '--for=delete', `namespace/${namespace}`, '--timeout=60s']);
}
