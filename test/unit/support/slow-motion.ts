import type { Clock } from '../../../src/clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from './wait.ts';

/** A fake clock for code that waits for real I/O in between: a test can wait until a timer of some length is set. */
export class SlowMotion implements Pick<Clock, 'now' | 'after'> {
  readonly #clock = new FakeClock();
  readonly #pending: number[] = [];

  now(): number {
    return this.#clock.now();
  }

  after(ms: number, run: () => void): () => void {
    this.#pending.push(ms);
    const forget = (): void => {
      const index = this.#pending.indexOf(ms);
      if (index !== -1) this.#pending.splice(index, 1);
    };
    const cancel = this.#clock.after(ms, () => {
      forget();
      run();
    });
    return () => {
      // Cancelled after it fired, or twice: another timer of the same length must not be forgotten.
      const before = this.#clock.timers;
      cancel();
      if (this.#clock.timers < before) forget();
    };
  }

  async advance(ms: number): Promise<void> {
    await this.#clock.advance(ms);
  }

  /** Waits until a timer is set that fires `ms` milliseconds after it was set. */
  async untilTimer(ms: number): Promise<void> {
    await until(`a timer of ${ms} ms, not ${this.#pending.join(', ')}`, () => this.#pending.includes(ms));
  }
}
