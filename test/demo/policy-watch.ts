/** `kubectl get leaderpolicies -w`: its lines are shown as they come, and can be waited for. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Kubectl } from './kubectl.ts';
import { command, DemoError, say } from './terminal.ts';

const ARGS = ['get', 'leaderpolicies', '-w'];
const LINE_MS = 10_000;

export class PolicyWatch {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #kill = (): void => {
    this.#child.kill('SIGKILL');
  };
  #last = '';
  #onLine: () => void = () => undefined;
  #over: DemoError | undefined;

  constructor(kubectl: Kubectl) {
    command(kubectl.line(ARGS));
    this.#child = kubectl.spawn(ARGS);
    process.on('exit', this.#kill);
    if (this.#child.stdout !== null) createInterface({ input: this.#child.stdout }).on('line', this.#take);
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', resolve).once('close', resolve);
    });
    void this.#ended.then(() => {
      process.off('exit', this.#kill);
      this.#over = new DemoError('kubectl get leaderpolicies -w ended by itself.');
      this.#onLine();
    });
  }

  /** The newest line is like this, now or soon. */
  async until(pattern: RegExp): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const look = (): void => {
      if (pattern.test(this.#last)) resolve(undefined);
      else if (this.#over !== undefined) reject(this.#over);
    };
    const timer = setTimeout(() => {
      reject(
        new DemoError(`Expected kubectl to show a line like ${String(pattern)}; the last was: ${this.#last}`),
      );
    }, LINE_MS);
    this.#onLine = look;
    look();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#onLine = () => undefined;
    }
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }

  readonly #take = (line: string): void => {
    say(line.trimEnd());
    this.#last = line;
    this.#onLine();
  };
}
