import type { StringMap } from '../api/objects.ts';

/** About 1 MB at most, for pods that share nothing (names in labels); the sharing of thousands of equal ones is kept. */
const GENERATION = 2_000;

/**
 * Gives equal values one copy: thousands of pods of one template have the same labels and ports. Bounded: what was not
 * asked for during a whole generation is forgotten, and then only the sharing is lost.
 */
export class Interner<T> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  readonly #size: number;

  constructor(size = GENERATION) {
    this.#size = size;
  }

  /** The copy kept under `key`, else `value`, which is kept. Equal keys must mean equal values. */
  share(key: string, value: T): T {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const kept = this.#old.get(key) ?? value;
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, kept);
    return kept;
  }
}

const strings = new Interner<string>();
const maps = new Interner<StringMap>();
const lists = new Interner<readonly unknown[]>();

/** For strings that many objects share: namespaces, nodes, zones. */
export function internString(value: string): string {
  return strings.share(value, value);
}

/** The order of keys counts; the API server sorts them. */
export function internMap(value: StringMap): StringMap {
  return maps.share(JSON.stringify(value), value);
}

/** For arrays of plain JSON values. */
export function internList<T>(value: readonly T[]): readonly T[] {
  return lists.share(JSON.stringify(value), value) as readonly T[];
}
