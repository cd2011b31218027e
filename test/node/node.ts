import { spawn } from 'node:child_process';
import { ApiClient } from '../cluster/run/api.ts';
import { runKubectl } from '../cluster/run/kubectl.ts';
import { commandOf } from './components.ts';
import { writeProxyConfiguration } from './configuration.ts';
import { inNetwork, runIn, withStarter } from './namespaces.ts';
import { podProcesses } from './pods.ts';
import { isRunning } from './running.ts';
import { cgroupOf, destroyNode } from './state.ts';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { Setup } from '../cluster/run/components.ts';
import type { KeyPair } from '../cluster/run/pki.ts';
import type { Component } from './components.ts';
import type { RunOptions } from './namespaces.ts';
import type { PodProcess } from './pods.ts';
import type { NodeProcesses } from './processes.ts';

export type { PodProcess } from './pods.ts';

export interface NodeParts {
  readonly directory: string;
  readonly server: string;
  readonly ca: string;
  readonly admin: KeyPair;
  readonly setup: Setup;
  readonly processes: NodeProcesses;
  /** Takes the exit hook back. */
  readonly forget: () => void;
}

/** A Kubernetes of one real node, in namespaces of its own: its Services and pods are reachable only from within. */
export class RealNode {
  /** Kubeconfig of the cluster's admin, for use on this machine. */
  readonly kubeconfigPath: string;
  /** URL of the API server, for use on this machine. In the node it is another: addresses.ts. */
  readonly server: string;
  /** NAME.log of each component, keys and data; gone after `stop`. */
  readonly stateDir: string;
  /** Plain JSON requests to the API server as admin. */
  readonly api: ApiClient;
  readonly #parts: NodeParts;
  readonly #ended: () => void;

  constructor(parts: NodeParts) {
    this.#parts = parts;
    this.stateDir = parts.directory;
    this.server = parts.server;
    this.kubeconfigPath = `${parts.directory}/admin.kubeconfig`;
    this.api = new ApiClient(parts.server, parts.ca, parts.admin);
    this.#ended = isRunning(this);
  }

  /** Ends everything in the node and removes its state. May be called again. */
  async stop(): Promise<void> {
    this.#ended();
    this.api.close();
    await destroyNode(this.stateDir);
    this.#parts.forget();
  }

  /** Leaves the node to itself when this process ends. */
  disown(): void {
    this.#parts.processes.disown();
    this.#parts.forget();
  }

  /** Runs kubectl as admin, `input` on its standard input, and returns its standard output. */
  async kubectl(args: readonly string[], input = ''): Promise<string> {
    return runKubectl(this.#parts.setup.binaries.kubectl, this.kubeconfigPath, args, input);
  }

  /** Runs a command of the machine to its end in all namespaces of the node, as root. @returns its standard output */
  async run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    return runIn(this.#parts.processes.init, command, args, options);
  }

  /**
   * Starts a command of the machine in the node's network. It is a process of the machine otherwise: its pid is the command's
   * own, so that signals reach it. It ends with this process, and is not waited for by `stop`.
   */
  spawn(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const [program = '', ...all] = withStarter(inNetwork(this.#parts.processes.init, command, args));
    return spawn(program, all, options);
  }

  /** Makes the images of an archive (OCI or docker) known to the node, under the names that it gives them. */
  async importImage(archive: string): Promise<void> {
    const args = ['--namespace', 'k8s.io', 'images', 'import', '--local', archive];
    await this.run(this.#parts.setup.binaries.ctr, args, { timeoutMs: 300_000 });
  }

  /** Stops a component in its tracks: with the kubelet, the node is as good as lost, but its pods go on. */
  freeze(component: Component): void {
    this.#parts.processes.signal(component, 'SIGSTOP');
  }

  thaw(component: Component): void {
    this.#parts.processes.signal(component, 'SIGCONT');
  }

  /**
   * Starts kube-proxy again with another minSyncPeriod, a duration such as "100ms"; with its own default of 1 s unless told
   * otherwise. Its rules stay meanwhile.
   */
  async restartProxy(minSyncPeriod?: string): Promise<void> {
    const { processes, setup } = this.#parts;
    writeProxyConfiguration(setup.file, minSyncPeriod);
    await processes.stop('kube-proxy');
    await processes.launch(commandOf('kube-proxy', setup));
  }

  /** Processes of a pod's containers, to be signalled from outside: `process.kill(pid, 'SIGSTOP')`. */
  async podProcesses(namespace: string, pod: string): Promise<PodProcess[]> {
    return podProcesses(this.api, cgroupOf(this.stateDir), namespace, pod);
  }
}
