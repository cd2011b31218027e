/** One timer a key: of two the earlier stays, and what it brings is merged. */
import type { Clock } from '../clock.ts';

export interface AddOptions {
  /** A leader is lost: goes before routine keys. */
  readonly urgent?: boolean | undefined;
  /** When the event behind it was received: the queue's clock (performance.now()), milliseconds. */
  readonly receivedAt?: number | undefined;
}

interface Timer extends AddOptions {
  readonly at: number;
  readonly cancel: () => void;
}

export class KeyTimers {
  readonly #clock: Clock;
  readonly #fire: (key: string, options: AddOptions) => void;
  readonly #timers = new Map<string, Timer>();

  constructor(clock: Clock, fire: (key: string, options: AddOptions) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** @param delayMs more than 0 */
  set(key: string, delayMs: number, options: AddOptions): void {
    const known = this.#timers.get(key);
    const wanted = this.#clock.now() + delayMs;
    const merged = {
      urgent: options.urgent === true || known?.urgent === true,
      receivedAt: earliest(known?.receivedAt, options.receivedAt),
    };
    if (known !== undefined && known.at <= wanted) {
      this.#timers.set(key, { ...merged, at: known.at, cancel: known.cancel });
      return;
    }
    known?.cancel();
    const cancel = this.#clock.after(delayMs, () => {
      const timer = this.#timers.get(key);
      this.#timers.delete(key);
      this.#fire(key, timer ?? {});
    });
    this.#timers.set(key, { ...merged, at: wanted, cancel });
  }

  cancel(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}

export function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
