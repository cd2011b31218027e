import { waitFor } from '../wait.ts';
import type { ApiClient } from './api.ts';

interface Node {
  spec?: { taints?: unknown[] };
  status?: { conditions?: { type: string; status: string }[] };
}

/** Creates the nodes node-0, node-1 ... Without kwok they stay as they are: objects for pods to name. */
export async function createNodes(api: ApiClient, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `node-${String(index)}`);
  await Promise.all(names.map((name) => api.call('POST', '/api/v1/nodes', { body: nodeNamed(name) })));
}

/** Waits until kwok has made all nodes Ready and the scheduler may use them. */
export async function nodesAreUsable(api: ApiClient): Promise<void> {
  await waitFor('the fake nodes to become Ready', async () => {
    const { items } = await api.call<{ items: Node[] }>('GET', '/api/v1/nodes');
    return items.every(isUsable);
  });
}

function nodeNamed(name: string): object {
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
  const ready =
    status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
  return ready && (spec?.taints ?? []).length === 0;
}
