/** From failovers to the figures that are printed. Pure. */
import { median, percentile, share } from '../../bench/statistics.ts';
import { failed, type Failover } from './failover.ts';

/** Milliseconds, or a count. */
export interface Spread {
  readonly median: number;
  readonly max: number;
}

/** Of the failovers by one act. */
export interface Figures {
  readonly act: string;
  readonly runs: number;
  readonly actToNotReady: Spread;
  readonly notReadyToSlice: Spread;
  readonly sliceToRules: Spread;
  readonly rulesToAnswer: Spread;
  readonly notReadyToAnswer: Spread;
  readonly actToAnswer: Spread;
  /** New connections that failed. */
  readonly failed: Spread;
  /** Share of the runs in which kube-controller-manager wrote its own slice of the same pods before, from 0 to 1. */
  readonly sourceFirst: number;
  /** Share of the runs in which kube-proxy made the client wait, from 0 to 1. */
  readonly waited: number;
}

/**
 * kube-proxy holds a change back for the rest of its minSyncPeriod, and else applies it within some tens of milliseconds. A
 * change that comes late in the period waits only a little: below a tenth of it nobody could tell the two apart.
 */
export function hasWaited({ slice, rules }: Failover, minSyncPeriodMs: number): boolean {
  return rules - slice > Math.max(50, minSyncPeriodMs / 10);
}

/** Of failovers by one act; NaN where there is none. */
export function figuresOf(failovers: readonly Failover[], minSyncPeriodMs: number): Figures {
  const spread = (value: (failover: Failover) => number | undefined): Spread => {
    const values = failovers.flatMap((each) => value(each) ?? []);
    return {
      median: median(values),
      max: percentile(
        values.toSorted((a, b) => a - b),
        1,
      ),
    };
  };
  const after = (notReady: number | undefined, at: number): number | undefined =>
    notReady === undefined ? undefined : at - notReady;
  return {
    act: failovers[0]?.act ?? '',
    runs: failovers.length,
    actToNotReady: spread(({ notReady }) => notReady),
    notReadyToSlice: spread(({ notReady, slice }) => after(notReady, slice)),
    sliceToRules: spread(({ slice, rules }) => rules - slice),
    rulesToAnswer: spread(({ rules, answer }) => answer - rules),
    notReadyToAnswer: spread(({ notReady, answer }) => after(notReady, answer)),
    actToAnswer: spread(({ answer }) => answer),
    failed: spread((each) => failed(each).length),
    sourceFirst: share(failovers, ({ sourceFirst }) => sourceFirst),
    waited: share(failovers, (each) => hasWaited(each, minSyncPeriodMs)),
  };
}

/** The one in the middle by the time until the first answer: it was measured, and is not the best of them. */
export function middle(failovers: readonly Failover[]): Failover | undefined {
  const sorted = failovers.toSorted((a, b) => a.answer - b.answer);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
