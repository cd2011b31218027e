/** Which pods does a source Service select, and which sources select a pod? Kept up to date event by event. */
import { selects } from '../api/labels.ts';
import type { Pod, StringMap } from '../api/objects.ts';
import { keyOf } from '../names.ts';
import type { Store } from './store.ts';

interface Source {
  readonly selector: StringMap;
  readonly bucket: string;
  /** Keys, not objects: the store may hold a newer one that differs in its resourceVersion alone. */
  readonly pods: Set<string>;
}

/**
 * Sources are bucketed by one pair of their selector, so that a pod event looks only at sources that may match.
 * Keys are `namespace/name`.
 */
export class PodIndex {
  readonly #sources = new Map<string, Source>();
  readonly #buckets = new Map<string, Set<string>>();
  readonly #store: Pick<Store<Pod>, 'get' | 'values'>;

  constructor(store: Pick<Store<Pod>, 'get' | 'values'>) {
    this.#store = store;
  }

  podsOf(source: string): readonly Pod[] {
    return [...(this.#sources.get(source)?.pods ?? [])].flatMap((key) => this.#store.get(key) ?? []);
  }

  isSelected(source: string, { namespace, name }: Pod): boolean {
    return this.#sources.get(source)?.pods.has(keyOf(namespace, name)) === true;
  }

  /** Adds a source or changes its selector; undefined removes it. */
  setSource(namespace: string, name: string, selector: StringMap | undefined): void {
    const key = keyOf(namespace, name);
    const known = this.#sources.get(key);
    if (known !== undefined && selector !== undefined && sameLabels(known.selector, selector)) return;
    if (known !== undefined) this.#remove(key, known);
    if (selector === undefined) return;
    const bucket = this.#emptiestBucket(namespace, selector);
    const pods = new Set<string>();
    for (const pod of this.#store.values(namespace))
      if (selects(selector, pod.labels)) pods.add(keyOf(namespace, pod.name));
    this.#sources.set(key, { selector, bucket, pods });
    const bucketed = this.#buckets.get(bucket);
    if (bucketed === undefined) this.#buckets.set(bucket, new Set([key]));
    else bucketed.add(key);
  }

  /** @returns the sources that selected the pod before or select it now */
  podChanged(old: Pod | undefined, pod: Pod | undefined): Set<string> {
    const affected = new Set<string>();
    if (old !== undefined) this.#visit(old, affected, (pods, podKey) => pods.delete(podKey));
    if (pod !== undefined) this.#visit(pod, affected, (pods, podKey) => pods.add(podKey));
    return affected;
  }

  #visit(pod: Pod, affected: Set<string>, act: (pods: Set<string>, podKey: string) => void): void {
    const podKey = keyOf(pod.namespace, pod.name);
    for (const label in pod.labels) {
      for (const key of this.#buckets.get(`${pod.namespace}/${label}=${pod.labels[label] ?? ''}`) ?? []) {
        const source = this.#sources.get(key);
        if (source === undefined || !selects(source.selector, pod.labels)) continue;
        act(source.pods, podKey);
        affected.add(key);
      }
    }
  }

  /** Labels such as `managed-by` are in every selector: a bucket of all sources would be no index. */
  #emptiestBucket(namespace: string, selector: StringMap): string {
    let best: string | undefined;
    for (const [name, value] of Object.entries(selector)) {
      const bucket = `${namespace}/${name}=${value}`;
      if (best === undefined || this.#sizeOf(bucket) < this.#sizeOf(best)) best = bucket;
    }
    return best ?? '';
  }

  #sizeOf(bucket: string): number {
    return this.#buckets.get(bucket)?.size ?? 0;
  }

  #remove(key: string, { bucket }: Source): void {
    this.#sources.delete(key);
    const bucketed = this.#buckets.get(bucket);
    bucketed?.delete(key);
    if (bucketed?.size === 0) this.#buckets.delete(bucket);
  }
}

export function sameLabels(a: StringMap, b: StringMap): boolean {
  return a === b || (Object.keys(a).length === Object.keys(b).length && selects(a, b));
}
