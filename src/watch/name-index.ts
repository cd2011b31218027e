/** A set of names under each key. */
export class NameIndex {
  readonly #names = new Map<string, Set<string>>();

  get(key: string): ReadonlySet<string> {
    return this.#names.get(key) ?? EMPTY;
  }

  add(key: string, name: string): void {
    const names = this.#names.get(key);
    if (names === undefined) this.#names.set(key, new Set([name]));
    else names.add(name);
  }

  delete(key: string, name: string): void {
    const names = this.#names.get(key);
    names?.delete(name);
    if (names?.size === 0) this.#names.delete(key);
  }

  keys(): Iterable<string> {
    return this.#names.keys();
  }
}

const EMPTY: ReadonlySet<string> = new Set();
