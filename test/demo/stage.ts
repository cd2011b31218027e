/** Where the demo plays: a control plane of its own, or a namespace of its own on the user's cluster. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStatus, messageOf } from '../../src/errors.ts';
import { KubeClient } from '../../src/kube/client.ts';
import { loadKubeConfig } from '../../src/kube/kubeconfig.ts';
import { VERSION } from '../../src/version.ts';
import { ensureTools } from '../cluster/build/builder.ts';
import { startCluster } from '../cluster/cluster.ts';
import { hasKubectl, Kubectl } from './kubectl.ts';
import { DemoError, dim, say } from './terminal.ts';

export interface Stage {
  readonly client: KubeClient;
  readonly kubectl: Kubectl;
  /** Value of KUBECONFIG. */
  readonly kubeconfig: string;
  readonly namespace: string;
  /** The nodes are kwok's: no kubelet writes back a pod's status that somebody has patched. */
  readonly fakeNodes: boolean;
  /** The control plane is the demo's own, and goes with it. */
  readonly disposable: boolean;
  /** Takes back all that was made. */
  readonly close: () => Promise<void>;
}

const NODES = 3;
/** A namespace goes when its pods have ended: 30 s each at the most, by Kubernetes' default. */
const NAMESPACE_GONE_MS = 60_000;

export async function openStage(signal: AbortSignal): Promise<Stage> {
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  return kubeconfig === '' ? await embedded(signal) : await usersOwn(kubeconfig, signal);
}

async function embedded(signal: AbortSignal): Promise<Stage> {
  say(
    'Starting a Kubernetes of its own on 127.0.0.1: real etcd, kube-apiserver, kube-controller-manager and',
  );
  say('kube-scheduler; the nodes are faked by kwok. (Set KUBECONFIG to use a cluster of yours.)');
  const startedAt = performance.now();
  const log = (line: string): void => {
    say(dim(`    ${((performance.now() - startedAt) / 1000).toFixed(1)} s  ${line}`));
  };
  const starting = startCluster({ nodes: NODES, log });
  const cluster = await Promise.race([starting, aborted(signal)]).catch(async (error: unknown) => {
    // One that was half started is ended too; a build ends with this process.
    if (signal.aborted)
      await Promise.race([starting.then((late) => late.stop()).catch(() => undefined), sleep(10_000)]);
    throw error;
  });
  const kubeconfig = cluster.kubeconfigPath;
  const client = clientOf(kubeconfig).client;
  return {
    client,
    kubectl: new Kubectl({ binary: cluster.kubectlPath, kubeconfig, namespace: undefined, signal }),
    kubeconfig,
    namespace: 'default',
    fakeNodes: true,
    disposable: true,
    close: async () => {
      await client.close();
      await cluster.stop();
    },
  };
}

async function usersOwn(kubeconfig: string, signal: AbortSignal): Promise<Stage> {
  const { client, server, context, origin } = clientOf(kubeconfig);
  const namespace = `zen-lead-demo-${randomBytes(3).toString('hex')}`;
  say(`Using your cluster: ${server} (context ${context} of ${origin}).`);
  say(`All that is made goes into the new namespace ${namespace}, which is deleted at the end. So is the`);
  say('CustomResourceDefinition of LeaderPolicy, if it is not there yet; one that is there stays as it is.');
  const binary = (await hasKubectl()) ? 'kubectl' : (await ensureTools(['kubectl'])).kubectl;
  const fakeNodes = await hasFakeNodes(client);
  signal.throwIfAborted();
  // From here on there is something to take back.
  await client.call({
    verb: 'create',
    resource: 'namespaces',
    path: '/api/v1/namespaces',
    body: { metadata: { name: namespace, labels: { 'app.kubernetes.io/part-of': 'zen-lead-demo' } } },
  });
  return {
    client,
    kubectl: new Kubectl({ binary, kubeconfig, namespace, signal }),
    kubeconfig,
    namespace,
    fakeNodes,
    disposable: false,
    close: async () => {
      await deleteNamespace(client, namespace);
      await client.close();
    },
  };
}

function clientOf(kubeconfig: string): {
  client: KubeClient;
  server: string;
  context: string;
  origin: string;
} {
  const { kubeConfig, server, origin } = loadKubeConfig({ ...process.env, KUBECONFIG: kubeconfig });
  const client = new KubeClient({ kubeConfig, version: `${VERSION} demo` });
  return { client, server, context: kubeConfig.getCurrentContext(), origin };
}

/** As those of `make cluster-up`. Somebody who may not list nodes has a cluster with real ones. */
async function hasFakeNodes(client: KubeClient): Promise<boolean> {
  try {
    const { items } = await client.call<{ items: { metadata: { annotations?: Record<string, string> } }[] }>({
      verb: 'list',
      resource: 'nodes',
      path: '/api/v1/nodes',
    });
    return (
      items.length > 0 &&
      items.every(({ metadata }) => metadata.annotations?.['kwok.x-k8s.io/node'] === 'fake')
    );
  } catch (error) {
    if (isStatus(error, 403)) return false;
    throw error;
  }
}

async function deleteNamespace(client: KubeClient, namespace: string): Promise<void> {
  const call = { resource: 'namespaces', path: `/api/v1/namespaces/${namespace}` } as const;
  const deadline = performance.now() + NAMESPACE_GONE_MS;
  say(`Deleting namespace ${namespace} ...`);
  try {
    await client.call({ ...call, verb: 'delete' });
    while (performance.now() < deadline) {
      await sleep(200);
      await client.call({ ...call, verb: 'get' });
    }
    say(`It is still ending; kubectl get namespace ${namespace} tells when it is gone.`);
  } catch (error) {
    if (isStatus(error, 404)) return;
    throw new DemoError(`Namespace ${namespace} is not deleted: ${messageOf(error)}`, { cause: error });
  }
}

/** Rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
