/** The objects that the demo looks at and changes, through the operator's own API client. */
import type { KubeClient } from '../../src/kube/client.ts';
import { POLICY_API_VERSION } from '../../src/names.ts';

interface RawPod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly status?: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface RawService {
  readonly metadata: { readonly uid: string; readonly annotations?: Record<string, string> };
  readonly spec: { readonly clusterIP: string };
}

export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly ip: string | undefined;
  /** Ready, and not being deleted. */
  readonly ready: boolean;
}

export const SOURCE = 'postgres';
export const LEADER = 'postgres-leader';
export const POLICY = 'postgres';

export class Objects {
  readonly #client: KubeClient;
  readonly #namespace: string;

  constructor(client: KubeClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  /** The pods of the Service `postgres`, by name. */
  async pods(): Promise<Pod[]> {
    const list = await this.#client.call<{ items: RawPod[] }>({
      verb: 'list',
      resource: 'pods',
      path: this.#path('pods'),
      query: { labelSelector: 'app=postgres' },
    });
    return list.items.map(podOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Name of the leader as the operator tells it on the leader Service. */
  async announcedLeader(): Promise<string | undefined> {
    return (await this.#leaderService()).metadata.annotations?.['zen-lead.io/leader-pod-name'];
  }

  /** What clients hold on to. */
  async leaderAddress(): Promise<string> {
    const { metadata, spec } = await this.#leaderService();
    return `${spec.clusterIP} of Service ${metadata.uid}`;
  }

  async annotate(name: string, value: string): Promise<void> {
    await this.#client.call({
      verb: 'patch',
      resource: 'services',
      path: this.#path('services', SOURCE),
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { [name]: value } } },
    });
  }

  async patchPolicy(body: object): Promise<void> {
    await this.#client.call({
      verb: 'patch',
      resource: 'leaderpolicies',
      path: `/apis/${POLICY_API_VERSION}/namespaces/${this.#namespace}/leaderpolicies/${POLICY}`,
      contentType: 'application/merge-patch+json',
      body,
    });
  }

  /** As the kubelet does it: the condition, and since when. */
  async patchStatus(pod: Pod, body: object): Promise<void> {
    await this.#client.call({
      verb: 'patch',
      resource: 'pods',
      path: `${this.#path('pods', pod.name)}/status`,
      contentType: 'application/strategic-merge-patch+json',
      body,
    });
  }

  async deletePod(pod: Pod): Promise<void> {
    await this.#client.call({
      verb: 'delete',
      resource: 'pods',
      path: this.#path('pods', pod.name),
      body: { preconditions: { uid: pod.uid } },
    });
  }

  async #leaderService(): Promise<RawService> {
    const path = this.#path('services', LEADER);
    return await this.#client.call<RawService>({ verb: 'get', resource: 'services', path });
  }

  #path(resource: string, name?: string): string {
    return `/api/v1/namespaces/${this.#namespace}/${resource}${name === undefined ? '' : `/${name}`}`;
  }
}

function podOf({ metadata, status }: RawPod): Pod {
  const ready =
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
  return {
    name: metadata.name,
    uid: metadata.uid,
    ip: status?.podIP,
    ready: ready && metadata.deletionTimestamp === undefined,
  };
}

/** Conditions of one type are merged; the rest of the status stays. */
export function readyPatch(ready: boolean, now = new Date()): object {
  const lastTransitionTime = `${now.toISOString().slice(0, 19)}Z`;
  return {
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime }] },
  };
}
