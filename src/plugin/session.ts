/** What every command has: where it works, for whom it writes, and how. */
import { KubeClient } from '../kube/client.ts';
import { VERSION } from '../version.ts';
import { Api } from './api.ts';
import { environmentFor, loadFor, type Which } from './kubeconfig.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';
import { serialized, type Format, type Terminal } from './terminal.ts';

export interface CommonOptions extends Which {
  readonly namespace?: string;
  readonly output?: Format;
}

/** Ends with the session: Ctrl-C, or the end of a test. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export class Session {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly api: Api;
  /** --namespace, else that of the context, else default. */
  readonly namespace: string;
  readonly options: CommonOptions;
  readonly #client: KubeClient;

  /** @throws ZenLeadError InvalidKubeconfig */
  constructor(options: CommonOptions, { env, terminal, signal }: Surroundings) {
    const { kubeConfig, namespace } = loadFor(options, env);
    this.options = options;
    this.terminal = terminal;
    this.signal = signal;
    this.env = environmentFor(options, env);
    this.namespace = options.namespace ?? namespace ?? 'default';
    this.#client = new KubeClient({ kubeConfig, version: VERSION });
    this.api = new Api(this.#client);
  }

  /** Of its namespace, or of all. What could not be read is told on standard error. */
  async snapshot(scope: 'namespace' | 'all' = 'namespace'): Promise<Snapshot> {
    const namespace = scope === 'all' ? undefined : this.namespace;
    const snapshot = await takeSnapshot(this.api, namespace, Date.now());
    for (const note of snapshot.notes) this.terminal.err(`note: ${note}\n`);
    return snapshot;
  }

  /** The value as JSON or YAML, where that is asked for; else `text`. */
  print(value: unknown, text: () => string): void {
    const { output } = this.options;
    this.terminal.out(output === 'json' || output === 'yaml' ? serialized(value, output) : text());
  }

  get isWide(): boolean {
    return this.options.output === 'wide';
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
