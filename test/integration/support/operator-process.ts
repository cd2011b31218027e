/** The operator as users run it: the bundle in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onExit } from '../../cluster/run/exit-hooks.ts';
import { freeze, identify, signal, type ProcessId } from '../../cluster/run/process.ts';
import { BUNDLE, ensureBundle } from './bundle.ts';
import { eventually } from './eventually.ts';
import { getText, MetricsText } from './metrics-text.ts';
import { operatorKubeconfig } from './rbac.ts';
import { sharedCluster } from './shared.ts';

export interface OperatorOptions {
  /** 'all' is --all-namespaces; 'none' gives no flag at all. */
  namespaces: readonly string[] | 'all' | 'none';
  /** A user with exactly the operator's rights on the shared cluster unless told otherwise. */
  kubeconfig?: string;
  /** More arguments, last. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** A line of the log. */
export interface LogLine {
  time: string;
  level: string;
  message: string;
  [field: string]: unknown;
}

export interface Ended {
  /** null: by a signal. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Milliseconds from the signal that asked for it, or from the start, to the end. */
  afterMs: number;
}

const running = new Set<OperatorProcess>();
let started = 0;

/** Those that no test has ended yet. */
export function runningOperators(): readonly OperatorProcess[] {
  return [...running];
}

/** Starts the operator; it may not be ready yet: `await (await startOperator(...)).ready()`. */
export async function startOperator(options: OperatorOptions): Promise<OperatorProcess> {
  await ensureBundle();
  const kubeconfig = options.kubeconfig ?? (await operatorKubeconfig(sharedCluster()));
  const flags = Array.isArray(options.namespaces)
    ? options.namespaces.flatMap((name: string) => ['--namespace', name])
    : options.namespaces === 'all'
      ? ['--all-namespaces']
      : [];
  const servers = ['--metrics-bind-address', '127.0.0.1:0', '--health-probe-bind-address', '127.0.0.1:0'];
  const args = [...flags, ...servers, '--log-format', 'json', ...(options.args ?? [])];
  return new OperatorProcess(args, { KUBECONFIG: kubeconfig, ...options.env });
}

/** Runs it with exactly these arguments and variables; for what ends by itself. */
export async function runOperator(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended & { stdout: string; stderr: string }> {
  await ensureBundle();
  const operator = new OperatorProcess(args, env);
  const ended = await operator.ended;
  return { ...ended, stdout: operator.stdout, stderr: operator.stderr };
}

export class OperatorProcess {
  readonly name: string;
  /** Lines of the log that are JSON objects, so far. */
  readonly logs: LogLine[] = [];
  stdout = '';
  /** The log, raw. */
  stderr = '';
  readonly ended: Promise<Ended>;
  readonly #id: ProcessId | undefined;
  readonly #child: ChildProcess;
  #askedAt = performance.now();

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    started += 1;
    this.name = `operator ${started} (${args.join(' ')})`;
    const child = spawn(process.execPath, [BUNDLE, ...args], {
      // Nothing of the machine's own settings, but what a process needs to run at all.
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#id = child.pid === undefined ? undefined : identify(child.pid);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    createInterface({ input: child.stderr.setEncoding('utf8') }).on('line', (line) => {
      this.#line(line);
    });
    const forget = onExit(() => this.#id !== undefined && signal(this.#id, 'SIGKILL'));
    running.add(this);
    this.ended = this.#end().finally(() => {
      forget();
      running.delete(this);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until /readyz answers 200. Throws when the process ends before that. */
  async ready(timeout = 10_000): Promise<this> {
    await this.#orEnd(
      async () => {
        const { status, body } = await this.get('/readyz');
        if (status !== 200) throw new Error(`/readyz answers ${status}: ${body.trim()}`);
      },
      { timeout, describe: `${this.name} to be ready` },
    );
    return this;
  }

  /** Asks one of its two servers. */
  async get(path: string): Promise<{ status: number; body: string }> {
    return getText(`http://${this.addressOf(path)}${path}`);
  }

  async metrics(): Promise<MetricsText> {
    return new MetricsText((await this.get('/metrics')).body);
  }

  /** The first line so far, or to come, that the predicate takes. */
  async waitForLog(predicate: (line: LogLine) => boolean, timeout = 5_000): Promise<LogLine> {
    return eventually(
      () => {
        const found = this.logs.find(predicate);
        if (found === undefined) throw new Error(`no such line among ${this.logs.length}`);
        return found;
      },
      { timeout, describe: 'a line of the log' },
    );
  }

  /** SIGTERM; asserts the exit code. */
  async stop(expectedCode: number | null = 0): Promise<Ended> {
    const ended = await this.kill('SIGTERM');
    if (ended.code !== expectedCode) {
      throw new Error(
        `Expected ${this.name} to exit with ${String(expectedCode)}, got ${String(ended.code)}: ${this.stderr.slice(-2_000)}`,
      );
    }
    return ended;
  }

  /** Sends a signal that ends it, and waits for the end. */
  async kill(name: NodeJS.Signals): Promise<Ended> {
    this.#askedAt = performance.now();
    this.signal(name);
    return this.ended;
  }

  /** Stops it in its tracks; resolves when it stands, until SIGCONT. */
  async freeze(): Promise<void> {
    if (this.#id !== undefined) await freeze(this.#id);
  }

  /** For signals that do not end it. */
  signal(name: NodeJS.Signals): void {
    if (this.#id !== undefined) signal(this.#id, name);
  }

  async #end(): Promise<Ended> {
    const [code, name] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal: name, afterMs: performance.now() - this.#askedAt };
  }

  async #orEnd(attempt: () => Promise<void>, options: { timeout: number; describe: string }): Promise<void> {
    const died = this.ended.then(({ code }) => {
      throw new Error(`${this.name} ended with ${String(code)}: ${this.stderr.slice(-2_000)}`);
    });
    await Promise.race([eventually(attempt, options), died]);
  }

  /** Where it serves a path: host:port. */
  addressOf(path: string): string {
    const [plain = ''] = path.split('?');
    const line = this.logs.find(
      ({ message, paths }) => message === 'listening' && Array.isArray(paths) && paths.includes(plain),
    );
    if (line === undefined) throw new Error(`${this.name} does not say yet where ${plain} is`);
    return String(line['address']);
  }

  #line(line: string): void {
    this.stderr += `${line}\n`;
    if (!line.startsWith('{')) return;
    try {
      this.logs.push(JSON.parse(line) as LogLine);
    } catch {
      // Not a line of the log; it stays in stderr.
    }
  }
}
