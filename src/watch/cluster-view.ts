/**
 * What the operator knows of one scope (a namespace, or all): the stores, the indexes over them, and which leader
 * Service a change touches. Knows no I/O and no clock.
 */
import type { LeaderPolicyHistoryEntry } from '../api/leader-policy.ts';
import type { EndpointSlice, KubeObject, LeaderPolicy, Pod, Service } from '../api/objects.ts';
import { LABEL, POLICY_KIND, SLICE_ANNOTATION, keyOf, sliceName } from '../names.ts';
import { isLabelledOurs } from '../plan/ownership.ts';
import type { Input, Memory } from '../plan/types.ts';
import { ClaimIndex } from './claim-index.ts';
import { makerOf, wishOf } from './claimant.ts';
import type { ClaimantId } from './claimant.ts';
import { gather } from './gather.ts';
import type { PolicyKnowledge, Sources, Stores } from './gather.ts';
import { NameIndex } from './name-index.ts';
import { PodIndex, sameLabels } from './pod-index.ts';
import { Recollection } from './recollection.ts';
import type { Change } from './store.ts';

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
  readonly #claims = new ClaimIndex();
  readonly #recollection = new Recollection();
  /** Pod key → names of our slices that say that it leads, or did last. */
  readonly #led = new NameIndex();
  readonly #sources: Sources;
  readonly #policies: PolicyKnowledge;
  readonly #onTouched: OnTouched;

  constructor(stores: Stores, onTouched: OnTouched, policies: PolicyKnowledge) {
    this.stores = stores;
    this.#onTouched = onTouched;
    this.#policies = policies;
    this.#pods = new PodIndex(stores.pods);
    const [slices, kcmSlices] = [new NameIndex(), new NameIndex()];
    const [claims, pods, recollection] = [this.#claims, this.#pods, this.#recollection];
    this.#sources = { stores, claims, pods, slices, kcmSlices, recollection, policies };
    stores.services.onChange((change) => {
      this.#serviceChanged(change);
    });
    stores.policies.onChange((change) => {
      this.#policyChanged(change);
    });
    stores.pods.onChange((change) => {
      this.#podChanged(change);
    });
    stores.slices.onChange((change) => {
      this.#sliceChanged(change, slices);
    });
    stores.kcmSlices.onChange((change) => {
      this.#sliceChanged(change, kcmSlices);
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

  /** Keys of the leader Services that policies made: what is to become of them, a new word on which policies there are may tell. */
  keysOfPolicies(): Iterable<string> {
    return this.#claims.ownedByPolicies();
  }

  isClaimed(key: string): boolean {
    return this.#claims.isClaimed(key);
  }

  remember(key: string, memory: Memory, history?: readonly LeaderPolicyHistoryEntry[]): void {
    const remembered = { memory, ...(history === undefined ? {} : { history }) };
    this.#recollection.set(key, this.isClaimed(key) ? remembered : undefined);
  }

  /** The plain value that a plan is made from. `now` in epoch milliseconds. */
  gather(key: string, now: number): Input {
    return gather(this.#sources, key, now);
  }

  #serviceChanged({ old, new: present, receivedAt }: Change<Service>): void {
    const service = present ?? old;
    if (service === undefined) return;
    const { namespace, name } = service;
    // Those who use its pods want what they wanted; it is another Service now.
    const touched = new Set(this.#claims.fedBy(keyOf(namespace, name)));
    // A leader Service that comes or goes may change what its owner stands for (see namesByAnnotation).
    const claimants = new Set<ClaimantId>([`Service/${name}`]);
    for (const [object, act] of sides(old, present)) {
      const maker = makerOf(object);
      if (maker === undefined) continue;
      this.#claims.setOwned(act, namespace, maker, name);
      claimants.add(maker);
      touched.add(name);
      this.#doubtIfNews(old, maker, namespace);
    }
    for (const id of claimants) for (const wanted of this.#reclaim(namespace, id)) touched.add(wanted);
    if (this.isClaimed(keyOf(namespace, name))) touched.add(name);
    this.#touchAll(namespace, touched, receivedAt);
  }

  /**
   * Another replica may know the policy for which it has just made this leader Service, and this one not yet: the policies
   * come by another watch. Taken for one whose policy is gone it would be deleted.
   */
  #doubtIfNews(old: Service | undefined, maker: ClaimantId, namespace: string): void {
    const [kind, name = ''] = maker.split('/');
    if (kind !== POLICY_KIND || (old !== undefined && makerOf(old) === maker)) return;
    if (this.stores.policies.get(keyOf(namespace, name)) === undefined) this.#policies.doubt();
  }

  #policyChanged({ old, new: present, receivedAt }: Change<LeaderPolicy>): void {
    const policy = present ?? old;
    if (policy === undefined) return;
    const { namespace, name } = policy;
    this.#touchAll(namespace, this.#reclaim(namespace, `${POLICY_KIND}/${name}`), receivedAt);
  }

  /** @returns the names that the claimant wanted before or wants now, or owns */
  #reclaim(namespace: string, id: ClaimantId): Set<string> {
    const owned = this.#claims.owned(namespace, id);
    const before = this.#claims.wish(namespace, id);
    const after = wishOf(this.stores, namespace, id, [...owned]);
    this.#claims.setWish(namespace, id, after);
    for (const source of new Set([before.source, after.source]))
      if (source !== undefined) this.#select(namespace, source);
    return new Set([...before.names, ...after.names, ...owned]);
  }

  /** Looks after the pods of a source for as long as somebody uses them. */
  #select(namespace: string, source: string): void {
    const key = keyOf(namespace, source);
    const service = this.#claims.isUsed(key) ? this.stores.services.get(key) : undefined;
    this.#pods.setSource(namespace, source, podSelector(service));
  }

  #podChanged({ old, new: present, receivedAt }: Change<Pod>): void {
    const pod = present ?? old;
    if (pod === undefined) return;
    const { namespace } = pod;
    // Whose policy cannot be read: nobody claims it, and its leader is watched all the same.
    for (const slice of this.#led.get(keyOf(namespace, pod.name))) {
      const key = keyOf(namespace, OUR_SLICE.exec(slice)?.[1] ?? '');
      if (!this.isClaimed(key)) this.#onTouched(key, { urgent: true, receivedAt });
    }
    if (old !== undefined && present?.uid !== old.uid) this.#recollection.podGone(old.uid);
    for (const sourceKey of this.#pods.podChanged(old, present)) {
      for (const wanted of this.#claims.fedBy(sourceKey)) {
        const key = keyOf(namespace, wanted);
        const led = old !== undefined && this.#recollection.get(key)?.memory.podUID === old.uid;
        const stays = led && isFit(old, present) && this.#pods.isSelected(sourceKey, old);
        const mayEndOutage = present?.ready === true && !this.#isServed(namespace, wanted);
        this.#onTouched(key, { urgent: (led && !stays) || mayEndOutage, receivedAt });
      }
    }
  }

  #sliceChanged({ old, new: present, receivedAt }: Change<EndpointSlice>, index: NameIndex): void {
    const touched = new Set<string>();
    for (const [slice, act] of sides(old, present)) {
      const label = slice.labels[LABEL.serviceName];
      if (label !== undefined) {
        index[act](keyOf(slice.namespace, label), slice.name);
        touched.add(keyOf(slice.namespace, label));
      }
      const named = OUR_SLICE.exec(slice.name)?.[1];
      if (named === undefined) continue;
      touched.add(keyOf(slice.namespace, named));
      const leader = slice.annotations[SLICE_ANNOTATION.pod]?.split('/')[0] ?? '';
      this.#led[act](keyOf(slice.namespace, leader), slice.name);
    }
    for (const key of touched) {
      if (this.#isRelevant(key)) this.#onTouched(key, { urgent: false, receivedAt });
    }
  }

  #touchAll(namespace: string, names: Iterable<string>, receivedAt: number): void {
    for (const name of names) this.#onTouched(keyOf(namespace, name), { urgent: false, receivedAt });
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

/** What indexes forget of a change, and then what they take. */
function sides<T extends KubeObject>(old?: T, present?: T): (readonly [object: T, act: 'delete' | 'add'])[] {
  return [
    ...(old === undefined ? [] : [[old, 'delete'] as const]),
    ...(present === undefined ? [] : [[present, 'add'] as const]),
  ];
}

/** The pod may still lead, as far as can be said without the request: of its labels, FollowLabel takes any for its own. */
function isFit(old: Pod, present: Pod | undefined): boolean {
  return (
    present?.uid === old.uid && present.ready && !present.deleting && sameLabels(old.labels, present.labels)
  );
}

/** A Service of type ExternalName may have a selector, which means nothing. */
function podSelector(source: Service | undefined): Service['selector'] {
  return source?.type === 'ExternalName' ? undefined : source?.selector;
}
