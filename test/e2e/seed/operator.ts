/** The operator as users run it, and what befalls it. */
import { CHART, helmOk } from '../../chart/support/helm.ts';
import { waitFor } from '../../cluster/wait.ts';
import type { RealNode } from '../../node/node.ts';

export const OPERATOR_NAMESPACE = 'zen-lead';
const DEPLOYMENT = `/apis/apps/v1/namespaces/${OPERATOR_NAMESPACE}/deployments/zen-lead`;
const MERGE = 'application/merge-patch+json';

interface Named {
  readonly metadata: { readonly name: string };
}

/** With the chart's own values, but for its scope: it serves other namespaces, too. Resolves when both replicas are Ready. */
export async function installOperator(node: RealNode): Promise<void> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const body = { metadata: { name: OPERATOR_NAMESPACE, labels } };
  await node.api.call('POST', '/api/v1/namespaces', { body });
  const args = ['install', 'zen-lead', CHART, '--namespace', OPERATOR_NAMESPACE, '--set', 'scope=cluster'];
  await helmOk(args, '', node.kubeconfigPath);
  await replicasReady(node, 2);
}

/** Pods of its Deployment, the one that holds the Lease first. */
export async function operatorPods(node: RealNode): Promise<string[]> {
  const selector = encodeURIComponent('app.kubernetes.io/name=zen-lead');
  const path = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/pods?labelSelector=${selector}`;
  const { items } = await node.api.call<{ items: Named[] }>('GET', path);
  const holder = await holderOf(node);
  const names = items.map(({ metadata }) => metadata.name);
  return names.toSorted((a, b) => Number(holder.startsWith(b)) - Number(holder.startsWith(a)));
}

/** SIGKILL for all processes of these pods' containers; the kubelet starts the containers again. */
export async function killOperator(node: RealNode, pods: readonly string[]): Promise<void> {
  const processes = await Promise.all(pods.map((pod) => node.podProcesses(OPERATOR_NAMESPACE, pod)));
  for (const { pid } of processes.flat()) process.kill(pid, 'SIGKILL');
}

export async function scaleOperator(node: RealNode, replicas: number): Promise<void> {
  await node.api.call('PATCH', DEPLOYMENT, { contentType: MERGE, body: { spec: { replicas } } });
  await replicasReady(node, replicas);
  await waitFor(`${replicas} pods of the operator`, async () => {
    return (await operatorPods(node)).length === replicas;
  });
}

async function replicasReady(node: RealNode, replicas: number): Promise<void> {
  await waitFor(`${replicas} replicas of the operator`, async () => {
    const { status } = await node.api.call<{ status: { replicas?: number; readyReplicas?: number } }>(
      'GET',
      DEPLOYMENT,
    );
    return (status.replicas ?? 0) === replicas && (status.readyReplicas ?? 0) === replicas;
  });
}

async function holderOf(node: RealNode): Promise<string> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${OPERATOR_NAMESPACE}/leases/zen-lead`;
  const lease = await node.api.call<{ spec: { holderIdentity?: string | null } }>('GET', path);
  return lease.spec.holderIdentity ?? '';
}
