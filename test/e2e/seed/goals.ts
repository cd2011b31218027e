/** What the project wants of a failover by a frozen process, and whether a run of the tests got it. Pure. */
import type { Figures, Spread } from '../measure/figures.ts';

/** Milliseconds, at most. */
export interface Goals {
  readonly notReadyToAnswer: Partial<Spread>;
  readonly actToAnswer: Partial<Spread>;
}

const NAMES = {
  notReadyToAnswer: 'NotReady to the first answer',
  actToAnswer: 'act to the first answer',
} as const;
const WHICH = { median: 'median', max: 'every run' } as const;

/** A line for each. They depend on the machine: told, and not asserted. */
export function goalLines(figures: Figures, goals: Goals): string[] {
  return (['notReadyToAnswer', 'actToAnswer'] as const).flatMap((name) =>
    (['median', 'max'] as const).flatMap((which) => {
      const goal = goals[name][which];
      const value = figures[name][which];
      if (goal === undefined) return [];
      const verdict = value <= goal ? 'pass' : 'MISS';
      return `${NAMES[name]}, ${WHICH[which]}: ${value.toFixed(0)} ms, at most ${goal} ms: ${verdict}`;
    }),
  );
}
