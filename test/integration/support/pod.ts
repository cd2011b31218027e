import type { Namespace } from './namespace.ts';

export interface PodOptions {
  /** Label `app`; the name up to its last dash unless told otherwise: `db` of `db-0`. */
  app?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** true unless told otherwise. */
  ready?: boolean;
  /** Seconds since Ready last changed; 0 unless told otherwise. Whole seconds, as the kubelet writes them. */
  readyFor?: number;
  /** One of its own unless told otherwise. */
  ips?: readonly string[];
  /** The rest of spec. */
  spec?: Record<string, unknown>;
  phase?: string;
}

const MERGE = 'application/merge-patch+json';
/** The one Node there is: pods on it stay terminating, and are in kube-controller-manager's own slices. */
const NODE = 'node-0';

let addresses = 0;

/** An IPv4 address that no other pod of this process was given. */
export function freshAddress(): string {
  addresses += 1;
  return `10.244.${addresses >> 8}.${addresses & 255}`;
}

/** The IPv6 address that goes with an IPv4 one. */
export function freshAddresses(): [string, string] {
  const ipv4 = freshAddress();
  return [ipv4, `fd00:10:244::${addresses.toString(16)}`];
}

export function podBody(name: string, { app, labels, annotations, spec }: PodOptions): object {
  const ports = [{ name: 'db', containerPort: 5432 }];
  return {
    metadata: { name, labels: { app: app ?? name.replace(/-[^-]*$/, ''), ...labels }, annotations },
    spec: { nodeName: NODE, containers: [{ name: 'db', image: 'db', ports }], ...spec },
  };
}

/** A pod that was made by hand, and whose kubelet is the test. */
export class PodHandle {
  readonly name: string;
  readonly uid: string;
  readonly #namespace: Namespace;
  readonly #phase: string;
  #ips: readonly string[];
  #ready: boolean;
  #changedAt: number;

  constructor(namespace: Namespace, name: string, uid: string, options: PodOptions) {
    this.name = name;
    this.uid = uid;
    this.#namespace = namespace;
    this.#phase = options.phase ?? 'Running';
    this.#ips = options.ips ?? [freshAddress()];
    this.#ready = options.ready ?? true;
    this.#changedAt = Date.now() - (options.readyFor ?? 0) * 1000;
  }

  get ip(): string {
    return this.#ips[0] ?? '';
  }

  get ips(): readonly string[] {
    return this.#ips;
  }

  /** Changes condition Ready, so many seconds ago. */
  async setReady(ready: boolean, secondsAgo = 0): Promise<void> {
    this.#ready = ready;
    this.#changedAt = Date.now() - secondsAgo * 1000;
    await this.writeStatus();
  }

  async setAddresses(...ips: string[]): Promise<void> {
    this.#ips = ips;
    await this.writeStatus();
  }

  /** A merge patch of the pod itself: labels, annotations. */
  async patch(body: object): Promise<void> {
    await this.#call('PATCH', '', body);
  }

  /** A graceful delete: the pod stays, terminating, until `remove`. */
  async terminate(): Promise<void> {
    await this.#call('DELETE', '', {});
  }

  /** Deletes it at once. */
  async remove(): Promise<void> {
    await this.#call('DELETE', '', { gracePeriodSeconds: 0 });
  }

  async writeStatus(): Promise<void> {
    const lastTransitionTime = `${new Date(this.#changedAt).toISOString().slice(0, 19)}Z`;
    const conditions = [{ type: 'Ready', status: this.#ready ? 'True' : 'False', lastTransitionTime }];
    const podIPs = this.#ips.map((ip) => ({ ip }));
    const status = { phase: this.#phase, podIP: this.#ips[0] ?? null, podIPs, conditions };
    await this.#call('PATCH', '/status', { status });
  }

  async #call(method: string, subresource: string, body: object): Promise<void> {
    const path = this.#namespace.path('pods', this.name) + subresource;
    const contentType = method === 'PATCH' ? MERGE : 'application/json';
    await this.#namespace.cluster.api.call(method, path, { body, contentType });
  }
}
