import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { Cluster } from '../../cluster/cluster.ts';
import { sliceName } from '../../../src/names.ts';
import type { AddressType } from '../../../src/names.ts';
import { eventually } from './eventually.ts';
import { PodHandle, podBody, type PodOptions } from './pod.ts';
import type { Endpoint, KubeEvent, List, Service, ServicePort, Slice } from './shapes.ts';
import { sharedCluster } from './shared.ts';

const MERGE = 'application/merge-patch+json';

export interface ServiceOptions {
  /** `enabled: "true"` unless false; keys without a domain are those of zen-lead.io. */
  annotations?: Record<string, string> | false;
  labels?: Record<string, string>;
  /** The Service's name as `app` unless told otherwise. */
  selector?: Record<string, string>;
  ports?: ServicePort[];
  /** The rest of spec. */
  spec?: Record<string, unknown>;
}

/** Makes a fresh namespace with a name that begins with the prefix. */
export async function namespace(prefix: string, cluster: Cluster = sharedCluster()): Promise<Namespace> {
  const name = `${prefix}-${randomBytes(3).toString('hex')}`;
  await cluster.api.call('POST', '/api/v1/namespaces', { body: { metadata: { name } } });
  return new Namespace(name, cluster);
}

/** What users and controllers do in one namespace, on the real API. */
export class Namespace {
  readonly name: string;
  readonly cluster: Cluster;

  constructor(name: string, cluster: Cluster) {
    this.name = name;
    this.cluster = cluster;
  }

  /** A source Service: opted in, with the port 5432 and the selector `app: <name>` unless told otherwise. */
  async createService(name: string, options: ServiceOptions = {}): Promise<Service> {
    const { annotations = {}, labels = {}, selector = { app: name }, spec = {} } = options;
    const ports = options.ports ?? [{ name: 'db', port: 5432 }];
    const metadata = {
      name,
      labels,
      annotations: annotations === false ? {} : qualified({ enabled: 'true', ...annotations }),
    };
    return this.#call('POST', this.path('services'), { metadata, spec: { selector, ports, ...spec } });
  }

  /** Writes (null: removes) annotations of a Service; keys without a domain are those of zen-lead.io. */
  async annotate(service: string, annotations: Record<string, string | null>): Promise<Service> {
    return this.patchService(service, { metadata: { annotations: qualified(annotations) } });
  }

  /** A JSON merge patch. */
  async patchService(name: string, patch: object): Promise<Service> {
    return this.#patch(this.path('services', name), patch);
  }

  async patchSlice(name: string, patch: object): Promise<Slice> {
    return this.#patch(this.path('endpointslices', name), patch);
  }

  async deleteService(name: string, query = ''): Promise<void> {
    await this.#call('DELETE', `${this.path('services', name)}${query}`);
  }

  async deleteSlice(name: string): Promise<void> {
    await this.#call('DELETE', this.path('endpointslices', name));
  }

  async createSlice(body: object): Promise<Slice> {
    return this.#call('POST', this.path('endpointslices'), body);
  }

  /** undefined: there is none. */
  async service(name: string): Promise<Service | undefined> {
    return this.#find<Service>(this.path('services', name));
  }

