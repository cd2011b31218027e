/**
 * Which of several replicas acts (invariant I9). The first in rank acts at once. Another one acts only where what is wrong
 * is still wrong half a second later, and then looks again at the API server itself, because its own watch may be silent.
 * So does the first where another hand has written the slice: its own watch may be the silent one.
 */

/** A failover by the first in rank takes milliseconds: what is wrong for so long is not being seen to. */
export const SECOND_RANK_MS = 500;

export interface RankOptions {
  readonly isFirst: () => boolean;
  /** Tells users of what lasts: the first in rank, or each where there can be none. */
  readonly tells: () => boolean;
  /** Milliseconds. */
  readonly monotonic: () => number;
}

export class Rank {
  readonly #options: RankOptions;
  /** Key → since when this replica has seen something wrong with it. */
  readonly #wrongSince = new Map<string, number>();
  /** Key → revision of the slices when this replica last had nothing to write. */
  readonly #agreed = new Map<string, string>();

  constructor(options: RankOptions) {
    this.#options = options;
  }

  get tells(): boolean {
    return this.#options.tells();
  }

  /** Something is wrong with the key. @returns milliseconds until this replica may put it right */
  waitMs(key: string): number {
    if (this.#options.isFirst()) return 0;
    const now = this.#options.monotonic();
    const since = this.#wrongSince.get(key) ?? now;
    this.#wrongSince.set(key, since);
    return Math.max(0, since + SECOND_RANK_MS - now);
  }

  /** What a write rests upon has to be read at the API server before. */
  mustLook(key: string, revision: string): boolean {
    if (!this.#options.isFirst()) return true;
    const agreed = this.#agreed.get(key);
    return agreed !== undefined && agreed !== revision;
  }

  /** All is as it should be, whoever did it. */
  settled(key: string, revision: string): void {
    this.#wrongSince.delete(key);
    this.#agreed.set(key, revision);
  }

  /** It has been written just now, by this replica or another: what is wrong from now on is something else. */
  written(key: string): void {
    this.#wrongSince.delete(key);
  }

  /** The key is nobody's any more. */
  forget(key: string): void {
    this.#wrongSince.delete(key);
    this.#agreed.delete(key);
  }
}
