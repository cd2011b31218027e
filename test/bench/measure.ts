/** The course of the bench: a warm-up, steady failovers on both sides in turns, bursts in turns, and the wait for the memory. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver } from './driver.ts';
import type { Loop, OperatorLoop } from './loops.ts';
import { readApiCalls, totalOf, type ApiCalls } from './operator-metrics.ts';
import type { BenchOptions } from './options.ts';
import { cpuMs, machineTime, memoryOf, type Memory } from './proc.ts';
import type { Failover, SliceBoard } from './slice-board.ts';
import type { SliceWatch } from './slice-watch.ts';
import { NAMESPACE, SIDES, type Side } from './workload.ts';

/** Short, so that both sides meet the same noise of the machine. */
const BLOCK_S = 3;
const WARM_UP_S = 2;
const LAG_RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;

export interface Parts {
  readonly options: BenchOptions;
  readonly driver: Driver;
  readonly board: SliceBoard;
  readonly watch: Pick<SliceWatch, 'resumed'>;
  readonly loops: Readonly<Record<Side, Loop>> & { readonly operator: OperatorLoop };
  readonly say: (line: string) => void;
}

/** What one side did in its turns. */
export interface SideResult {
  readonly first: Failover;
  /** Steady failovers, by turn. */
  readonly turns: readonly (readonly Failover[])[];
  readonly bursts: readonly (readonly Failover[])[];
  /** Of the steady failovers. */
  readonly cpuMs: number;
  /** Of all processes of the machine, meanwhile. */
  readonly machineMs: number;
  readonly sliceWrites: number;
  /** Before the first failover, and `settle` seconds after the last. */
  readonly before: Memory;
  readonly after: Memory;
}

export interface Measured {
  readonly sides: Readonly<Record<Side, SideResult>>;
  /** Calls of the operator in its steady turns. */
  readonly calls: ApiCalls;
  /** Event loop lag of the bench itself while it measured, milliseconds. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number };
  /** How often the API server has ended the watch of the bench, which was then resumed. */
  readonly watchResumed: number;
}

interface Tally {
  first: Failover[];
  turns: Failover[][];
  bursts: Failover[][];
  cpuMs: number;
  machineMs: number;
  sliceWrites: number;
}

export async function measure(parts: Parts): Promise<Measured> {
  const { options, loops, say } = parts;
  const before = memories(loops);
  const tallies: Record<Side, Tally> = { operator: newTally(), bare: newTally() };
  for (const side of SIDES) {
    tallies[side].first = await parts.driver.steady(side, Math.ceil(options.rate * WARM_UP_S), options.rate);
  }
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  const calls = await steadyPhase(parts, tallies);
  lag.disable();
  await burstPhase(parts, tallies);
  say(`waiting ${options.settle} s, then the memory is read`);
  await sleep(options.settle * 1000);
  for (const side of SIDES) loops[side].check();
  const after = memories(loops);
  const result = (side: Side): SideResult => {
    const { first, ...rest } = tallies[side];
    return { ...rest, first: first[0]!, before: before[side], after: after[side] };
  };
  const ms = (ns: number): number => Math.max(0, ns / NS_PER_MS - LAG_RESOLUTION_MS);
  return {
    sides: { operator: result('operator'), bare: result('bare') },
    calls,
    lag: { p50: ms(lag.percentile(50)), p99: ms(lag.percentile(99)), max: ms(lag.max) },
    watchResumed: parts.watch.resumed,
  };
}

async function steadyPhase(parts: Parts, tallies: Record<Side, Tally>): Promise<ApiCalls> {
  const { options, loops, say } = parts;
  const before = await readApiCalls(loops.operator.metricsPort);
  for (const [index, seconds] of blocks(options.duration).entries()) {
    for (const side of inTurn(index)) {
      await steadyBlock(parts, side, tallies[side], Math.round(seconds * options.rate));
    }
    say(
      `${tallies.operator.turns.flat().length} of ${options.duration * options.rate} failovers on each side`,
    );
  }
  const after = await readApiCalls(loops.operator.metricsPort);
  return new Map([...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)]));
}

async function steadyBlock(parts: Parts, side: Side, tally: Tally, count: number): Promise<void> {
  const { board, loops, driver, options } = parts;
  const { pid } = loops[side];
  loops[side].check();
  const [cpuBefore, busyBefore, writesBefore] = [
    cpuMs(pid),
    machineTime().busy,
    board.writes(NAMESPACE[side]),
  ];
  tally.turns.push(await driver.steady(side, count, options.rate));
  tally.cpuMs += cpuMs(pid) - cpuBefore;
  tally.machineMs += machineTime().busy - busyBefore;
  tally.sliceWrites += board.writes(NAMESPACE[side]) - writesBefore;
}

async function burstPhase(
  { options, driver, loops, say }: Parts,
  tallies: Record<Side, Tally>,
): Promise<void> {
  if (options.burst === 0) return;
  for (let index = 0; index < options.bursts; index += 1) {
    for (const side of inTurn(index)) {
      loops[side].check();
      tallies[side].bursts.push(await driver.burst(side, options.burst));
      await reported(loops.operator);
    }
    say(`${index + 1} of ${options.bursts} bursts on each side`);
  }
}

/** Until the operator has sent what it still had to tell. */
export async function reported({ metricsPort }: OperatorLoop): Promise<void> {
  let calls = -1;
  for (;;) {
    const now = totalOf(await readApiCalls(metricsPort));
    if (now === calls) return;
    calls = now;
    await sleep(1_500);
  }
}

/** ABBA: what drifts meets both sides alike. */
function inTurn(index: number): readonly Side[] {
  return index % 2 === 0 ? SIDES : SIDES.toReversed();
}

function blocks(seconds: number): number[] {
  const count = Math.ceil(seconds / BLOCK_S);
  return Array.from({ length: count }, (_, index) => Math.min(BLOCK_S, seconds - index * BLOCK_S));
}

function memories(loops: Readonly<Record<Side, Loop>>): Record<Side, Memory> {
  return { operator: memoryOf(loops.operator.pid), bare: memoryOf(loops.bare.pid) };
}

function newTally(): Tally {
  return { first: [], turns: [], bursts: [], cpuMs: 0, machineMs: 0, sliceWrites: 0 };
}
