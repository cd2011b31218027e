/** The text for people. */
import type { Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { targetsOf, type BurstFigures, type Figures, type SideFigures, type Target } from './result.ts';
import type { Summary } from './statistics.ts';
import { PODS_PER_SERVICE } from './workload.ts';

type Row = readonly string[];

export function reportOf(figures: Figures, options: BenchOptions, machine: Machine): string {
  const { operator, bare } = figures;
  const sections = [
    header(options, machine),
    [
      'Steady: from the answer to the status patch to the slice, milliseconds',
      ...latencyTable(operator, bare),
    ].join('\n'),
    ratios(operator, bare),
    ...(operator.burst === undefined || bare.burst === undefined
      ? []
      : [burstSection(operator.burst, bare.burst, options)]),
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
    `The operator is asked by ${policies ? 'one LeaderPolicy per Service' : 'annotations on the Services'}.`,
    `${cores} cores (${cpu}), Node.js ${node}, load ${load.map((value) => value.toFixed(1)).join(' → ')};`,
    `busy ${percent(busy)}, of which ${percent(others)} of the machine went to others than the bench and its control plane.`,
  ].join('\n');
}

function latencyTable(
  operator: Pick<SideFigures, 'leader' | 'kcm'>,
  bare: Pick<SideFigures, 'leader' | 'kcm'>,
): string[] {
  return [
    table([
      ['', 'n', 'p50', 'p90', 'p99', 'max'],
      summaryRow("operator's slice", operator.leader),
      summaryRow('kube-controller-manager, same pods', operator.kcm),
      summaryRow("bare loop's slice", bare.leader),
      summaryRow('kube-controller-manager, same pods', bare.kcm),
    ]),
  ];
}

function ratios(operator: SideFigures, bare: SideFigures): string {
  const row = (name: string, a: Summary, b: Summary): Row => [
    name,
    (a.p50 / b.p50).toFixed(2),
    (a.p99 / b.p99).toFixed(2),
  ];
  return table([
    ['Ratios', 'p50', 'p99'],
    row('operator / bare loop', operator.leader, bare.leader),
    row('operator / kube-controller-manager', operator.leader, operator.kcm),
    row('bare loop / kube-controller-manager', bare.leader, bare.kcm),
  ]);
}

function burstSection(operator: BurstFigures, bare: BurstFigures, { burst }: BenchOptions): string {
  const all = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(', ');
  return [
    `${burst} leaders lost at once, milliseconds`,
    ...latencyTable(operator, bare),
    '',
    table([
      ['From the first answer to the last slice', 'each burst'],
      ['operator', all(operator.allMovedMs)],
      ['kube-controller-manager, same pods', all(operator.kcmAllMs)],
      ['bare loop', all(bare.allMovedMs)],
      ['kube-controller-manager, same pods', all(bare.kcmAllMs)],
    ]),
  ].join('\n');
}

function costs(figures: Figures, { settle }: BenchOptions): string {
  const { operator, bare } = figures;
  const row = (name: string, of: (side: SideFigures) => string): Row => [name, of(operator), of(bare)];
  return [
    table([
      ['', 'operator', 'bare loop'],
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
function aboutCalls({ operatorCallsPerFailover, lag, watchResumed }: Figures): string[] {
  const calls = Object.entries(operatorCallsPerFailover).map(
    ([name, count]) => `${name} ${count.toFixed(2)}`,
  );
  const all = Object.values(operatorCallsPerFailover).reduce((sum, count) => sum + count, 0);
  return [
    `The operator's calls per failover: ${all.toFixed(2)} (${calls.join(', ')}).`,
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
