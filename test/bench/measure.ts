/** The course of the bench: a warm-up, steady failovers on all sides in turns, bursts in turns, and the wait for the memory. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver } from './driver.ts';
import { loopOf, type Loop, type LoopName, type OperatorLoop } from './loops.ts';
import { readApiCalls, totalOf, type ApiCalls } from './operator-metrics.ts';
import { sidesOf, type BenchOptions } from './options.ts';
import { cpuMs, machineTime, memoryOf, type Memory } from './proc.ts';
import type { Failover, SliceBoard } from './slice-board.ts';
import type { SliceWatch } from './slice-watch.ts';
import { NAMESPACE, type Side } from './workload.ts';

/** Short, so that all sides meet the same noise of the machine. */
const BLOCK_S = 3;
const WARM_UP_S = 2;
const LAG_RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;

export interface Parts {
  readonly options: BenchOptions;
  readonly driver: Driver;
  readonly board: SliceBoard;
  readonly watch: Pick<SliceWatch, 'resumed'>;
  readonly loops: { readonly operator: OperatorLoop; readonly bare: Loop };
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
  /** Of the operator. */
  readonly calls: ApiCalls;
  /** Before the first failover, and `settle` seconds after the last. */
  readonly before: Memory;
  readonly after: Memory;
}

export interface Measured {
  readonly sides: ReadonlyMap<Side, SideResult>;
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
  calls: Map<string, number>;
}

type Tallies = ReadonlyMap<Side, Tally>;

export async function measure(parts: Parts): Promise<Measured> {
  const { options, loops, say } = parts;
  const before = memories(loops);
  const tallies = new Map(sidesOf(options).map((side) => [side, newTally()]));
  for (const [side, tally] of tallies) {
    tally.first = await parts.driver.steady(side, Math.ceil(options.rate * WARM_UP_S), options.rate);
  }
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  await steadyPhase(parts, tallies);
  lag.disable();
  await burstPhase(parts, tallies);
  say(`waiting ${options.settle} s, then the memory is read`);
  await sleep(options.settle * 1000);
  for (const loop of Object.values(loops)) loop.check();
  const after = memories(loops);
  const result = (side: Side, { first, ...rest }: Tally): SideResult => {
    return { ...rest, first: first[0]!, before: before[loopOf(side)], after: after[loopOf(side)] };
  };
  const ms = (ns: number): number => Math.max(0, ns / NS_PER_MS - LAG_RESOLUTION_MS);
  return {
    sides: new Map([...tallies].map(([side, tally]) => [side, result(side, tally)])),
    lag: { p50: ms(lag.percentile(50)), p99: ms(lag.percentile(99)), max: ms(lag.max) },
    watchResumed: parts.watch.resumed,
  };
}

async function steadyPhase(parts: Parts, tallies: Tallies): Promise<void> {
  const { options, say } = parts;
  let done = 0;
  for (const [index, seconds] of blocks(options.duration).entries()) {
    const count = Math.round(seconds * options.rate);
    for (const [side, tally] of inTurn(tallies, index)) await steadyBlock(parts, side, tally, count);
    done += count;
    say(`${done} of ${options.duration * options.rate} failovers on each side`);
  }
}

async function steadyBlock(parts: Parts, side: Side, tally: Tally, count: number): Promise<void> {
  const { board, loops, driver, options } = parts;
  const loop = loops[loopOf(side)];
  const { pid } = loop;
  loop.check();
  const callsBefore = await readApiCalls(loops.operator.metricsPort);
  const [cpuBefore, busyBefore, writesBefore] = [
    cpuMs(pid),
    machineTime().busy,
    board.writes(NAMESPACE[side]),
  ];
  tally.turns.push(await driver.steady(side, count, options.rate));
  // What is still told of these failovers belongs to this side's turn.
  await reported(loops.operator);
  tally.cpuMs += cpuMs(pid) - cpuBefore;
  tally.machineMs += machineTime().busy - busyBefore;
  tally.sliceWrites += board.writes(NAMESPACE[side]) - writesBefore;
  for (const [name, count] of await readApiCalls(loops.operator.metricsPort)) {
    tally.calls.set(name, (tally.calls.get(name) ?? 0) + count - (callsBefore.get(name) ?? 0));
  }
}

async function burstPhase({ options, driver, loops, say }: Parts, tallies: Tallies): Promise<void> {
  if (options.burst === 0) return;
  for (let index = 0; index < options.bursts; index += 1) {
    for (const [side, { bursts }] of inTurn(tallies, index)) {
      loops[loopOf(side)].check();
      bursts.push(await driver.burst(side, options.burst));
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

/** To and fro: what drifts meets all sides alike. */
function inTurn(tallies: Tallies, index: number): readonly [Side, Tally][] {
  return index % 2 === 0 ? [...tallies] : [...tallies].toReversed();
}

function blocks(seconds: number): number[] {
  const count = Math.ceil(seconds / BLOCK_S);
  return Array.from({ length: count }, (_, index) => Math.min(BLOCK_S, seconds - index * BLOCK_S));
}

function memories(loops: Parts['loops']): Record<LoopName, Memory> {
  return { operator: memoryOf(loops.operator.pid), bare: memoryOf(loops.bare.pid) };
}

function newTally(): Tally {
  return { first: [], turns: [], bursts: [], cpuMs: 0, machineMs: 0, sliceWrites: 0, calls: new Map() };
}
