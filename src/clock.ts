/** Time as the queue sees it, so that tests can turn it by hand. */
export interface Clock {
  /** Monotonic time in milliseconds, like performance.now(). */
  readonly now: () => number;
  /** Runs `run` once after `ms` milliseconds; the function returned cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Runs `run` once the event loop has had a turn (I/O comes first). */
  readonly nextTurn: (run: () => void) => void;
}

/** A longer delay makes Node's setTimeout fire at once: 2^31 - 1 ms, 24.8 days. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.ceil(ms), LONGEST_TIMER_MS));
    return () => {
      clearTimeout(timer);
    };
  },
  nextTurn(run) {
    setImmediate(run);
  },
};
