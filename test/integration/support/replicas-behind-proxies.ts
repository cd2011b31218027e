import type { FaultHttpProxy } from '../../support/fault-http-proxy.ts';
import type { Namespace } from './namespace.ts';
import type { OperatorProcess } from './operator-process.ts';
import { operatorProxy } from './proxy.ts';
import { startReplicas } from './replicas.ts';

export interface Replica {
  readonly proxy: FaultHttpProxy;
  readonly operator: OperatorProcess;
}

/** Two replicas, each with a way to the API server of its own. */
export async function behindProxies(ns: Namespace): Promise<{ holder: Replica; other: Replica }> {
  const ways = await Promise.all([operatorProxy(), operatorProxy()]);
  const kubeconfigs = ways.map(({ kubeconfig }) => kubeconfig);
  const operators = await startReplicas(ns, 2, kubeconfigs);
  const [holder, other] = ways.map(({ proxy }, index) => ({ proxy, operator: operators[index]! }));
  return { holder: holder!, other: other! };
}

/** Like a lost network: nothing is refused, nothing comes through. @returns the way back */
export function cutOff(proxy: FaultHttpProxy): () => void {
  const allow = proxy.addRule({ path: /./, delayMs: 60_000, answer: { status: 503 } });
  const thaw = proxy.freeze(/./, 'all');
  return () => {
    allow();
    thaw();
  };
}

export async function endAll(...replicas: readonly Replica[]): Promise<void> {
  await Promise.all(replicas.map(({ operator }) => operator.stop()));
  await Promise.all(replicas.map(({ proxy }) => proxy.stop()));
}
