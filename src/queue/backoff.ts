export interface BackoffOptions {
  /** Upper bound of the first delay, milliseconds. */
  readonly baseMs: number;
  /** Upper bound of any delay, milliseconds. */
  readonly capMs: number;
}

/** The first retries come fast, because a failover write may be among them; a lasting outage costs two calls a minute and key. */
export const DEFAULT_BACKOFF: BackoffOptions = { baseMs: 10, capMs: 30_000 };

/**
 * Exponential back-off per key with full jitter: the n-th delay is uniform in [0, min(cap, base * 2^n)). Full jitter keeps
 * many keys that failed together (an API server that restarts) from coming back together.
 */
export class Backoff {
  readonly #failures = new Map<string, number>();
  readonly #options: BackoffOptions;
  readonly #random: () => number;

  constructor(random: () => number, options: BackoffOptions = DEFAULT_BACKOFF) {
    this.#random = random;
    this.#options = options;
  }

  /** Milliseconds to wait before the next attempt; each call counts as one more failure of the key. */
  next(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return this.#random() * Math.min(this.#options.capMs, this.#options.baseMs * 2 ** failures);
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
