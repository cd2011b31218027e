/**
 * What the operator knows of one scope (a namespace, or all): the stores, the indexes over them, and which leader
 * Service a change touches. Knows no I/O and no clock.
 */
import type { EndpointSlice, Pod, Service } from '../api/objects.ts';
import { LABEL, keyOf, sliceName, splitKey } from '../names.ts';
import { controllerOf, isLabelledOurs } from '../plan/ownership.ts';
import { parseRequest, wantedNames } from '../plan/request.ts';
import type { Claim, Input, Memory } from '../plan/types.ts';
import { NameIndex } from './name-index.ts';
import { PodIndex } from './pod-index.ts';
import type { Change, Store } from './store.ts';

export interface Stores {
  readonly services: Store<Service>;
  readonly pods: Store<Pod>;
  /** Ours and strangers'. */
  readonly slices: Store<EndpointSlice>;
  /** Those that kube-controller-manager made for a leader Service with a selector. */
  readonly kcmSlices: Store<EndpointSlice>;
}

export interface Touch {
  /** A leader may be lost: goes before routine work. */
  readonly urgent: boolean;
  /** Monotonic clock, milliseconds. */
  readonly receivedAt: number;
}

/** Key of a leader Service, `namespace/name`. */
export type OnTouched = (key: string, touch: Touch) => void;

const FAMILIES = ['IPv4', 'IPv6'] as const;
const OUR_SLICE = /^(.+)-zen-lead-ipv[46]$/;

export class ClusterView {
  readonly stores: Stores;
  readonly #pods: PodIndex;
  /** Leader Service key → names of the sources that want it. */
  readonly #claims = new NameIndex();
  /** Source key → leader Service names that it wants. */
  readonly #wanted = new NameIndex();
  /** Source key → names of the leader Services that it controls. */
  readonly #owned = new NameIndex();
  /** Leader Service key → names of slices that feed it; ours and strangers', kube-controller-manager's. */
  readonly #slices = new NameIndex();
  readonly #kcmSlices = new NameIndex();
  /** What was last published under a key; survives the slice. */
  readonly #memories = new Map<string, Memory>();
  /** Pod UID → since when its Ready condition, which has no time of its own, has been seen. */
  readonly #firstSeen = new Map<string, { readonly ready: boolean; readonly at: number }>();
  readonly #onTouched: OnTouched;

  constructor(stores: Stores, onTouched: OnTouched) {
    this.stores = stores;
    this.#onTouched = onTouched;
    this.#pods = new PodIndex(stores.pods);
    stores.services.onChange((change) => {
      this.#serviceChanged(change);
    });
    stores.pods.onChange((change) => {
      this.#podChanged(change);
    });
    stores.slices.onChange((change) => {
      this.#sliceChanged(change, this.#slices);
    });
    stores.kcmSlices.onChange((change) => {
      this.#sliceChanged(change, this.#kcmSlices);
    });
  }

