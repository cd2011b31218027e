/**
 * One clock for all processes of a run: CLOCK_MONOTONIC, milliseconds. libuv's high resolution time is that clock, and only a
 * time namespace would have one of its own. performance.now() counts from the start of its process, and the wall clock
 * may be set while something is measured.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
