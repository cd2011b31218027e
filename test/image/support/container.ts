/** The image in a container, by the engine that built it. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { productOf } from '../../../scripts/bundle/product.ts';
import { imageOptions, tagOf } from '../../../scripts/image/options.ts';
import { onExit } from '../../cluster/run/exit-hooks.ts';
import { eventually } from '../../integration/support/eventually.ts';
import { getText } from '../../integration/support/metrics-text.ts';
import type { LogLine } from '../../integration/support/operator-process.ts';

const { engine, image } = imageOptions(process.env, '');
const [command = '', ...globals] = engine;
export const product = productOf(resolve(import.meta.dirname, '../../..'));
export const IMAGE = `${image}:${tagOf(product.version)}`;

/** As the chart's Deployment has it: Pod Security "restricted" and a read-only root, without even a /tmp. */
const RESTRICTED = [
  '--read-only',
  // podman's --read-only would bring writable directories of its own.
  ...(/podman$/.test(command) ? ['--read-only-tmpfs=false'] : []),
  ...['--cap-drop', 'all'],
  ...['--security-opt', 'no-new-privileges'],
  ...['--network', 'host'],
  // Where the engine may not raise them to its own defaults.
  ...['--ulimit', 'nofile=4096:4096'],
  ...['--ulimit', 'nproc=4096:4096'],
];

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it to its end. @param options of the engine, before the image */
export function run(options: readonly string[], args: readonly string[]): Outcome {
  const all = [...globals, 'run', '--rm', ...RESTRICTED, ...options, IMAGE, ...args];
  const { status, stdout, stderr } = spawnSync(command, all, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** JSON of a command of the engine. */
export function inspect(...args: readonly string[]): unknown {
  return JSON.parse(execFileSync(command, [...globals, ...args], { encoding: 'utf8' }));
}

export class Container {
  readonly name = `zen-lead-test-${randomBytes(4).toString('hex')}`;
  readonly logs: LogLine[] = [];
  readonly ended: Promise<number | null>;
  #stderr = '';
  readonly #child: ChildProcess;

  constructor(options: readonly string[], args: readonly string[]) {
    const all = [...globals, 'run', '--rm', '--name', this.name, ...RESTRICTED, ...options, IMAGE, ...args];
    const child = spawn(command, all, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#stderr += `${line}\n`;
      if (line.startsWith('{')) this.logs.push(JSON.parse(line) as LogLine);
    });
    const forget = onExit(() => {
      this.remove();
    });
    this.ended = once(child, 'close').then(([code]) => {
      forget();
      return code as number | null;
    });
  }

  async ready(): Promise<void> {
    await eventually(
      async () => {
        const { status, body } = await this.get('/readyz');
        if (status !== 200) throw new Error(`/readyz answers ${status}: ${body}`);
      },
      { timeout: 20_000, describe: `${this.name} to be ready` },
    );
  }

  async get(path: string): Promise<{ status: number; body: string }> {
    if (this.#child.exitCode !== null) throw new Error(`${this.name} has ended: ${this.#stderr}`);
    const line = this.logs.find(
      ({ message, paths }) => message === 'listening' && Array.isArray(paths) && paths.includes(path),
    );
    if (line === undefined)
      throw new Error(`${this.name} does not say yet where ${path} is: ${this.#stderr}`);
    return getText(`http://${String(line['address'])}${path}`);
  }

  /** Of its first process, as the machine sees it. */
  pid(): number {
    const [{ State }] = inspect('inspect', this.name) as [{ State: { Pid: number } }];
    return State.Pid;
  }

  /** To its PID 1, as the kubelet does it. Resolves with the exit status and milliseconds until then. */
  async terminate(): Promise<{ code: number | null; afterMs: number }> {
    const askedAt = performance.now();
    execFileSync(command, [...globals, 'kill', '--signal', 'TERM', this.name]);
    const code = await this.ended;
    return { code, afterMs: performance.now() - askedAt };
  }

  /** Whatever state it is in; does nothing where it is gone. */
  remove(): void {
    if (this.#child.exitCode === null) spawnSync(command, [...globals, 'rm', '--force', this.name]);
  }
}
