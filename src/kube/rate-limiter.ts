import { ZenLeadError } from '../errors.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * Token bucket: `qps` tokens a second, at most twice as many saved up. Routine calls wait for theirs first in, first
 * out. Urgent ones take a token at once, if need be one that is not there yet: routine calls then wait the longer, and
 * the rate holds over time. A `qps` of 0 is no limit.
 */
export class RateLimiter {
  readonly #qps: number;
  readonly #burst: number;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #waiting = new Set<Waiter>();
  #tokens: number;
  #filledAt: number;
  #cancelTimer: (() => void) | undefined;

  constructor(qps: number, clock: Pick<Clock, 'now' | 'after'> = systemClock) {
    this.#qps = qps;
    this.#clock = clock;
    this.#burst = Math.max(1, 2 * qps);
    this.#tokens = this.#burst;
    this.#filledAt = clock.now();
  }

  /** Routine calls that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** An urgent call: takes a token without waiting. */
  take(): void {
    if (this.#qps <= 0) return;
    this.#fill();
    this.#tokens -= 1;
  }

  /** A routine call: resolves when it may go. Rejects with the signal's reason when that is aborted first. */
  async wait(signal?: AbortSignal): Promise<void> {
    if (this.#qps <= 0) return;
    signal?.throwIfAborted();
    this.#fill();
    if (this.#waiting.size === 0 && this.#tokens >= 1) {
      this.#tokens -= 1;
      return;
    }
    await this.#enqueue(signal);
  }

  /** Refuses those that wait. */
  close(): void {
    this.#cancelTimer?.();
    for (const waiter of this.#waiting)
      waiter.refuse(new ZenLeadError('Unreachable', 'the client is closed'));
    this.#waiting.clear();
  }

  async #enqueue(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiter: Waiter = {
      admit: () => {
        resolve(undefined);
      },
      refuse: reject,
    };
    const abort = (): void => {
      this.#waiting.delete(waiter);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.add(waiter);
    this.#arm();
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #fill(): void {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) * this.#qps) / 1000);
    this.#filledAt = now;
  }

  /** One timer for the head of the line. It may find that urgent calls took the token meanwhile, and is set again. */
  #arm(): void {
    if (this.#cancelTimer !== undefined) return;
    const ms = Math.max(1, ((1 - this.#tokens) * 1000) / this.#qps);
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#cancelTimer = undefined;
      this.#admitDue();
    });
  }

  #admitDue(): void {
    this.#fill();
    for (const waiter of this.#waiting) {
      if (this.#tokens < 1) break;
      this.#tokens -= 1;
      this.#waiting.delete(waiter);
      waiter.admit();
    }
    if (this.#waiting.size > 0) this.#arm();
  }
}