  /** All keys that somebody wants or that we made. */
  keys(): ReadonlySet<string> {
    const keys = new Set(this.#claims.keys());
    for (const service of this.stores.services.values()) {
      if (isLabelledOurs(service)) keys.add(keyOf(service.namespace, service.name));
    }
    return keys;
  }

  isClaimed(key: string): boolean {
    return this.#claims.get(key).size > 0;
  }

  remember(key: string, memory: Memory): void {
    if (this.isClaimed(key)) this.#memories.set(key, memory);
    else this.#memories.delete(key);
  }

  /** The plain value that a plan is made from. */
  gather(key: string, now: number): Input {
    const { namespace, name } = splitKey(key);
    const { services, slices, kcmSlices } = this.stores;
    const actual = services.get(key);
    const owner = actual === undefined ? undefined : this.#ownerOf(actual);
    const remembered = this.#memories.get(key);
    const leaderPod = this.#leaderPod(namespace, remembered);
    return {
      now,
      namespace,
      name,
      claims: [...this.#claims.get(key)].flatMap((source) => this.#claim(keyOf(namespace, source), now)),
      ...(actual === undefined ? {} : { actual }),
      ...(owner === undefined ? {} : { owner }),
      slices: lookUp(slices, namespace, this.#sliceNames(key, name)),
      kcmSlices: lookUp(kcmSlices, namespace, this.#kcmSlices.get(key)),
      ...(remembered === undefined ? {} : { remembered }),
      ...(leaderPod === undefined ? {} : { leaderPod }),
    };
  }

  #claim(sourceKey: string, now: number): Claim[] {
    const source = this.stores.services.get(sourceKey);
    const request = source === undefined ? undefined : parseRequest(source);
    if (request === undefined) return [];
    return [{ request, pods: this.#pods.podsOf(sourceKey).map((pod) => this.#timed(pod, now)) }];
  }

  /** A Ready condition without a time counts as first seen. */
  #timed(pod: Pod, now: number): Pod {
    if (pod.readyChangedAt !== undefined) return pod;
    let seen = this.#firstSeen.get(pod.uid);
    if (seen?.ready !== pod.ready) {
      seen = { ready: pod.ready, at: now };
      this.#firstSeen.set(pod.uid, seen);
    }
    return { ...pod, readyChangedAt: seen.at };
  }

  #leaderPod(namespace: string, memory: Memory | undefined): Pod | undefined {
    if (memory?.podName === undefined) return undefined;
    return this.stores.pods.get(keyOf(namespace, memory.podName));
  }

  #ownerOf(actual: Service): Service | undefined {
    const controller = controllerOf(actual);
    if (controller?.kind !== 'Service') return undefined;
    const owner = this.stores.services.get(keyOf(actual.namespace, controller.name));
    return owner?.uid === controller.uid ? owner : undefined;
  }

  /** By label, and by name: a hand may have taken the label away, or given one of our names to another slice. */
  #sliceNames(key: string, name: string): Iterable<string> {
    return new Set([...this.#slices.get(key), sliceName(name, 'IPv4'), sliceName(name, 'IPv6')]);
  }

  #serviceChanged({ old, new: present, receivedAt }: Change<Service>): void {
    const service = present ?? old;
    if (service === undefined) return;
    const { namespace, name } = service;
    const touched = new Set<string>();
    // A leader Service that comes or goes may change what its source stands for (see wantedNames).
    const sources = new Set([name]);
    for (const [object, act] of [
      [old, 'delete'],
      [present, 'add'],
    ] as const) {
      const source = object === undefined ? undefined : sourceOf(object);
      if (source === undefined) continue;
      this.#owned[act](keyOf(namespace, source), name);
      sources.add(source);
      touched.add(name);
    }
    for (const source of sources) for (const wanted of this.#reclaim(namespace, source)) touched.add(wanted);
    if (this.isClaimed(keyOf(namespace, name))) touched.add(name);
    for (const leaderName of touched)
      this.#onTouched(keyOf(namespace, leaderName), { urgent: false, receivedAt });
  }

  /** @returns the names that the source wanted before or wants now, or controls */
  #reclaim(namespace: string, name: string): Set<string> {
    const key = keyOf(namespace, name);
    const source = this.stores.services.get(key);
    const owned = this.#owned.get(key);
    const before = [...this.#wanted.get(key)];
    const after = source === undefined ? [] : wantedNames(source, [...owned]);
    for (const wanted of before) {
      this.#wanted.delete(key, wanted);
      this.#claims.delete(keyOf(namespace, wanted), name);
    }
    for (const wanted of after) {
      this.#wanted.add(key, wanted);
      this.#claims.add(keyOf(namespace, wanted), name);
    }
    this.#pods.setSource(namespace, name, after.length === 0 ? undefined : podSelector(source));
    return new Set([...before, ...after, ...owned]);
  }

  #podChanged({ old, new: present, receivedAt }: Change<Pod>): void {
    const pod = present ?? old;
    if (pod === undefined) return;
    const { namespace } = pod;
    if (old !== undefined && present?.uid !== old.uid) this.#firstSeen.delete(old.uid);
    for (const sourceKey of this.#pods.podChanged(old, present)) {
      for (const wanted of this.#wanted.get(sourceKey)) {
        const key = keyOf(namespace, wanted);
        const led = old !== undefined && this.#memories.get(key)?.podUID === old.uid;
        const stays = led && isFit(old, present) && this.#pods.isSelected(sourceKey, old);
        const mayEndOutage = present?.ready === true && !this.#isServed(namespace, wanted);
        this.#onTouched(key, { urgent: (led && !stays) || mayEndOutage, receivedAt });
      }
    }
  }

  #sliceChanged({ old, new: present, receivedAt }: Change<EndpointSlice>, index: NameIndex): void {
    const touched = new Set<string>();
    for (const [slice, act] of [
      [old, 'delete'],
      [present, 'add'],
    ] as const) {
      if (slice === undefined) continue;
      const label = slice.labels[LABEL.serviceName];
      if (label !== undefined) {
        index[act](keyOf(slice.namespace, label), slice.name);
        touched.add(keyOf(slice.namespace, label));
      }
      const named = OUR_SLICE.exec(slice.name)?.[1];
      if (named !== undefined) touched.add(keyOf(slice.namespace, named));
    }
    for (const key of touched) {
      if (this.#isRelevant(key)) this.#onTouched(key, { urgent: false, receivedAt });
    }
  }

  /** One of our slices holds somebody. */
  #isServed(namespace: string, leaderService: string): boolean {
    return FAMILIES.some((family) => {
      const slice = this.stores.slices.get(keyOf(namespace, sliceName(leaderService, family)));
      return slice !== undefined && slice.endpoints.length > 0;
    });
  }

  #isRelevant(key: string): boolean {
    const service = this.stores.services.get(key);
    return this.isClaimed(key) || (service !== undefined && isLabelledOurs(service));
  }
}

/** The pod may still lead, as far as can be said without the request. */
function isFit(old: Pod, present: Pod | undefined): boolean {
  return present?.uid === old.uid && present.ready && !present.deleting;
}

/** A Service of type ExternalName may have a selector, which means nothing. */
function podSelector(source: Service | undefined): Service['selector'] {
  return source?.type === 'ExternalName' ? undefined : source?.selector;
}

/** Name of the source of a Service that says it is ours. */
function sourceOf(service: Service): string | undefined {
  return isLabelledOurs(service) ? service.labels[LABEL.sourceService] : undefined;
}

function lookUp(store: Store<EndpointSlice>, namespace: string, names: Iterable<string>): EndpointSlice[] {
  return [...names].flatMap((name) => store.get(keyOf(namespace, name)) ?? []);
}
