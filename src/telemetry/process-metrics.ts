/** The few metrics of the process that are cheap: no garbage collection observer, no handles, no heap spaces. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { computedCounter } from './metric-types.ts';

/**
 * Every tick wakes the process: 100 ms cost 0.1 % of a CPU, 20 ms 0.45 %. A stall longer than a tick is always seen, to the
 * tick; a shorter one only when a tick falls into it.
 */
const LAG_TICK_MS = 100;

export function registerProcessMetrics(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory size in bytes',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'Start time of the process since the Unix epoch in seconds',
    registers,
  }).set(performance.timeOrigin / 1000);
  computedCounter(
    registry,
    { name: 'process_cpu_seconds_total', help: 'User and system CPU time spent in seconds' },
    () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  );
  const delay = monitorEventLoopDelay({ resolution: LAG_TICK_MS });
  delay.enable();
  registerLag(registry, delay);
}

/** Of perf_hooks.IntervalHistogram: the longest time between two ticks since the last reset, nanoseconds. */
interface TickHistogram {
  readonly max: number;
  reset(): void;
}

export function registerLag(registry: Registry, delay: TickHistogram): void {
  new Gauge({
    name: 'zen_lead_event_loop_lag_seconds',
    help: 'Longest time since the last scrape that the event loop was late, in seconds',
    registers: [registry],
    collect() {
      this.set(Math.max(0, delay.max / 1e9 - LAG_TICK_MS / 1000));
      delay.reset();
    },
  });
}
