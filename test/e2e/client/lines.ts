import type { Outcome } from './attempt.ts';

/** One new connection. */
export type Attempt = Outcome & {
  /** Counted from 0, in the order in which they began; lines come in the order in which they ended. */
  readonly n: number;
  /** When it began: CLOCK_MONOTONIC, milliseconds. */
  readonly at: number;
  /** The same by the wall clock, milliseconds since 1970. */
  readonly wall: number;
  /** Milliseconds until the outcome. */
  readonly ms: number;
};

/** The last line. */
export interface Over {
  readonly over: true;
  readonly attempts: number;
  /** Turns that were left out because the process had no CPU in time. */
  readonly skipped: number;
}

export type Line = Attempt | Over;

export function isOver(line: Line): line is Over {
  return 'over' in line;
}

export function hasFailed(attempt: Attempt): attempt is Attempt & Extract<Outcome, { error: unknown }> {
  return 'error' in attempt;
}

/** When the outcome was known: CLOCK_MONOTONIC, milliseconds. */
export function endOf({ at, ms }: Attempt): number {
  return at + ms;
}
