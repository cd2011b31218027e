/** The client process, seen by the one who started it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from '../../cluster/wait.ts';
import { endOf, hasFailed, isOver, type Attempt, type Line, type Over } from './lines.ts';
import { DEFAULTS, toArguments, type ClientOptions } from './options.ts';

/** Starts a command somewhere, for instance in the network namespace of the node. */
export type Spawn = (command: string, args: readonly string[]) => ChildProcess;

export type ProbeOptions = Pick<ClientOptions, 'host' | 'port'> & Partial<ClientOptions>;

const MAIN = join(import.meta.dirname, 'main.ts');
const END_MS = 15_000;

export class Probe {
  /** In the order in which they ended. */
  readonly attempts: Attempt[] = [];
  readonly #child: ChildProcess;
  readonly #reading: Promise<void>;
  #over: Over | undefined;
  #complaint = '';

  constructor(spawn: Spawn, options: ProbeOptions) {
    this.#child = spawn(process.execPath, [MAIN, ...toArguments({ ...DEFAULTS, ...options })]);
    this.#child.on('error', (error) => (this.#complaint += error.message));
    this.#child.stderr?.on('data', (text: Buffer) => (this.#complaint += text.toString()));
    this.#reading = this.#read();
  }

  /** The first connection that passes, of those so far and all that follow. */
  async until(what: string, passes: (attempt: Attempt) => boolean, timeoutMs = 30_000): Promise<Attempt> {
    let looked = 0;
    return await waitFor(
      what,
      () => {
        this.#check();
        const fresh = this.attempts.slice(looked);
        looked += fresh.length;
        return fresh.find(passes);
      },
      { timeoutMs, intervalMs: 10 },
    );
  }

  /** Resolves when the server answers: the process has to start first. */
  async answers(timeoutMs?: number): Promise<Attempt> {
    return await this.until('the client to be answered', (each) => !hasFailed(each), timeoutMs);
  }

  /** All that ended at this moment or later: CLOCK_MONOTONIC, milliseconds. */
  since(at: number): Attempt[] {
    return this.attempts.filter((each) => endOf(each) >= at);
  }

  /** No new connection is begun; resolves when those under way are through. */
  async stop(): Promise<Over> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    await this.#reading;
    clearTimeout(timer);
    if (this.#over === undefined) throw new Error(`the client did not end well: ${this.#complaint}`);
    return this.#over;
  }

  #check(): void {
    if (this.#over !== undefined || this.#child.exitCode !== null || this.#complaint !== '') {
      throw new Error(`the client has ended: ${this.#complaint}`);
    }
  }

  async #read(): Promise<void> {
    if (this.#child.stdout === null) throw new Error('the client has no standard output');
    const closed = once(this.#child, 'close').catch(() => undefined);
    for await (const text of createInterface({ input: this.#child.stdout })) {
      const line = JSON.parse(text) as Line;
      if (isOver(line)) this.#over = line;
      else this.attempts.push(line);
    }
    await closed;
  }
}
