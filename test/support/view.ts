import type { EndpointSlice, KubeObject, LeaderPolicy, Pod, Service } from '../../src/api/objects.ts';
import { keyOf } from '../../src/names.ts';
import { ClusterView } from '../../src/watch/cluster-view.ts';
import { Store } from '../../src/watch/store.ts';
import { deepFreeze } from './freeze.ts';

/** A view whose stores are fed by hand. What is put in is frozen, so that a view that changes it throws. */
export class ViewUnderTest {
  readonly stores = {
    services: new Store<Service>(() => 0),
    pods: new Store<Pod>(() => 0),
    slices: new Store<EndpointSlice>(() => 0),
    kcmSlices: new Store<EndpointSlice>(() => 0),
    policies: new Store<LeaderPolicy>(() => 0),
  };
  policiesKnown = true;
  /** So often was it asked to look for policies again. */
  doubts = 0;
  /** As `key` or, where it goes before routine work, `key!`. */
  #touched: string[] = [];
  readonly receivedAt: number[] = [];
  readonly view: ClusterView;
  #resourceVersion = 100;

  constructor() {
    const isKnown = (): boolean => this.policiesKnown;
    const doubt = (): number => (this.doubts += 1);
    this.view = new ClusterView(
      this.stores,
      (key, { urgent, receivedAt }) => {
        this.#touched.push(urgent ? `${key}!` : key);
        this.receivedAt.push(receivedAt);
      },
      {
        get known() {
          return isKnown();
        },
        doubt,
      },
    );
  }

  services(...objects: Service[]): this {
    return this.#put(this.stores.services, objects);
  }

  pods(...objects: Pod[]): this {
    return this.#put(this.stores.pods, objects);
  }

  slices(...objects: EndpointSlice[]): this {
    return this.#put(this.stores.slices, objects);
  }

  kcmSlices(...objects: EndpointSlice[]): this {
    return this.#put(this.stores.kcmSlices, objects);
  }

  policies(...objects: LeaderPolicy[]): this {
    return this.#put(this.stores.policies, objects);
  }

  remove(kind: keyof ViewUnderTest['stores'], { namespace, name }: KubeObject): this {
    this.stores[kind].remove(keyOf(namespace, name));
    return this;
  }

  /** What has been touched since the last look, sorted. */
  touched(): string[] {
    const touched = this.#touched.sort();
    this.#touched = [];
    return touched;
  }

  /** Forgets what has been touched. */
  quiet(): this {
    this.touched();
    return this;
  }

  #put<T extends KubeObject>(store: Store<T>, objects: readonly T[]): this {
    for (const object of objects) {
      this.#resourceVersion += 1;
      store.upsert(deepFreeze({ ...object, resourceVersion: String(this.#resourceVersion) }));
    }
    return this;
  }
}
