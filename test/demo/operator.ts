/** The operator under show: a child process, as `make run` starts it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { command, DemoError, logLine } from './terminal.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUNDLE = 'dist/zen-lead.js';
/** What it says when it begins to work. */
const WORKS = 'caches are filled';
const START_MS = 30_000;
/** It promises to end within 5 s of SIGTERM. */
const END_MS = 6_000;

export interface OperatorOptions {
  /** Value of KUBECONFIG. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** It ended and nobody had asked it to. */
  readonly onDeath: (error: DemoError) => void;
}

export class OperatorProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #kill = (): void => {
    this.#child.kill('SIGKILL');
  };
  #stopping = false;

  /** @param onLine told of each line that it logs */
  private constructor(options: OperatorOptions, onLine: (line: string) => void) {
    const { kubeconfig, namespace, onDeath } = options;
    if (!existsSync(`${ROOT}${BUNDLE}`)) throw new DemoError(`${BUNDLE} is missing: make build makes it.`);
    // Ports of its own choice: the usual ones may be taken.
    const flags = `--namespace ${namespace} --metrics-bind-address 0 --health-probe-bind-address 127.0.0.1:0`;
    command(`node ${BUNDLE} ${flags}`);
    const args = ['--enable-source-maps', BUNDLE, ...flags.split(' '), '--log-format', 'pretty'];
    this.#child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, KUBECONFIG: kubeconfig },
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C in the terminal reaches the demo alone, which then ends the operator.
      detached: true,
    });
    process.on('exit', this.#kill);
    if (this.#child.stderr !== null) createInterface({ input: this.#child.stderr }).on('line', onLine);
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        process.off('exit', this.#kill);
        resolve();
        if (!this.#stopping)
          onDeath(new DemoError(`The operator ended by itself (${how}); see its log above.`));
      };
      this.#child.once('error', (error) => {
        end(error.message);
      });
      this.#child.once('close', (code, signal) => {
        end(signal ?? `exit code ${String(code)}`);
      });
    });
  }

  /** Resolves when its caches are filled. */
  static async start(options: OperatorOptions): Promise<OperatorProcess> {
    options.signal.throwIfAborted();
    const { promise: works, resolve, reject } = Promise.withResolvers<undefined>();
    const operator = new OperatorProcess(options, (line) => {
      logLine(line);
      if (line.includes(WORKS)) resolve(undefined);
    });
    const timer = setTimeout(() => {
      reject(new DemoError(`The operator did not fill its caches within ${String(START_MS / 1000)} s.`));
    }, START_MS);
    const abort = (): void => {
      reject(options.signal.reason as Error);
    };
    options.signal.addEventListener('abort', abort, { once: true });
    try {
      await works;
      return operator;
    } catch (error) {
      await operator.stop();
      throw error;
    } finally {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', abort);
    }
  }

  /** Ends it, softly first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(this.#kill, END_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
