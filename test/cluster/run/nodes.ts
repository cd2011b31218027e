import { waitFor } from '../wait.ts';
import type { ApiClient } from './api.ts';

interface Node {
  spec?: { taints?: unknown[] };
  status?: { conditions?: { type: string; status: string }[] };
}

/** Creates the nodes that kwok keeps alive, and waits until the scheduler may use them all. */
export async function createFakeNodes(api: ApiClient, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `node-${String(index)}`);
  await Promise.all(names.map((name) => api.call('POST', '/api/v1/nodes', { body: fakeNode(name) })));
  await waitFor(`${String(count)} fake nodes to become Ready`, async () => {
    const { items } = await api.call<{ items: Node[] }>('GET', '/api/v1/nodes');
    return items.length >= count && items.every(isUsable);
  });
}

function fakeNode(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
  };
}

/** A new node is tainted not-ready until the node life cycle controller has seen it Ready. */
function isUsable({ spec, status }: Node): boolean {
  const ready = status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
  return ready && (spec?.taints ?? []).length === 0;
}
