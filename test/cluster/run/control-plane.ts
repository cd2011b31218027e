import { extrasOf } from '../build/builder.ts';
import { waitFor } from '../wait.ts';
import { ApiClient } from './api.ts';
import { apiserver, controllerManager, etcd, etcdUrl, kwok, scheduler } from './components.ts';
import { startDaemon } from './daemon.ts';
import { etcdIsHealthy } from './etcd.ts';
import { createNodes, nodesAreUsable } from './nodes.ts';
import { waitGone } from './process.ts';
import { killProcesses, readState, writeState } from './state.ts';
import type { Credentials } from './bootstrap.ts';
import type { Setup } from './components.ts';
import type { Command, Daemon } from './daemon.ts';
import type { ProcessId } from './process.ts';
import type { ClusterState } from './state.ts';

/** The processes of one cluster. Every one is on record in the state file from its first moment. */
export class ControlPlane {
  readonly api: ApiClient;
  readonly etcd: ApiClient;
  readonly #setup: Setup;
  readonly #directory: string;
  readonly #nodes: number;

  constructor(setup: Setup, directory: string, nodes: number, server: string, credentials: Credentials) {
    this.#setup = setup;
    this.#directory = directory;
    this.#nodes = nodes;
    const ca = credentials.authority.cert;
    this.api = new ApiClient(server, ca, credentials.admin);
    this.etcd = new ApiClient(etcdUrl(setup), ca, credentials.etcd);
  }

  /** Starts all, each as soon as what it needs is there, and waits until the whole works. */
  async start(log: (line: string) => void): Promise<void> {
    const setup = this.#setup;
    const store = await this.#launch(etcd(setup));
    await store.ready(() => etcdIsHealthy(this.etcd), { intervalMs: 10 });
    log('etcd is up');
    await this.startApiserver();
    log('kube-apiserver is up');
    if (this.#nodes === 0) await this.#startForHandMadePods();
    else await this.#startForFakeNodes(this.#nodes);
    await this.#controllersWork();
    log('controllers work');
  }

  async #startForHandMadePods(): Promise<void> {
    await this.#launch(controllerManager(this.#setup, 'hand-made'));
    // Its EndpointSlice controller leaves out pods whose spec.nodeName is not the name of a node.
    await createNodes(this.api, 1);
  }

  async #startForFakeNodes(count: number): Promise<void> {
    await this.#launch(controllerManager(this.#setup, 'fake nodes'));
    await this.#launch(scheduler(this.#setup));
    await this.#launch(kwok(this.#setup, extrasOf('kwok')));
    await createNodes(this.api, count);
    await nodesAreUsable(this.api);
  }

  /** Starts kube-apiserver, on the same port as ever, and waits until it is ready. */
  async startApiserver(): Promise<void> {
    const daemon = await this.#launch(apiserver(this.#setup));
    await daemon.ready(async () => {
      try {
        return (await this.api.request('GET', '/readyz', { timeoutMs: 1_000 })).status === 200;
      } catch {
        return false; // not listening yet
      }
    });
  }

  /** @throws when no such component is on record. */
  processOf(component: string): ProcessId {
    const id = this.#state().processes[component];
    if (id === undefined) throw new Error(`${component} was never started in ${this.#directory}`);
    return id;
  }

  /** Lets it outlive this process. */
  disown(): void {
    const { owner: _, ...state } = this.#state();
    writeState(this.#directory, state);
  }

  killNow(): void {
    const state = readState(this.#directory);
    if (state !== undefined) killProcesses(state);
  }

  async #launch(command: Command): Promise<Daemon> {
    const state = this.#state();
    const previous = state.processes[command.name];
    // A starting server would find its port taken, and the record of the old process would be lost.
    if (previous !== undefined && !(await waitGone([previous], 0))) {
      throw new Error(`${command.name} is running already`);
    }
    const daemon = await startDaemon(command, this.#directory);
    writeState(this.#directory, {
      ...state,
      processes: { ...state.processes, [command.name]: daemon.id },
    });
    return daemon;
  }

  #state(): ClusterState {
    const state = readState(this.#directory);
    if (state === undefined) throw new Error(`The cluster in ${this.#directory} was stopped`);
    return state;
  }

  /** kube-controller-manager serves nothing to ask; its first visible work is each namespace's default account. */
  async #controllersWork(): Promise<void> {
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await waitFor('kube-controller-manager to work', async () => {
      return (await this.api.request('GET', account)).status === 200;
    });
  }
}
