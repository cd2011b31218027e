import { FaultHttpProxy } from '../../support/fault-http-proxy.ts';
import { endAtLast } from './leftovers.ts';
import { OPERATOR } from './rbac.ts';
import { sharedCluster } from './shared.ts';

/** A proxy in front of the shared cluster; who comes through its kubeconfig has exactly the operator's rights. */
export async function operatorProxy(): Promise<{ proxy: FaultHttpProxy; kubeconfig: string }> {
  const proxy = await FaultHttpProxy.start(sharedCluster(), OPERATOR);
  endAtLast(() => proxy.stop());
  return { proxy, kubeconfig: await proxy.createKubeconfig() };
}
