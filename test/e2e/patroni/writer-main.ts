/**
 * The writing client as a process: one JSON line for each write, when it is over. Ends on SIGTERM, at the end of its standard
 * input, or after `maxSeconds`; its last line says so.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SequenceWriter } from '../client/sequence-writer.ts';
import { monotonicMs } from '../clock.ts';
import type { WriterLine, WriterProcessOptions } from './writer-lines.ts';

const { intervalMs, maxSeconds, ...options } = JSON.parse(process.argv[2] ?? '') as WriterProcessOptions;
const ending = new AbortController();
const writer = new SequenceWriter(options);

function say(line: WriterLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function end(): void {
  ending.abort();
}

process.once('SIGTERM', end);
process.stdin.once('end', end).once('error', end).resume();
process.stdout.once('error', () => process.exit(1));
const limit = setTimeout(end, maxSeconds * 1_000);
let due = monotonicMs();
while (!ending.signal.aborted) {
  say(await writer.write());
  // A write that took long is not made up for: nobody writes faster because he has waited.
  due = Math.max(due + intervalMs, monotonicMs());
  await sleep(Math.max(0, due - monotonicMs()), undefined, { signal: ending.signal }).catch(() => undefined);
}
clearTimeout(limit);
writer.close();
say({ over: true });
process.stdin.destroy();
