/** Who wants which leader Service, and whose pods may lead it. Several may want one name, or use the pods of one source. */
import { keyOf, POLICY_KIND, splitKey } from '../names.ts';
import type { ClaimantId, Wish } from './claimant.ts';
import { NameIndex } from './name-index.ts';

const NOTHING: Wish = { names: [] };

export class ClaimIndex {
  /** Claimant key → what it wants. */
  readonly #wishes = new Map<string, Wish>();
  /** Leader Service key → ids of those who want it. */
  readonly #claimants = new NameIndex();
  /** Source key → ids of those whose leaders are pods of it. */
  readonly #users = new NameIndex();
  /** Claimant key → names of the leader Services that it owns, whether it wants them or not. */
  readonly #owned = new NameIndex();

  /** Leader Services that somebody wants. */
  keys(): Iterable<string> {
    return this.#claimants.keys();
  }

  isClaimed(key: string): boolean {
    return this.#claimants.get(key).size > 0;
  }

  /** In an order that does not depend on who came first. */
  claimants(key: string): ClaimantId[] {
    return [...this.#claimants.get(key)].sort() as ClaimantId[];
  }

  wish(namespace: string, id: ClaimantId): Wish {
    return this.#wishes.get(keyOf(namespace, id)) ?? NOTHING;
  }

  /** Replaces what a claimant wants. */
  setWish(namespace: string, id: ClaimantId, wish: Wish): void {
    const key = keyOf(namespace, id);
    const before = this.wish(namespace, id);
    for (const name of before.names) this.#claimants.delete(keyOf(namespace, name), id);
    if (before.source !== undefined) this.#users.delete(keyOf(namespace, before.source), id);
    if (wish.names.length === 0) {
      this.#wishes.delete(key);
      return;
    }
    this.#wishes.set(key, wish);
    for (const name of wish.names) this.#claimants.add(keyOf(namespace, name), id);
    if (wish.source !== undefined) this.#users.add(keyOf(namespace, wish.source), id);
  }

  isUsed(sourceKey: string): boolean {
    return this.#users.get(sourceKey).size > 0;
  }

  /** Names of the leader Services whose leaders are pods of this source. */
  fedBy(sourceKey: string): ReadonlySet<string> {
    const { namespace } = splitKey(sourceKey);
    const names = new Set<string>();
    for (const id of this.#users.get(sourceKey))
      for (const name of this.wish(namespace, id as ClaimantId).names) names.add(name);
    return names;
  }

  setOwned(act: 'add' | 'delete', namespace: string, id: ClaimantId, name: string): void {
    this.#owned[act](keyOf(namespace, id), name);
  }

  owned(namespace: string, id: ClaimantId): ReadonlySet<string> {
    return this.#owned.get(keyOf(namespace, id));
  }

  /** Keys of the leader Services that belong to policies, those that are gone among them. */
  *ownedByPolicies(): IterableIterator<string> {
    for (const key of this.#owned.keys()) {
      const [namespace = '', kind] = key.split('/');
      if (kind !== POLICY_KIND) continue;
      for (const name of this.#owned.get(key)) yield keyOf(namespace, name);
    }
  }
}
