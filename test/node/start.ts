import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ensureTools } from '../cluster/build/builder.ts';
import { nodesRoot } from '../cluster/paths.ts';
import { onExit } from '../cluster/run/exit-hooks.ts';
import { nodesAreUsable } from '../cluster/run/nodes.ts';
import { self } from '../cluster/run/process.ts';
import { createState } from '../cluster/run/state.ts';
import { waitFor } from '../cluster/wait.ts';
import { createCgroup } from './cgroups.ts';
import { commandOf, PORTS } from './components.ts';
import { SOCKET, writeConfiguration } from './configuration.ts';
import { writeCredentials } from './credentials.ts';
import { forward, openDoor } from './forward.ts';
import { ensureImage, ensurePauseImage } from './images/images.ts';
import { prepareMachine } from './machine.ts';
import { RealNode } from './node.ts';
import { NodeProcesses } from './processes.ts';
import { setUpNamespaces } from './setup.ts';
import { cgroupOf, destroyNode, destroyNodeNow, reapNodes } from './state.ts';
import type { ToolName } from '../cluster/build/tools.ts';
import type { Setup } from '../cluster/run/components.ts';
import type { Daemon } from '../cluster/run/daemon.ts';
import type { Component } from './components.ts';
import type { Door } from './forward.ts';
import type { ImageName } from './images/images.ts';

export interface NodeOptions {
  /** Imported before this returns; the others with `importImage`. */
  images?: readonly ImageName[];
  /** Leaves the node to itself when this process ends, once it is up. */
  outlives?: boolean;
  /** Told what has been reached, one line each. */
  log?: (line: string) => void;
}

const TOOLS: readonly ToolName[] = [
  ...(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const),
  ...(['kubelet', 'kube-proxy', 'containerd', 'containerd-shim-runc-v2', 'ctr', 'pause'] as const),
];

/** Makes everything that a node needs and that is not there yet: packages, tools, images. Minutes, the first time. */
export async function prepareNode(
  images: readonly ImageName[] = [],
): Promise<{ binaries: Record<ToolName, string>; archives: string[] }> {
  await prepareMachine();
  const binaries = await ensureTools(TOOLS);
  const archives = [await ensurePauseImage()];
  for (const name of images) archives.push(await ensureImage(name));
  return { binaries, archives };
}

/** Starts a node of its own, when all is made that it needs. Ends nodes whose starters were killed. */
export async function startNode(options: NodeOptions = {}): Promise<RealNode> {
  const { binaries, archives } = await prepareNode(options.images);
  await reapNodes();
  const directory = join(nodesRoot(), randomBytes(6).toString('hex'));
  const file = (name: string): string => join(directory, name);
  const door = await openDoor();
  const server = `https://127.0.0.1:${String(door.port)}`;
  const kubeconfigPath = file('admin.kubeconfig');
  createState(directory, { owner: self(), processes: {}, server, kubeconfigPath, nodes: 1 });
  const forget = onExit(() => {
    destroyNodeNow(directory);
  });
  try {
    const { authority, admin } = await writeCredentials(file, server);
    const processes = new NodeProcesses(directory);
    const setup = { binaries, file, ports: PORTS, options: {} };
    const node = new RealNode({ directory, server, ca: authority.cert, admin, setup, processes, forget });
    await new Start(node, processes, setup, options).run(door, archives);
    return node;
  } catch (error) {
    await destroyNode(directory);
    forget();
    throw error;
  }
}

/** One start: each part as soon as what it needs is there. */
class Start {
  readonly #node: RealNode;
  readonly #processes: NodeProcesses;
  readonly #setup: Setup;
  readonly #options: NodeOptions;

  constructor(node: RealNode, processes: NodeProcesses, setup: Setup, options: NodeOptions) {
    this.#node = node;
    this.#processes = processes;
    this.#setup = setup;
    this.#options = options;
  }

  async run(door: Door, archives: readonly string[]): Promise<void> {
    const { stateDir } = this.#node;
    const outlives = this.#options.outlives === true;
    const cgroup = cgroupOf(stateDir);
    createCgroup(cgroup);
    await this.#processes.startInit(this.#setup.binaries.pause, outlives);
    await setUpNamespaces(this.#processes.init, stateDir);
    writeConfiguration(this.#setup.file, cgroup);
    this.#processes.record('forwarder', await forward(door, this.#processes.init, stateDir));
    this.#log('the namespaces are there');
    await Promise.all([this.#containers(archives), this.#controlPlane()]);
    await this.#launch('kubelet');
    await this.#launch('kube-proxy');
    await this.#usable();
    this.#log('the node is Ready');
    if (outlives) this.#node.disown();
  }

  async #containers(archives: readonly string[]): Promise<void> {
    const daemon = await this.#launch('containerd', this.#setup.binaries.containerd);
    await daemon.ready(async () => {
      return this.#node.run('test', ['-S', SOCKET]).then(
        () => true,
        () => false, // not listening yet
      );
    });
    this.#log('containerd is up');
    for (const archive of archives) await this.#node.importImage(archive);
    this.#log('the images are imported');
  }

  async #controlPlane(): Promise<void> {
    await this.#launch('etcd');
    const server = await this.#launch('kube-apiserver');
    await server.ready(async () => {
      return this.#node.api.request('GET', '/readyz', { timeoutMs: 1_000 }).then(
        ({ status }) => status === 200,
        () => false, // not listening yet
      );
    });
    this.#log('kube-apiserver is up');
    await this.#launch('kube-controller-manager');
    await this.#launch('kube-scheduler');
  }

  /** The node is Ready, pods may be put on it, and the namespace "default" has the account that they need. */
  async #usable(): Promise<void> {
    const { api } = this.#node;
    await waitFor('the node to register', async () => {
      const { items } = await api.call<{ items: unknown[] }>('GET', '/api/v1/nodes');
      return items.length > 0;
    });
    await nodesAreUsable(api);
    await waitFor('the default ServiceAccount', async () => {
      const path = '/api/v1/namespaces/default/serviceaccounts/default';
      return (await api.request('GET', path)).status === 200;
    });
  }

  async #launch(component: Component, binary?: string): Promise<Daemon> {
    return this.#processes.launch(commandOf(component, this.#setup), binary);
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}
