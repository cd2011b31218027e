/** A namespace in memory: as much of the API server, other controllers and the caches as a plan meets. */
import type { EndpointSlice, Pod, Service } from '../../src/api/objects.ts';
import { KCM_SLICE_MANAGER, LABEL } from '../../src/names.ts';
import { controllerOf, isLabelledOurs } from '../../src/plan/ownership.ts';
import { plan } from '../../src/plan/plan.ts';
import { parseRequest, wantedNames } from '../../src/plan/request.ts';
import type { Body, Claim, Input, Memory, Plan, PlanEvent, Write } from '../../src/plan/types.ts';
import { projectEndpointSlice, projectService } from '../../src/watch/projections.ts';
import { mergePatch, validateSlice, wire, withServiceDefaults, type Raw } from './api-server.ts';
import { NAMESPACE, NOW } from './builders.ts';
import { deepFreeze } from './freeze.ts';

export interface Step {
  readonly input: Input;
  readonly plan: Plan;
}

export class World {
  now = NOW;
  /** The sources, by name. */
  readonly sources = new Map<string, Service>();
  pods: readonly Pod[] = [];
  /** All Services that are no sources, and all slices. */
  readonly services = new Map<string, Raw>();
  readonly slices = new Map<string, Raw>();
  readonly memories = new Map<string, Memory>();
  /** Every happening that was told, in order. */
  readonly told: PlanEvent[] = [];
  #serial = 0;

  constructor(source?: Service, ...pods: Pod[]) {
    if (source !== undefined) this.sources.set(source.name, source);
    this.pods = pods;
  }

  /** Plans and applies, all names in turn, until a round has nothing left to do. Throws where that takes too long. */
  settle(maxRounds = 4): Step[] {
    const steps: Step[] = [];
    for (let round = 0; round <= maxRounds; round += 1) {
      this.#kubeControllerManager();
      const latest = this.names().map((name) => this.step(name));
      steps.push(...latest);
      if (latest.every((step) => isQuiet(step.plan))) return steps;
    }
    const left = this.names().map((name) => plan(this.gather(name)));
    throw new Error(`expected rest after ${maxRounds} rounds, got ${JSON.stringify(left)}`);
  }

  step(name: string): Step {
    const input = deepFreeze(structuredClone(this.gather(name)));
    const planned = plan(input);
    for (const write of planned.writes) this.apply(write);
    if (input.claims.length > 0) this.memories.set(name, planned.memory);
    else this.memories.delete(name);
    this.told.push(...planned.happened);
    const actual = this.services.get(name);
    if (planned.annotations !== undefined && actual !== undefined) {
      this.#store(
        this.services,
        mergePatch(actual, { metadata: { annotations: planned.annotations } }) as Raw,
      );
    }
    return { input, plan: planned };
  }

  /** Leader Service names that somebody wants or that we made. */
  names(): string[] {
    const wanted = [...this.sources.values()].flatMap((source) => wantedNames(source, this.#ownedBy(source)));
    const made = [...this.services.values()].map(projectService).filter(isLabelledOurs);
    return [...new Set([...wanted, ...made.map(({ name }) => name)])].sort();
  }

  gather(name: string): Input {
    const actual = this.service(name);
    const controller = actual === undefined ? undefined : controllerOf(actual);
    const owner = [...this.sources.values()].find(({ uid }) => uid === controller?.uid);
    const remembered = this.memories.get(name);
    const leaderPod = this.pods.find((pod) => pod.name === remembered?.podName);
    const slices = [...this.slices.values()].map(projectEndpointSlice);
    const named = slices.filter(
      (slice) => slice.labels[LABEL.serviceName] === name || slice.name.startsWith(`${name}-zen-lead-`),
    );
    return {
      now: this.now,
      namespace: NAMESPACE,
      name,
      claims: [...this.sources.values()].flatMap((source) => this.#claim(source, name)),
      ...(actual === undefined ? {} : { actual }),
      ...(owner === undefined ? {} : { owner }),
      slices: named.filter((slice) => !isKcm(slice)),
      kcmSlices: named.filter(isKcm),
      ...(remembered === undefined ? {} : { remembered }),
      ...(leaderPod === undefined ? {} : { leaderPod }),
    };
  }

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
        this.#store(this.slices, { ...raw, metadata: { ...raw.metadata, uid, creationTimestamp } });
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
    return this.#store(store, { ...raw, metadata });
  }

  patch(name: string, patch: Body): void {
    const present = must(this.services.get(name), name);
    const { resourceVersion = present.metadata.resourceVersion } = (patch['metadata'] ?? {}) as Partial<
      Raw['metadata']
    >;
    equal('resourceVersion', resourceVersion, present.metadata.resourceVersion);
    this.#store(this.services, mergePatch(present, wire(patch)) as Raw);
  }

  /** Another hand edits an object; does nothing where there is none. */
  edit(store: Map<string, Raw>, name: string, change: (raw: Raw) => void): void {
    const present = store.get(name);
    if (present === undefined) return;
    const copy = structuredClone(present);
    change(copy);
    this.#store(store, copy);
  }

  /** The garbage collector: what has owners, all of them dead, goes. */
  collectGarbage(): void {
    for (const store of [this.services, this.slices]) {
      for (const [name, { metadata }] of store) {
        const owners = metadata.ownerReferences ?? [];
        if (owners.length > 0 && !owners.some(({ uid }) => this.#isAlive(uid))) store.delete(name);
      }
    }
  }

  #isAlive(uid: string): boolean {
    const services = [
      ...this.sources.values(),
      ...[...this.services.values()].map(({ metadata }) => metadata),
    ];
    return services.some((service) => service.uid === uid);
  }

  /** Makes slices for a leader Service that somebody gave a selector, and leaves them when the selector goes. */
  #kubeControllerManager(): void {
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

  #claim(source: Service, name: string): Claim[] {
    const request = parseRequest(source);
    if (request === undefined || !wantedNames(source, this.#ownedBy(source)).includes(name)) return [];
    return [{ request, pods: this.podsOf(source) }];
  }

  #ownedBy(source: Service): string[] {
    const services = [...this.services.values()].map(projectService).filter(isLabelledOurs);
    return services
      .filter((made) => made.labels[LABEL.sourceService] === source.name)
      .map(({ name }) => name);
  }

  #store(store: Map<string, Raw>, raw: Raw): Raw {
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

export function isQuiet({ writes, again, annotations }: Plan): boolean {
  return writes.length === 0 && !again && annotations === undefined;
}

function isKcm({ labels }: EndpointSlice): boolean {
  return labels[LABEL.sliceManagedBy] === KCM_SLICE_MANAGER;
}

function must<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`expected ${name} to exist`);
  return value;
}

function equal(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${what} ${String(expected)}, got ${String(actual)}`);
}
