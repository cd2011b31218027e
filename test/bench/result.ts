/** From what was measured to the figures that are printed. Pure. */
import type { Measured, SideResult } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Failover } from './slice-board.ts';
import { median, share, summarize, type Summary } from './statistics.ts';
import type { Side } from './workload.ts';

/** All times in milliseconds, memory in MB. */
export interface SideFigures {
  /** From the answer to the status patch to the leader slice. */
  readonly leader: Summary;
  /** To kube-controller-manager's own slice, of the same pods. */
  readonly kcm: Summary;
  /** Failovers whose leader slice was written before kube-controller-manager's, from 0 to 1. */
  readonly firstShare: number;
  /** Failovers that one of the slices did not show in time. */
  readonly lost: number;
  /** The slowest failover of a turn; the median of all turns, so that one hiccup of the machine does not count. */
  readonly worstOfTurnMs: number;
  /** The very first failover after the start. */
  readonly firstMs: number;
  readonly sliceWritesPerFailover: number;
  /** Calls of the operator to the API server, watches aside. */
  readonly callsPerFailover: Readonly<Record<string, number>>;
  readonly cpuMsPerFailover: number;
  /** Of the whole machine: the control plane and the bench are part of it. */
  readonly machineMsPerFailover: number;
  readonly memory: { readonly before: number; readonly after: number; readonly peak: number };
  readonly burst?: BurstFigures;
}

export interface BurstFigures {
  readonly leader: Summary;
  readonly kcm: Summary;
  readonly firstShare: number;
  readonly lost: number;
  /** From the first answer to the last leader slice, of each burst. */
  readonly allMovedMs: readonly number[];
  readonly kcmAllMs: readonly number[];
}

export interface Figures {
  readonly annotations: SideFigures;
  readonly policies?: SideFigures;
  readonly bare: SideFigures;
  readonly lag: Measured['lag'];
  readonly watchResumed: number;
}

interface Seen extends Failover {
  readonly answeredAt: number;
  readonly leader: NonNullable<Failover['leader']>;
  readonly kcm: NonNullable<Failover['kcm']>;
}

export function figuresOf({ sides, lag, watchResumed }: Measured): Figures {
  const [annotations, policies, bare] = (['annotations', 'policies', 'bare'] as const).map((side) => {
    const result = sides.get(side);
    return result === undefined ? undefined : sideFigures(result);
  });
  if (annotations === undefined || bare === undefined) throw new Error('Expected two sides at least');
  return { annotations, ...(policies && { policies }), bare, lag, watchResumed };
}

/** Those that were measured, in the order in which they are shown. */
export function shown({ annotations, policies, bare }: Figures): [Side, SideFigures][] {
  return [
    ['annotations', annotations],
    ...(policies ? [['policies', policies] as [Side, SideFigures]] : []),
    ['bare', bare],
  ];
}

function sideFigures(side: SideResult): SideFigures {
  const { turns, bursts, first, before, after } = side;
  const steady = turns.flat();
  return {
    ...latencies(steady),
    worstOfTurnMs: median(turns.map((turn) => summarize(turn.filter(isSeen).map(leaderMs)).max)),
    firstMs: isSeen(first) ? leaderMs(first) : NaN,
    callsPerFailover: Object.fromEntries(
      [...side.calls].filter(([, count]) => count > 0).map(([name, count]) => [name, count / steady.length]),
    ),
    sliceWritesPerFailover: side.sliceWrites / steady.length,
    cpuMsPerFailover: side.cpuMs / steady.length,
    machineMsPerFailover: side.machineMs / steady.length,
    memory: { before: before.rss, after: after.rss, peak: after.peak },
    ...(bursts.length > 0 && { burst: burstFigures(bursts) }),
  };
}

function burstFigures(bursts: SideResult['bursts']): BurstFigures {
  const seen = bursts.map((burst) => burst.filter(isSeen));
  return {
    ...latencies(bursts.flat()),
    allMovedMs: seen.map((burst) => span(burst, ({ leader }) => leader.at)),
    kcmAllMs: seen.map((burst) => span(burst, ({ kcm }) => kcm.at)),
  };
}

function span(burst: readonly Seen[], until: (failover: Seen) => number): number {
  return Math.max(...burst.map(until)) - Math.min(...burst.map(({ answeredAt }) => answeredAt));
}

