/** What the figures were measured on, and who else was at work meanwhile. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { readState } from '../cluster/run/state.ts';
import { cpuMs, machineTime } from './proc.ts';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly node: string;
  readonly date: string;
  /** Load averages over a minute: before and after. */
  readonly load: readonly [number, number];
  /** Share of the machine that was busy from the first failover to the last, from 0 to 1. */
  readonly busy: number;
  /** The part of it that went to processes that are not of this bench. */
  readonly others: number;
}

/** Call it before; what it returns after. */
export function observeMachine(stateDir: string, pids: readonly number[]): () => Machine {
  const components = Object.values(readState(stateDir)?.processes ?? {}).map(({ pid }) => pid);
  const own = [process.pid, ...pids, ...components];
  const ownMs = (): number => own.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const [before, ownBefore, loadBefore] = [machineTime(), ownMs(), loadavg()[0] ?? NaN];
  return () => {
    const now = machineTime();
    const total = now.total - before.total;
    const busy = now.busy - before.busy;
    return {
      cores: availableParallelism(),
      cpu: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      date: new Date().toISOString(),
      load: [loadBefore, loadavg()[0] ?? NaN],
      busy: busy / total,
      others: Math.max(0, busy - (ownMs() - ownBefore)) / total,
    };
  };
}
