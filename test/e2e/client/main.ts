/**
 * The client process: opens a new connection every few milliseconds and writes what became of it, one JSON line each,
 * when it is over. Ends on SIGTERM, at the end of its standard input, or after --max-seconds, once the connections that are
 * under way are through; its last line says so.
 */
import { monotonicMs } from '../clock.ts';
import { attempt, type Target } from './attempt.ts';
import type { Line } from './lines.ts';
import { lookupAt } from './lookup.ts';
import { parseOptions } from './options.ts';
import { pace } from './pace.ts';

const options = parseOptions(process.argv.slice(2));
const ending = new AbortController();
const under = new Set<Promise<void>>();
const { from, resolver } = options;
const lookup = resolver === undefined ? undefined : lookupAt(resolver);
let count = 0;

function say(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function end(): void {
  ending.abort();
}

async function once(n: number): Promise<void> {
  const localAddress = from[n % from.length];
  const target: Target = {
    ...options,
    ...(localAddress !== undefined && { localAddress }),
    ...(lookup !== undefined && { lookup }),
  };
  const [at, wall] = [monotonicMs(), Date.now()];
  const outcome = await attempt(target);
  say({ n, at, wall, ms: monotonicMs() - at, ...outcome });
}

process.once('SIGTERM', end);
process.stdin.once('end', end).once('error', end).resume();
process.stdout.once('error', () => process.exit(1));
const limit = setTimeout(end, options.maxSeconds * 1_000);
const skipped = await pace(
  () => {
    const turn: Promise<void> = once(count).finally(() => under.delete(turn));
    count += 1;
    under.add(turn);
  },
  { intervalMs: options.intervalMs, signal: ending.signal },
);
clearTimeout(limit);
await Promise.all(under);
say({ over: true, attempts: count, skipped });
process.stdin.destroy();