function latencies(
  failovers: readonly Failover[],
): Pick<SideFigures, 'leader' | 'kcm' | 'firstShare' | 'lost'> {
  const seen = failovers.filter(isSeen);
  return {
    leader: summarize(seen.map(leaderMs)),
    kcm: summarize(seen.map(({ kcm, answeredAt }) => kcm.at - answeredAt)),
    firstShare: share(seen, ({ leader, kcm }) => leader.resourceVersion < kcm.resourceVersion),
    lost: failovers.length - seen.length,
  };
}

function isSeen(failover: Failover): failover is Seen {
  return failover.answeredAt !== undefined && failover.leader !== undefined && failover.kcm !== undefined;
}

function leaderMs({ leader, answeredAt }: Seen): number {
  return leader.at - answeredAt;
}

export interface Target {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly pass: boolean;
  readonly unit: '' | 'ms' | 'MB' | '%';
}

/** One failover, for whoever wants to look closer. Milliseconds. */
export interface Sample {
  readonly side: Side;
  readonly phase: 'steady' | 'burst';
  /** Since the first answer of all. */
  readonly at: number;
  readonly leader: number | null;
  readonly kcm: number | null;
}

export function samplesOf({ sides }: Pick<Measured, 'sides'>): Sample[] {
  const all = [...sides.values()].flatMap(({ turns, bursts }) => [
    ...turns.flat().map((failover) => ({ failover, phase: 'steady' as const })),
    ...bursts.flat().map((failover) => ({ failover, phase: 'burst' as const })),
  ]);
  const since = Math.min(...all.map(({ failover }) => failover.answeredAt ?? Infinity));
  const samples = all.map(({ failover, phase }): Sample => {
    const { side, answeredAt = NaN, leader, kcm } = failover;
    const after = (seen: Failover['leader']): number | null =>
      seen === undefined ? null : seen.at - answeredAt;
    return { side, phase, at: answeredAt - since, leader: after(leader), kcm: after(kcm) };
  });
  return samples.sort((a, b) => a.at - b.at);
}

/** With fewer, kube-controller-manager is so fast that who is first is a matter of luck, for the bare loop too. */
const MANY_SERVICES = 1_000;

/** Where the operator is expected to be. */
export function targetsOf(figures: Figures, { services }: Pick<BenchOptions, 'services'>): Target[] {
  const { annotations: operator, policies, bare } = figures;
  const ratios = (['p50', 'p99'] as const).flatMap((p) => [
    most(`${p}, times the bare loop's`, operator.leader[p] / bare.leader[p], 1.3),
    most(`${p}, times kube-controller-manager's`, operator.leader[p] / operator.kcm[p], 1),
  ]);
  const first = 100 * operator.firstShare;
  const targets = [
    ...ratios,
    ...(services < MANY_SERVICES
      ? []
      : [{ name: 'first to be written', value: first, limit: 80, pass: first >= 80, unit: '%' as const }]),
    most('RSS after the last failover', operator.memory.after, services <= 100 ? 100 : 150, 'MB'),
  ];
  const burst = burstRatio(operator, bare);
  if (burst !== undefined) targets.push(most("burst: all moved, times the bare loop's", burst, 1.3));
  return policies === undefined ? targets : [...targets, ...policyTargets(policies, operator)];
}

/** A LeaderPolicy may cost a tenth more than an annotation. */
function policyTargets(policies: SideFigures, annotations: SideFigures): Target[] {
  const targets = (['p50', 'p90', 'p99'] as const).map((p) =>
    most(`by policy: ${p}, times that by annotation`, policies.leader[p] / annotations.leader[p], 1.1),
  );
  const burst = burstRatio(policies, annotations);
  if (burst !== undefined) targets.push(most('by policy: burst, times that by annotation', burst, 1.1));
  return targets;
}

function burstRatio(one: SideFigures, other: SideFigures): number | undefined {
  if (one.burst === undefined || other.burst === undefined) return undefined;
  return median(one.burst.allMovedMs) / median(other.burst.allMovedMs);
}

function most(name: string, value: number, limit: number, unit: Target['unit'] = ''): Target {
  return { name, value, limit, pass: value <= limit, unit };
}
