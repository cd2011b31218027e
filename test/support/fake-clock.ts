import type { Clock } from '../../src/clock.ts';

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 0;
  #alarms: Alarm[] = [];
  #turns: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const alarm = { at: this.#now + ms, run };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  nextTurn(run: () => void): void {
    this.#turns.push(run);
  }

  /** Timers that have been set and neither fired nor cancelled. */
  get timers(): number {
    return this.#alarms.length;
  }

  /** Callbacks that wait for the event loop to turn. */
  get turns(): number {
    return this.#turns.length;
  }

  /** Lets time pass without firing timers: a computation that takes `ms`. */
  spend(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass, fires the timers due in order, and waits for what their callbacks do in microtasks. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#alarms.filter((alarm) => alarm.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settled();
    }
    this.#now = Math.max(this.#now, end);
    await settled();
  }

  /** One turn of the event loop. */
  async turn(): Promise<void> {
    const turns = this.#turns;
    this.#turns = [];
    for (const run of turns) run();
    await settled();
  }
}

/** Resolves when all microtasks have run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
