/** One key that waits. It changes lanes by being marked urgent and pushed again. */
export interface Entry {
  readonly key: string;
  urgent: boolean;
  /** When the event behind it was received (earliest of those merged), monotonic milliseconds. */
  receivedAt: number | undefined;
  /** When it was added, monotonic milliseconds. */
  readonly queuedAt: number;
}

/** So many urgent keys may go in a row while a routine one waits. */
export const URGENT_IN_A_ROW = 64;

/**
 * Two FIFO lanes. Urgent entries go first; but after 64 of them in a row one routine entry goes, so that a node that dies
 * with a thousand leaders delays routine work and does not stop it.
 */
export class Lanes {
  readonly #urgent = new Fifo<Entry>();
  readonly #routine = new Fifo<Entry>();
  #urgentInARow = 0;

  push(entry: Entry): void {
    (entry.urgent ? this.#urgent : this.#routine).push(entry);
  }

  /** Moves an entry that waits in the routine lane to the end of the urgent one. */
  promote(entry: Entry): void {
    if (entry.urgent) return;
    // What stays behind in the routine lane is skipped when its turn comes: taking it out would cost a search.
    entry.urgent = true;
    this.#urgent.push(entry);
  }

  /** The entry whose turn it is; without `routineAllowed` only an urgent one. */
  take(routineAllowed: boolean): Entry | undefined {
    if (routineAllowed && (this.#urgentInARow >= URGENT_IN_A_ROW || this.#urgent.length === 0)) {
      const routine = this.#takeRoutine();
      if (routine !== undefined) return routine;
    }
    const urgent = this.#urgent.shift();
    if (urgent !== undefined) this.#urgentInARow += 1;
    return urgent;
  }

  clear(): void {
    this.#urgent.clear();
    this.#routine.clear();
  }

  #takeRoutine(): Entry | undefined {
    this.#urgentInARow = 0;
    for (;;) {
      const entry = this.#routine.shift();
      if (entry?.urgent !== true) return entry;
    }
  }
}

/** Array with a moving head: Array.shift is linear, and a Map that is emptied from its front walks over its holes. */
class Fifo<T> {
  #items: T[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#head += 1;
    if (this.#head === this.#items.length) this.clear();
    else if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
