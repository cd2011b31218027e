import type { RestartReason } from './failure.ts';

const BASE_MS = 200;

interface Rule {
  /** The first one for this reason since all was well is retried at once. */
  readonly firstAtOnce: boolean;
  readonly capMs: number;
}

/** An API server that restarts is found within a second; one that says no is asked every ten. */
const RULES: Readonly<Record<RestartReason, Rule>> = {
  silent: { firstAtOnce: true, capMs: 1_000 },
  dropped: { firstAtOnce: true, capMs: 1_000 },
  refused: { firstAtOnce: false, capMs: 1_000 },
  expired: { firstAtOnce: true, capMs: 10_000 },
  error: { firstAtOnce: false, capMs: 10_000 },
};

/**
 * Exponential back-off with full jitter: the n-th delay for a reason is uniform in [0, min(cap, 200 ms * 2^n)). Reasons
 * are counted apart: an API server that was away for a minute and then says "expired" is listed at once.
 */
export class RestartDelay {
  readonly #random: () => number;
  readonly #failures = new Map<RestartReason, number>();

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Failures for this reason since all was well. */
  failures(reason: RestartReason): number {
    return this.#failures.get(reason) ?? 0;
  }

  /** Milliseconds to wait; each call counts as one more failure. */
  next(reason: RestartReason): number {
    const { firstAtOnce, capMs } = RULES[reason];
    const failures = this.failures(reason);
    this.#failures.set(reason, failures + 1);
    if (firstAtOnce && failures === 0) return 0;
    return this.#random() * Math.min(capMs, BASE_MS * 2 ** failures);
  }

  reset(): void {
    this.#failures.clear();
  }
}
