/**
 * When a call that reports may go out. A control plane has few cores: a report that is being worked on when a leader is lost holds up the
 * slice. So reports wait until leaders have stopped changing, and leave the API server alone for a while after each call, longer where it is slow.
 */
import type { Clock } from '../clock.ts';

/** So long a report waits for more of the same key; and so long until the next look where slices are being written. */
const PAUSE_MS = 20;
/** Leaders are lost together: where one has just changed, the next one is likely to. */
const CALM_MS = 250;
/** Times what the last call took: reports are under way for a third of the time at most. */
const REST = 2;
/** A lost node costs hundreds of leaders at once, and their slices come first. What has waited so long goes out all the same. */
const LATE_MS = 5_000;

export interface PaceOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Slices are being written: reports would be in the way. */
  readonly isBusy: () => boolean;
}

export class Pace {
  readonly #options: PaceOptions;
  #restUntil = 0;
  #calmAt = 0;
  #isHurried = false;
  #wake: (() => void) | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#options.clock.now();
  }

  /** Resolves when the next call of a report that came in at `since` may go out. */
  async turn(since: number): Promise<void> {
    const isLate = (): boolean => this.#isHurried || this.now() - since >= LATE_MS;
    await this.#until(since + PAUSE_MS);
    while (!isLate()) {
      const earliest = Math.max(this.#restUntil, this.#calmAt);
      if (earliest > this.now()) await this.#until(Math.min(earliest, since + LATE_MS));
      else if (this.#options.isBusy()) await this.#until(this.now() + PAUSE_MS);
      else return;
    }
  }

  /** A leader has changed. */
  changed(): void {
    this.#calmAt = this.now() + CALM_MS;
  }

  /** Makes a call, and has the next one wait. */
  async call<T>(run: () => Promise<T>): Promise<T> {
    const started = this.now();
    try {
      return await run();
    } finally {
      this.#restUntil = this.now() + REST * (this.now() - started);
    }
  }

  /** From now on nothing waits. */
  hurry(): void {
    this.#isHurried = true;
    this.#wake?.();
  }

  async #until(time: number): Promise<void> {
    const wait = time - this.now();
    if (wait <= 0 || this.#isHurried) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const cancel = this.#options.clock.after(wait, () => {
      resolve(undefined);
    });
    this.#wake = () => {
      resolve(undefined);
    };
    await promise;
    cancel();
    this.#wake = undefined;
  }
}
