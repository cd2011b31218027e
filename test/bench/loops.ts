/** The two processes that are measured: the operator and the bare loop. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onExit } from '../cluster/run/exit-hooks.ts';
import { freePorts } from '../cluster/run/ports.ts';
import { BenchError } from './errors.ts';
import { sidesOf, type BenchOptions } from './options.ts';
import type { Access } from './setup.ts';
import { NAMESPACE, PORT, type Side } from './workload.ts';

const LOG_TAIL = 2_000;
const STOP_MS = 8_000;

export type LoopName = 'operator' | 'bare';

/** A process that moves leaders. */
export interface Loop {
  readonly name: LoopName;
  readonly pid: number;
  /** Throws when it has ended by itself. */
  check(): void;
  stop(): Promise<void>;
}

export interface OperatorLoop extends Loop {
  readonly metricsPort: number;
}

export interface LoopOptions {
  readonly options: BenchOptions;
  readonly access: Access;
  /** For the logs. */
  readonly directory: string;
}

export function loopOf(side: Side): LoopName {
  return side === 'bare' ? 'bare' : 'operator';
}

export async function startOperator(loop: LoopOptions): Promise<OperatorLoop> {
  const { operator, operatorArgs } = loop.options;
  if (!existsSync(operator)) throw new BenchError(`${operator} does not exist: run "make build" first`);
  const [metricsPort = 0, healthPort = 0] = await freePorts(2);
  const args = [
    resolve(operator),
    ...sidesOf(loop.options)
      .filter((side) => loopOf(side) === 'operator')
      .flatMap((side) => ['--namespace', NAMESPACE[side]]),
    ...['--metrics-bind-address', `127.0.0.1:${metricsPort}`],
    ...['--health-probe-bind-address', `127.0.0.1:${healthPort}`],
    ...operatorArgs,
  ];
  return { ...start('operator', args, loop), metricsPort };
}

export function startBareLoop(loop: LoopOptions): Loop {
  const file = join(import.meta.dirname, 'bare-loop.ts');
  return start('bare', [file, NAMESPACE.bare, String(PORT), loop.access.json], loop);
}

function start(name: LoopName, args: readonly string[], { options, access, directory }: LoopOptions): Loop {
  const file = join(directory, `${name}-loop.log`);
  const log = openSync(file, 'a', 0o600);
  const child = spawn(process.execPath, [...options.nodeArgs, ...args], {
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'], HOME: directory, KUBECONFIG: access.kubeconfig },
  });
  closeSync(log);
  const forget = onExit(() => child.kill('SIGKILL'));
  return {
    name,
    pid: child.pid ?? 0,
    check: () => {
      if (!hasEnded(child)) return;
      const said = readFileSync(file, 'utf8').slice(-LOG_TAIL);
      throw new BenchError(`the ${name} loop ended by itself. The end of its log:\n${said}`);
    },
    stop: async () => {
      await end(child);
      forget();
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Softly first: a profiler writes its file at the end. */
async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}
