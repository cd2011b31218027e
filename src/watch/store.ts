import type { KubeObject } from '../api/objects.ts';
import { keyOf, splitKey } from '../names.ts';
import { compareResourceVersions } from './resource-version.ts';
import { sameObject } from './same-object.ts';

/** `old` and `new` may have different UIDs: the object was deleted and made again between two looks. */
export interface Change<T extends KubeObject> {
  readonly old?: T;
  readonly new?: T;
  /** Monotonic clock, milliseconds. */
  readonly receivedAt: number;
}

export interface ReplaceOptions {
  readonly receivedAt?: number;
  readonly rewound?: boolean;
}

export type ChangeListener<T extends KubeObject> = (change: Change<T>) => void;

/** Deletions that are remembered. A late answer to one of our writes comes within its timeout, not thousands later. */
const MAX_TOMBSTONES = 1_000;

/**
 * The last known state of one kind. It never goes back: an object that is not newer than what is known, kept or deleted,
 * is ignored. So writers may put in the API server's answers to their own writes, and whichever of answer and watch event
 * comes second changes nothing.
 *
 * Listeners are not told of a change that `sameObject` does not see, but the store then still holds the newer
 * resourceVersion: keep keys, not objects.
 */
export class Store<T extends KubeObject> {
  readonly #now: () => number;
  readonly #namespaces = new Map<string, Map<string, T>>();
  /** resourceVersion at which a key was last known to be gone, oldest first. */
  readonly #tombstones = new Map<string, string>();
  readonly #listeners = new Set<ChangeListener<T>>();
  #size = 0;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): T | undefined {
    const { namespace, name } = splitKey(key);
    return this.#namespaces.get(namespace)?.get(name);
  }

  /** All objects, or those of one namespace, in no order. */
  *values(namespace?: string): IterableIterator<T> {
    if (namespace !== undefined) {
      yield* this.#namespaces.get(namespace)?.values() ?? [];
      return;
    }
    for (const objects of this.#namespaces.values()) yield* objects.values();
  }

  /** Called for every change, in order, before the method that made it returns. The function returned ends that. */
  onChange(listener: ChangeListener<T>): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Takes an object that is newer than what is known. Returns the change where there is one. */
  upsert(object: T, receivedAt = this.#now()): Change<T> | undefined {
    const key = keyOf(object.namespace, object.name);
    const known = this.get(key)?.resourceVersion ?? this.#tombstones.get(key);
    if (known !== undefined && compareResourceVersions(object.resourceVersion, known) <= 0) return undefined;
    return this.#accept(key, object, receivedAt);
  }

  /**
   * Takes a deletion, which `resourceVersion` orders against other news of this key; without one, it counts as just after
   * the state that is kept.
   */
  remove(key: string, resourceVersion?: string, receivedAt = this.#now()): Change<T> | undefined {
    const old = this.get(key);
    const at = resourceVersion ?? old?.resourceVersion;
    if (at === undefined) return undefined;
    if (old !== undefined && compareResourceVersions(at, old.resourceVersion) < 0) return undefined;
    if (old !== undefined) return this.#drop(key, old, at, receivedAt);
    this.#bury(key, at);
    return undefined;
  }

  /**
   * Takes a whole list that was read at `resourceVersion`. What the list does not have has vanished, unless it is newer
   * than the list: then it is one of our own writes, made while the list was on its way. With `rewound` the list counts
   * whatever is known: the cluster was restored from a backup, and resourceVersions start again further back.
   */
  replace(list: Iterable<T>, resourceVersion: string, options: ReplaceOptions = {}): Change<T>[] {
    const { rewound = false, receivedAt = this.#now() } = options;
    if (rewound) this.#tombstones.clear();
    const changes: (Change<T> | undefined)[] = [];
    const listed = new Set<string>();
    for (const object of list) {
      const key = keyOf(object.namespace, object.name);
      listed.add(key);
      changes.push(rewound ? this.#accept(key, object, receivedAt) : this.upsert(object, receivedAt));
    }
    for (const object of [...this.values()]) {
      const key = keyOf(object.namespace, object.name);
      if (listed.has(key)) continue;
      if (!rewound && compareResourceVersions(object.resourceVersion, resourceVersion) > 0) continue;
      changes.push(this.#drop(key, object, resourceVersion, receivedAt));
    }
    return changes.filter((change) => change !== undefined);
  }

  #accept(key: string, object: T, receivedAt: number): Change<T> | undefined {
    const old = this.get(key);
    this.#tombstones.delete(key);
    this.#put(object);
    if (old === undefined) return this.#tell({ new: object, receivedAt });
    return sameObject(old, object) ? undefined : this.#tell({ old, new: object, receivedAt });
  }

  #drop(key: string, old: T, resourceVersion: string, receivedAt: number): Change<T> {
    this.#bury(key, resourceVersion);
    this.#take(old);
    return this.#tell({ old, receivedAt });
  }

  #tell(change: Change<T>): Change<T> {
    for (const listener of this.#listeners) listener(change);
    return change;
  }

  #put(object: T): void {
    let objects = this.#namespaces.get(object.namespace);
    if (objects === undefined) {
      objects = new Map();
      this.#namespaces.set(object.namespace, objects);
    }
    if (!objects.has(object.name)) this.#size += 1;
    objects.set(object.name, object);
  }

  #take(object: T): void {
    const objects = this.#namespaces.get(object.namespace);
    if (objects?.delete(object.name) !== true) return;
    this.#size -= 1;
    if (objects.size === 0) this.#namespaces.delete(object.namespace);
  }

  #bury(key: string, resourceVersion: string): void {
    const known = this.#tombstones.get(key);
    if (known !== undefined && compareResourceVersions(known, resourceVersion) >= 0) return;
    this.#tombstones.delete(key);
    this.#tombstones.set(key, resourceVersion);
    if (this.#tombstones.size <= MAX_TOMBSTONES) return;
    for (const oldest of this.#tombstones.keys()) {
      this.#tombstones.delete(oldest);
      break;
    }
  }
}
