/**
 * When a report may go out. A control plane has few cores: a report that is being worked on when a leader is lost holds up the
 * slice. So reports wait until leaders have stopped changing, and leave the API server alone for a while after each, longer where it is slow.
 */
import type { Clock } from '../clock.ts';

/** So long a report waits for more of the same key. */
const MERGE_MS = 20;
/** Between two looks whether something may go out. */
const STEP_MS = 10;
/** Leaders are lost together: where one has just changed, the next one is likely to. Calm is waited for so long at most, for who looks at a status. */
const CALM_MS = 250;
const CALM_AT_MOST_MS = 1_000;
/** Times what the last one took: reports are under way for a fifth of the time at most, unless the API server is very slow. */
const REST = 4;
const REST_AT_MOST_MS = 100;
/** A lost node costs hundreds of leaders at once, and their slices come first. What has waited so long goes out all the same. */
const LATE_MS = 5_000;

export interface PaceOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Slices are being written: reports would be in the way. */
  readonly isBusy: () => boolean;
}

export interface Waiting {
  /** When it came in, monotonic milliseconds. */
  readonly since: number;
  /** It tells that a leader has changed. What tells of a state does not wait for calm: the state may be over by then. */
  readonly isChange: boolean;
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

  /** Whether a report may go out now. */
  mayGo({ since, isChange }: Waiting): boolean {
    const now = this.now();
    if (this.#isHurried || now - since >= LATE_MS) return true;
    if (now - since < MERGE_MS || now < this.#restUntil || this.#options.isBusy()) return false;
    return !isChange || now >= Math.min(this.#calmAt, since + CALM_AT_MOST_MS);
  }

  /** A leader has changed. */
  changed(): void {
    this.#calmAt = this.now() + CALM_MS;
  }

  /** Sends a report, and has the next one wait. */
  async spend<T>(run: () => Promise<T>): Promise<T> {
    const started = this.now();
    try {
      return await run();
    } finally {
      this.#restUntil = this.now() + Math.min(REST * (this.now() - started), REST_AT_MOST_MS);
    }
  }

  /** Until it is worth asking again. */
  async pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => {
      resolve(undefined);
    };
    const cancel = this.#options.clock.after(STEP_MS, wake);
    this.#wake = wake;
    await promise;
    cancel();
    this.#wake = undefined;
  }

  /** From now on nothing waits. */
  hurry(): void {
    this.#isHurried = true;
    this.#wake?.();
  }
}
