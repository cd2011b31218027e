import { acknowledged, type Write } from './write.ts';

/** A time in which no write was acknowledged. Milliseconds of the writes' clock. */
export interface Silence {
  readonly from: number;
  readonly until: number;
  readonly milliseconds: number;
  /** How many writes ended without an acknowledgement in it, by error. */
  readonly errors: Readonly<Record<string, number>>;
}

/**
 * The longest time without an acknowledged write that ended after `since` (milliseconds, as the writes): from one acknowledgement
 * to the next. Undefined where fewer than two writes were acknowledged, or none since: then there was no end to it.
 */
export function longestSilence(writes: readonly Write[], since = -Infinity): Silence | undefined {
  const ends = acknowledged(writes)
    .map(({ endedAt }) => endedAt)
    .sort((a, b) => a - b);
  let longest: Omit<Silence, 'errors'> | undefined;
  for (const [index, until] of ends.entries()) {
    const from = ends[index - 1];
    if (from === undefined || until <= since) continue;
    if (longest === undefined || until - from > longest.milliseconds) {
      longest = { from, until, milliseconds: until - from };
    }
  }
  return longest && { ...longest, errors: errorsBetween(writes, longest.from, longest.until) };
}

function errorsBetween(writes: readonly Write[], from: number, until: number): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const { error, endedAt } of writes) {
    if (error === undefined || endedAt < from || endedAt > until) continue;
    errors[error] = (errors[error] ?? 0) + 1;
  }
  return errors;
}