  /** A pod with a status: Running and Ready on node-0 with an address of its own, unless told otherwise. */
  async createPod(name: string, options: PodOptions = {}): Promise<PodHandle> {
    const created = await this.#call<{ metadata: { uid: string } }>(
      'POST',
      this.path('pods'),
      podBody(name, options),
    );
    const pod = new PodHandle(this, name, created.metadata.uid, options);
    await pod.writeStatus();
    return pod;
  }

  /** Pods `<app>-0`, `<app>-1` ... one after the other, the first one the longest Ready: it is elected first. */
  async createPods(app: string, count: number, options: PodOptions = {}): Promise<PodHandle[]> {
    const pods: PodHandle[] = [];
    for (let index = 0; index < count; index += 1) {
      pods.push(await this.createPod(`${app}-${index}`, { app, readyFor: 100 - index, ...options }));
    }
    return pods;
  }

  /** What the operator remembers in the slice of a leader Service. */
  async memory(leaderService: string): Promise<{ epoch: number; pod: string; switchover: string }> {
    const { annotations = {} } = (await this.slice(leaderService))?.metadata ?? {};
    return {
      epoch: Number(annotations['zen-lead.io/leader-epoch'] ?? -1),
      pod: annotations['zen-lead.io/leader-pod'] ?? '',
      switchover: annotations['zen-lead.io/switchover'] ?? '',
    };
  }

  /** Slices that feed a Service, whoever wrote them, in the order of their names. */
  async slices(service: string): Promise<Slice[]> {
    const query = `?labelSelector=${encodeURIComponent(`kubernetes.io/service-name=${service}`)}`;
    const { items } = await this.#call<List<Slice>>('GET', this.path('endpointslices') + query);
    return items.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  /** The operator's slice of one family. */
  async slice(leaderService: string, family: AddressType = 'IPv4'): Promise<Slice | undefined> {
    return this.#find<Slice>(this.path('endpointslices', sliceName(leaderService, family)));
  }

  /** The one endpoint of the operator's slice; null while it has none; undefined while there is no slice. */
  async endpoint(leaderService: string, family: AddressType = 'IPv4'): Promise<Endpoint | null | undefined> {
    const slice = await this.slice(leaderService, family);
    if (slice === undefined) return undefined;
    const endpoints = slice.endpoints ?? [];
    if (endpoints.length > 1)
      throw new Error(`Expected at most one endpoint, got ${JSON.stringify(endpoints)}`);
    return endpoints[0] ?? null;
  }

  /** Name of the pod that leads; null while nobody does; undefined while there is no slice. */
  async leaderOf(leaderService: string): Promise<string | null | undefined> {
    const endpoint = await this.endpoint(leaderService);
    return endpoint === null || endpoint === undefined ? endpoint : endpoint.targetRef?.name;
  }

  /** Waits until this pod leads (null: nobody). */
  async leads(leaderService: string, pod: string | null, timeout = 5_000): Promise<void> {
    const describe = `${pod ?? 'nobody'} to lead ${this.name}/${leaderService}`;
    await eventually(
      async () => {
        expect(await this.leaderOf(leaderService)).to.equal(pod);
      },
      { timeout, describe },
    );
  }

  /** Events in the order in which they happened; of one object where its name is given. */
  async events(regarding?: string): Promise<KubeEvent[]> {
    const { items } = await this.#call<List<KubeEvent>>('GET', this.path('events'));
    return items
      .filter((event) => regarding === undefined || event.regarding.name === regarding)
      .sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1));
  }

  /** The Events with a reason about an object, as soon as there are any. */
  async eventsOf(regarding: string, reason: string, timeout = 5_000): Promise<KubeEvent[]> {
    const describe = `Event ${reason} on ${this.name}/${regarding}`;
    return eventually(
      async () => {
        const all = await this.events(regarding);
        const found = all.filter((event) => event.reason === reason);
        if (found.length === 0)
          throw new Error(`there are ${all.map((event) => event.reason).join(', ') || 'none'}`);
        return found;
      },
      { timeout, describe },
    );
  }

  /** Waits for an Event with this text in its note. */
  async eventSaying(regarding: string, reason: string, text: string): Promise<KubeEvent> {
    return eventually(
      async () => {
        const notes = (await this.events(regarding)).filter((event) => event.reason === reason);
        const found = notes.find(({ note }) => note.includes(text));
        if (found === undefined)
          throw new Error(`there are ${JSON.stringify(notes.map(({ note }) => note))}`);
        return found;
      },
      { describe: `Event ${reason} on ${regarding} that says "${text}"` },
    );
  }

  /** Starts the deletion of the namespace. */
  async delete(): Promise<void> {
    await this.#call('DELETE', `/api/v1/namespaces/${this.name}`);
  }

  /** Path of a resource in this namespace, or of one object. */
  path(resource: keyof typeof ROOTS, name?: string): string {
    const collection = `${ROOTS[resource]}/namespaces/${this.name}/${resource}`;
    return name === undefined ? collection : `${collection}/${name}`;
  }

  async #patch<T>(path: string, body: object): Promise<T> {
    return this.cluster.api.call<T>('PATCH', path, { contentType: MERGE, body });
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    return this.cluster.api.call<T>(method, path, body === undefined ? {} : { body });
  }

  async #find<T>(path: string): Promise<T | undefined> {
    const { status, body } = await this.cluster.api.request('GET', path);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }
}

const ROOTS = {
  services: '/api/v1',
  pods: '/api/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  events: '/apis/events.k8s.io/v1',
  leaderpolicies: '/apis/zen-lead.io/v1alpha1',
} as const;

function qualified<V>(annotations: Record<string, V>): Record<string, V> {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [
      key.includes('/') ? key : `zen-lead.io/${key}`,
      value,
    ]),
  );
}
