/** The writing client, seen by the one who started it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from '../../cluster/wait.ts';
import { acknowledged, type Acknowledged, type Write } from '../check/write.ts';
import type { Spawn } from '../client/probe.ts';
import type { WriterOptions } from '../client/sequence-writer.ts';
import { isOver, type WriterLine, type WriterProcessOptions } from './writer-lines.ts';

const MAIN = join(import.meta.dirname, 'writer-main.ts');
const END_MS = 15_000;

export class Writer {
  readonly client: string;
  /** In the order in which they ended. */
  readonly writes: Write[] = [];
  readonly #child: ChildProcess;
  readonly #reading: Promise<void>;
  #isOver = false;
  #complaint = '';

  constructor(
    spawn: Spawn,
    options: WriterOptions & Pick<WriterProcessOptions, 'intervalMs'>,
    maxSeconds = 900,
  ) {
    this.client = options.client;
    this.#child = spawn(process.execPath, [MAIN, JSON.stringify({ ...options, maxSeconds })]);
    this.#child.on('error', (error) => (this.#complaint += error.message));
    this.#child.stderr?.on('data', (text: Buffer) => (this.#complaint += text.toString()));
    this.#reading = this.#read();
    this.#reading.catch(() => undefined);
  }

  /** The first acknowledged write that passes, of those so far and all that follow. */
  async until(
    what: string,
    passes: (write: Acknowledged) => boolean,
    timeoutMs = 60_000,
  ): Promise<Acknowledged> {
    let looked = 0;
    return await waitFor(
      `${this.client}: ${what}`,
      () => {
        this.#check();
        const fresh = this.writes.slice(looked);
        looked += fresh.length;
        return acknowledged(fresh).find(passes);
      },
      { timeoutMs, intervalMs: 20 },
    );
  }

  /** The first write that was started at this moment (milliseconds) or later, and acknowledged. */
  async writesAfter(moment: number, timeoutMs?: number): Promise<Acknowledged> {
    return await this.until('a write to be acknowledged', ({ startedAt }) => startedAt >= moment, timeoutMs);
  }

  /** No new write is begun; resolves when the last one is over. */
  async stop(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    await this.#reading;
    clearTimeout(timer);
    if (!this.#isOver) throw new Error(`the writer ${this.client} did not end well: ${this.#complaint}`);
  }

  #check(): void {
    if (this.#isOver || this.#child.exitCode !== null || this.#complaint !== '') {
      throw new Error(`the writer ${this.client} has ended: ${this.#complaint}`);
    }
  }

  async #read(): Promise<void> {
    if (this.#child.stdout === null) throw new Error('the writer has no standard output');
    const closed = once(this.#child, 'close');
    for await (const text of createInterface({ input: this.#child.stdout })) {
      const line = JSON.parse(text) as WriterLine;
      if (isOver(line)) this.#isOver = true;
      else this.writes.push(line);
    }
    await closed;
  }
}
