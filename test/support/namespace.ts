/** A namespace in memory: as much of the API server, the garbage collector and kube-controller-manager as a plan meets. */
import type { EndpointSlice, LeaderPolicy, Pod, Service } from '../../src/api/objects.ts';
import type { LeaderPolicyStatus } from '../../src/api/leader-policy.ts';
import { KCM_SLICE_MANAGER, LABEL, POLICY_KIND } from '../../src/names.ts';
import type { Body, StatusUpdate, Write } from '../../src/plan/types.ts';
import { projectEndpointSlice, projectService } from '../../src/watch/projections.ts';
import { mergePatch, validateSlice, wire, withServiceDefaults, type Raw } from './api-server.ts';
import { NOW } from './builders.ts';

export class Namespace {
  now = NOW;
  /** The sources, by name. */
  readonly sources = new Map<string, Service>();
  readonly policies = new Map<string, LeaderPolicy>();
  /** Without it there are no policies, and the garbage collector cannot look one up. */
  hasCrd = true;
  pods: readonly Pod[] = [];
  /** All Services that are no sources, and all slices. */
  readonly services = new Map<string, Raw>();
  readonly slices = new Map<string, Raw>();
  #serial = 0;

  service(name: string): Service | undefined {
    const raw = this.services.get(name);
    return raw === undefined ? this.sources.get(name) : projectService(raw);
  }

  slice(name: string): EndpointSlice | undefined {
    const raw = this.slices.get(name);
    return raw === undefined ? undefined : projectEndpointSlice(raw);
  }

  podsOf({ selector }: Service): Pod[] {
    if (selector === undefined) return [];
    const pairs = Object.entries(selector);
    return this.pods.filter(({ labels }) => pairs.every(([name, value]) => labels[name] === value));
  }

  apply(write: Write): void {
    switch (write.kind) {
      case 'createService':
        this.create(this.services, write.body);
        break;
      case 'createSlice':
        validateSlice(this.create(this.slices, write.body));
        break;
      case 'putSlice': {
        const present = must(this.slices.get(write.name), write.name);
        const raw = wire(write.body);
        equal('resourceVersion', raw.metadata.resourceVersion, present.metadata.resourceVersion);
        equal('addressType', raw.addressType, present.addressType);
        validateSlice(raw);
        const { uid, creationTimestamp } = present.metadata;
        this.store(this.slices, { ...raw, metadata: { ...raw.metadata, uid, creationTimestamp } });
        break;
      }
      case 'patchService':
        this.patch(write.name, write.patch);
        break;
      case 'deleteService':
        this.#delete(this.services, write);
        break;
      case 'deleteSlice':
        this.#delete(this.slices, write);
    }
  }

  create(store: Map<string, Raw>, body: Body): Raw {
    const raw = wire(body);
    const { name } = raw.metadata;
    if (store.has(name) || (store === this.services && this.sources.has(name)))
      throw new Error(`${name} exists`);
    const creationTimestamp = new Date(this.now).toISOString();
    const metadata = { ...raw.metadata, uid: `made-${++this.#serial}`, creationTimestamp };
    return this.store(store, { ...raw, metadata });
  }

  patch(name: string, patch: Body): void {
    const present = must(this.services.get(name), name);
    const { resourceVersion = present.metadata.resourceVersion } = (patch['metadata'] ?? {}) as Partial<
      Raw['metadata']
    >;
    equal('resourceVersion', resourceVersion, present.metadata.resourceVersion);
    this.store(this.services, mergePatch(present, wire(patch)) as Raw);
  }

  /** As `kubectl apply`: another spec; the object and its status stay. */
  applyPolicy(policy: LeaderPolicy): void {
    const present = this.policies.get(policy.name);
    const resourceVersion = String(++this.#serial);
    const kept =
      present === undefined
        ? {}
        : { uid: present.uid, status: present.status, generation: present.generation + 1 };
    this.policies.set(policy.name, { ...policy, ...kept, resourceVersion });
  }

  /** Throws where the policy is another one by now, as the API server does. */
  updateStatus({ policy: { name, uid }, resourceVersion, patch }: StatusUpdate): void {
    const present = must(this.policies.get(name), name);
    equal('UID', uid, present.uid);
    equal('resourceVersion', resourceVersion, present.resourceVersion);
    const status = mergePatch(present.status, JSON.parse(JSON.stringify(patch))) as LeaderPolicyStatus;
    this.policies.set(name, { ...present, status, resourceVersion: String(++this.#serial) });
  }

  /** Another hand edits an object; does nothing where there is none. */
  edit(store: Map<string, Raw>, name: string, change: (raw: Raw) => void): void {
    const present = store.get(name);
    if (present === undefined) return;
    const copy = structuredClone(present);
    change(copy);
    this.store(store, copy);
  }

  /** The garbage collector: what has owners, all of them dead, goes; where one lives, the references to dead ones go. */
  collectGarbage(): void {
    for (const store of [this.services, this.slices]) {
      for (const [name, { metadata }] of store) {
        const owners = metadata.ownerReferences ?? [];
        const alive = owners.filter((owner) => this.#isAlive(owner));
        if (owners.length > 0 && alive.length === 0) store.delete(name);
        else if (alive.length < owners.length) {
          this.edit(store, name, (raw) => (raw.metadata.ownerReferences = alive));
        }
      }
    }
  }

  #isAlive({ kind, uid }: { kind: string; uid: string }): boolean {
    if (kind === POLICY_KIND && !this.hasCrd) return true;
    const made = [...this.services.values()].map(({ metadata }) => metadata);
    const all = [...this.sources.values(), ...this.policies.values(), ...made];
    return all.some((object) => object.uid === uid);
  }

  /** Makes slices for a leader Service that somebody gave a selector, and leaves them when the selector goes. */
  kubeControllerManager(): void {
    for (const { metadata, spec } of this.services.values()) {
      const name = `${metadata.name}-kcm-${metadata.uid}`;
      if (spec?.['selector'] === undefined || this.slices.has(name)) continue;
      const labels = {
        ...metadata.labels,
        [LABEL.serviceName]: metadata.name,
        [LABEL.sliceManagedBy]: KCM_SLICE_MANAGER,
      };
      const owner = {
        apiVersion: 'v1',
        kind: 'Service',
        name: metadata.name,
        uid: metadata.uid,
        controller: true,
      };
      const { namespace } = metadata;
      const body = { metadata: { name, namespace, labels, ownerReferences: [owner] }, addressType: 'IPv4' };
      this.create(this.slices, { ...body, endpoints: [], ports: [] });
    }
  }

  store(store: Map<string, Raw>, raw: Raw): Raw {
    const metadata = { ...raw.metadata, resourceVersion: String(++this.#serial) };
    const stored = { ...raw, metadata };
    const full =
      store === this.services ? withServiceDefaults(stored, `10.96.1.${this.#serial % 250}`) : stored;
    store.set(metadata.name, full);
    return full;
  }

  #delete(store: Map<string, Raw>, { name, uid }: { name: string; uid: string }): void {
    equal('UID', must(store.get(name), name).metadata.uid, uid);
    store.delete(name);
  }
}

function must<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`expected ${name} to exist`);
  return value;
}

function equal(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${what} ${String(expected)}, got ${String(actual)}`);
}
