/**
 * Which of several replicas acts (invariant I9). The first in rank acts at once. Another one acts only where what is wrong
 * is still wrong half a second later, and then looks again at the API server itself, because its own watch may be silent.
 */

/** A failover by the first in rank takes milliseconds: what is wrong for so long is not being seen to. */
export const SECOND_RANK_MS = 500;

export class Rank {
  readonly #isFirst: () => boolean;
  readonly #monotonic: () => number;
  /** Key → since when this replica has seen something wrong with it. */
  readonly #wrongSince = new Map<string, number>();

  /** `monotonic`: milliseconds. */
  constructor(isFirst: () => boolean, monotonic: () => number) {
    this.#isFirst = isFirst;
    this.#monotonic = monotonic;
  }

  get isFirst(): boolean {
    return this.#isFirst();
  }

  /** Something is wrong with the key. @returns milliseconds until this replica may put it right */
  waitMs(key: string): number {
    if (this.#isFirst()) return 0;
    const now = this.#monotonic();
    const since = this.#wrongSince.get(key) ?? now;
    this.#wrongSince.set(key, since);
    return Math.max(0, since + SECOND_RANK_MS - now);
  }

  /** All is as it should be, whoever did it. */
  settled(key: string): void {
    this.#wrongSince.delete(key);
  }
}
