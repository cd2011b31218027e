/** The text for people. */
import type { Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import {
  shown,
  targetsOf,
  type BurstFigures,
  type Figures,
  type SideFigures,
  type Target,
} from './result.ts';
import type { Summary } from './statistics.ts';
import { PODS_PER_SERVICE, SIDE_NAME, type Side } from './workload.ts';

type Row = readonly string[];

export function reportOf(figures: Figures, options: BenchOptions, machine: Machine): string {
  const steady = 'Steady: from the answer to the status patch to the slice, milliseconds';
  const sections = [
    header(options, machine),
    `${steady}\n${latencyTable(shown(figures))}`,
    ratios(figures),
    ...burstSection(figures, options),
    costs(figures, options),
    `Targets\n${table(targetsOf(figures, options).map(targetRow))}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function header(options: BenchOptions, machine: Machine): string {
  const { services, policies, rate, duration, burst, bursts } = options;
  const { cores, cpu, node, load, busy, others } = machine;
  const atOnce = burst === 0 ? '' : `; then ${burst} at once, ${bursts} times`;
  return [
    `${services} Services with ${PODS_PER_SERVICE} pods each on each side; ${rate} failovers/s for ${duration} s${atOnce}.`,
    ...(policies
      ? ['One operator leads two sides: one by annotations, one by a LeaderPolicy per Service.']
      : []),
    `${cores} cores (${cpu}), Node.js ${node}, load ${load.map((value) => value.toFixed(1)).join(' → ')};`,
    `busy ${percent(busy)}, of which ${percent(others)} of the machine went to others than the bench and its control plane.`,
  ].join('\n');
}

function latencyTable(sides: readonly [Side, Pick<SideFigures, 'leader' | 'kcm'>][]): string {
  return table([
    ['', 'n', 'p50', 'p90', 'p99', 'max'],
    ...sides.flatMap(([side, { leader, kcm }]) => [
      summaryRow(SIDE_NAME[side], leader),
      summaryRow('kube-controller-manager, same pods', kcm),
    ]),
  ]);
}

function ratios({ annotations: operator, policies, bare }: Figures): string {
  const row = (name: string, a: Summary, b: Summary): Row => [
    name,
    (a.p50 / b.p50).toFixed(2),
    (a.p99 / b.p99).toFixed(2),
  ];
  return table([
    ['Ratios', 'p50', 'p99'],
    row('operator / bare loop', operator.leader, bare.leader),
    row('operator / kube-controller-manager', operator.leader, operator.kcm),
    ...(policies === undefined ? [] : [row('by policy / by annotation', policies.leader, operator.leader)]),
    row('bare loop / kube-controller-manager', bare.leader, bare.kcm),
  ]);
}

function burstSection(figures: Figures, { burst }: BenchOptions): string[] {
  const all = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(', ');
  const bursts = shown(figures).flatMap(([side, { burst: seen }]): [Side, BurstFigures][] =>
    seen === undefined ? [] : [[side, seen]],
  );
  if (bursts.length === 0) return [];
  const moved = table([
    ['From the first answer to the last slice', 'each burst'],
    ...bursts.flatMap(([side, { allMovedMs, kcmAllMs }]) => [
      [SIDE_NAME[side], all(allMovedMs)],
      ['kube-controller-manager, same pods', all(kcmAllMs)],
    ]),
  ]);
  return [`${burst} leaders lost at once, milliseconds\n${latencyTable(bursts)}\n\n${moved}`];
}

function costs(figures: Figures, { settle }: BenchOptions): string {
  const sides = shown(figures);
  const row = (name: string, of: (side: SideFigures) => string): Row => [
    name,
    ...sides.map(([, side]) => of(side)),
  ];
  return [
    table([
      ['', ...sides.map(([side]) => SIDE_NAME[side])],
      row('written before kube-controller-manager', ({ firstShare }) => percent(firstShare)),
      row('the same in bursts', ({ burst }) => (burst === undefined ? '-' : percent(burst.firstShare))),
      row('not seen within 10 s', ({ lost, burst }) => String(lost + (burst?.lost ?? 0))),
      row('slowest of a turn (median), ms', ({ worstOfTurnMs }) => worstOfTurnMs.toFixed(1)),
      row('the first failover after the start, ms', ({ firstMs }) => firstMs.toFixed(1)),
      row('EndpointSlice writes per failover', (side) => side.sliceWritesPerFailover.toFixed(2)),
      row('CPU ms per failover', ({ cpuMsPerFailover }) => cpuMsPerFailover.toFixed(1)),
      row('the same of the whole machine', (side) => side.machineMsPerFailover.toFixed(1)),
      row('RSS before, MB', ({ memory }) => memory.before.toFixed(0)),
      row(`RSS ${settle} s after the last failover, MB`, ({ memory }) => memory.after.toFixed(0)),
      row('peak RSS, MB', ({ memory }) => memory.peak.toFixed(0)),
    ]),
    ...aboutCalls(figures),
  ].join('\n');
}

/** The status patch of a policy counts as `patch leaderpolicies`. */
function aboutCalls(figures: Figures): string[] {
  const { lag, watchResumed } = figures;
  const calls = shown(figures)
    .filter(([side]) => side !== 'bare')
    .map(([side, { callsPerFailover }]) => {
      const each = Object.entries(callsPerFailover).map(([name, count]) => `${name} ${count.toFixed(2)}`);
      const all = Object.values(callsPerFailover).reduce((sum, count) => sum + count, 0);
      return `Calls per failover, ${SIDE_NAME[side]}: ${all.toFixed(2)} (${each.join(', ')}).`;
    });
  return [
    ...calls,
    `Event loop lag of the bench itself, ms: p50 ${lag.p50.toFixed(2)}, p99 ${lag.p99.toFixed(1)}, max ${lag.max.toFixed(1)}.`,
    watchResumed === 0
      ? "The API server never ended the bench's own watch."
      : `The API server ended the bench's own watch ${watchResumed} times, and it was resumed: failovers in between were seen later than they were.`,
  ];
}

function targetRow({ name, value, limit, pass, unit }: Target): Row {
  const digits = unit === '' ? 2 : 0;
  const bound = unit === '%' ? 'at least' : 'at most';
  const space = unit === '' ? '' : ' ';
  return [
    name,
    `${value.toFixed(digits)}${space}${unit}`,
    `${bound} ${limit}${space}${unit}`,
    pass ? 'pass' : 'MISS',
  ];
}

function summaryRow(name: string, { count, p50, p90, p99, max }: Summary): Row {
  return [name, String(count), ...[p50, p90, p99, max].map((value) => value.toFixed(1))];
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** The first column to the left, the others to the right. */
function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      ),
    )
    .map((cells) => `  ${cells.join('   ').trimEnd()}`)
    .join('\n');
}
