/** kubectl, for display: each command is shown as the viewer would type it. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { command, DemoError } from './terminal.ts';

export interface KubectlOptions {
  /** Binary, or a name that is looked up on PATH. */
  readonly binary: string;
  /** Value of KUBECONFIG. */
  readonly kubeconfig: string;
  /** Where it is not the one of the current context. */
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
}

export class Kubectl {
  readonly #options: KubectlOptions;

  constructor(options: KubectlOptions) {
    this.#options = options;
  }

  /** Runs it, then prints the command and its output. */
  async show(...args: string[]): Promise<void> {
    const output = await this.run(args);
    command(this.line(args), output);
  }

  /** @param input its standard input */
  async run(args: readonly string[], input = ''): Promise<string> {
    const { binary, signal } = this.#options;
    const env = this.#env;
    const all = this.#withNamespace(args);
    return new Promise((resolve, reject) => {
      const child = execFile(binary, all, { env, signal }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if (signal.aborted) reject(signal.reason as Error);
        else reject(new DemoError(`${this.line(args)}: ${stderr.trim() || error.message}`, { cause: error }));
      });
      child.stdin?.on('error', () => undefined).end(input);
    });
  }

  /** One that does not end by itself: whoever starts it ends it. Its complaints go to standard error. */
  spawn(args: readonly string[]): ChildProcess {
    return spawn(this.#options.binary, this.#withNamespace(args), {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'inherit'],
      // Ctrl-C in the terminal reaches the demo alone.
      detached: true,
    });
  }

  get #env(): NodeJS.ProcessEnv {
    return { ...process.env, KUBECONFIG: this.#options.kubeconfig };
  }

  /** The command for a shell. */
  line(args: readonly string[]): string {
    return ['kubectl', ...this.#withNamespace(args)].map(quote).join(' ');
  }

  #withNamespace(args: readonly string[]): readonly string[] {
    const { namespace } = this.#options;
    return namespace === undefined ? args : ['-n', namespace, ...args];
  }
}

function quote(word: string): string {
  return /^[\w/.:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Is there a kubectl on PATH? */
export async function hasKubectl(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('kubectl', ['version', '--client'], (error) => {
      resolve(error === null);
    });
  });
}
