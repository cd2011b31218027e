/** Where the commands of the pages run: a control plane with fake nodes, and the operator of the working tree. */
import { helmOk } from '../../chart/support/helm.ts';
import { ensureTools } from '../../cluster/build/builder.ts';
import { startCluster, type Cluster } from '../../cluster/cluster.ts';
import { ensureBundle } from '../../integration/support/bundle.ts';
import { installCrd } from '../../integration/support/crd.ts';
import { eventually } from '../../integration/support/eventually.ts';
import { startOperator, type OperatorProcess } from '../../integration/support/operator-process.ts';
import type { Namespaces } from './script.ts';
import { makeBin, makeSurroundings, type Surroundings, type Tools } from './surroundings.ts';

const NAMESPACES = '/api/v1/namespaces';
const CRD = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/leaderpolicies.zen-lead.io';
/** A namespace that still has pods when its content is deleted is looked at again only after the time they have to end. */
const PODS_AND_OWNERS = ['apps/v1/statefulsets', 'apps/v1/deployments', 'apps/v1/replicasets', 'v1/pods'];
const NAMESPACE_GONE_MS = 60_000;

interface Named {
  metadata: { name: string };
}

/** In which helm remembers a revision of a release. */
interface HelmSecret {
  metadata: { namespace: string; labels: { name: string } };
}

export class Stage {
  readonly cluster: Cluster;
  readonly #tools: Tools;
  readonly #bin: string;
  /** Namespaces of the cluster itself. */
  #kept: readonly string[] = [];
  #operator: OperatorProcess | undefined;

  private constructor(cluster: Cluster, tools: Tools) {
    this.cluster = cluster;
    this.#tools = tools;
    this.#bin = makeBin(cluster.stateDir, tools);
  }

  static async open(): Promise<Stage> {
    await ensureTools();
    const tools = await ensureTools(['kubectl', 'helm']);
    const [cluster] = await Promise.all([startCluster({ nodes: 3 }), ensureBundle()]);
    const stage = new Stage(cluster, tools);
    stage.#kept = await stage.#namespaces();
    await stage.#restore();
    return stage;
  }

  async close(): Promise<void> {
    await this.#operator?.stop();
    await this.cluster.stop();
  }

  /** Gives a page a namespace of its own and those that it names, the CRD and a running operator, and takes all back. */
  async play<T>(own: string, others: Namespaces, act: (around: Surroundings) => Promise<T>): Promise<T> {
    await Promise.all([own, ...others.named].map((name) => this.#create(name)));
    await Promise.all(others.created.map((name) => this.#gone(name)));
    const around = makeSurroundings({
      parent: this.cluster.stateDir,
      bin: this.#bin,
      tools: this.#tools,
      kubeconfig: this.cluster.kubeconfigPath,
      namespace: own,
    });
    try {
      return await act(around);
    } finally {
      await this.#uninstall();
      await this.#deleteNamespaces();
      await this.#restore();
    }
  }

  /** One of an earlier page may still be on its way out. */
  async #create(name: string): Promise<void> {
    const body = { metadata: { name } };
    await eventually(() => this.cluster.api.call('POST', NAMESPACES, { body }), {
      describe: `namespace ${name} to be made`,
      timeout: NAMESPACE_GONE_MS,
    });
  }

  async #gone(name: string): Promise<void> {
    await eventually(
      async () => {
        const { status } = await this.cluster.api.request('GET', `${NAMESPACES}/${name}`);
        if (status !== 404) throw new Error(`status ${status}`);
      },
      { describe: `namespace ${name} to be gone`, timeout: NAMESPACE_GONE_MS },
    );
  }

  async #uninstall(): Promise<void> {
    const path = '/api/v1/secrets?labelSelector=owner%3Dhelm';
    const { items } = await this.cluster.api.call<{ items: HelmSecret[] }>('GET', path);
    const releases = new Map(
      items.map(({ metadata }) => [`${metadata.namespace}/${metadata.labels.name}`, metadata]),
    );
    for (const { namespace, labels } of releases.values())
      await helmOk(['uninstall', labels.name, '-n', namespace], '', this.cluster.kubeconfigPath);
  }

  async #deleteNamespaces(): Promise<void> {
    const { api } = this.cluster;
    const names = (await this.#namespaces()).filter((name) => !this.#kept.includes(name));
    for (const name of names) {
      for (const path of PODS_AND_OWNERS) {
        const [resource = '', ...group] = path.split('/').reverse();
        const root = group.length > 1 ? '/apis' : '/api';
        await api.call('DELETE', `${root}/${group.reverse().join('/')}/namespaces/${name}/${resource}`);
      }
      await api.request('DELETE', `${NAMESPACES}/${name}`);
    }
  }

  /** The CRD and an operator that knows it: one that has lost it would look again only after some time. */
  async #restore(): Promise<void> {
    const { status } = await this.cluster.api.request('GET', CRD);
    if (status === 200 && this.#operator !== undefined) return;
    await installCrd(this.cluster);
    await this.#operator?.stop();
    const kubeconfig = this.cluster.kubeconfigPath;
    this.#operator = await (await startOperator({ namespaces: 'all', kubeconfig })).ready();
  }

  async #namespaces(): Promise<string[]> {
    const { items } = await this.cluster.api.call<{ items: Named[] }>('GET', NAMESPACES);
    return items.map(({ metadata }) => metadata.name);
  }
}
