/** The database, a client that connects all the time, and everything that is seen of a failover. */
import { KubeClient } from '../../../src/kube/client.ts';
import { loadKubeConfig } from '../../../src/kube/kubeconfig.ts';
import { waitFor } from '../../cluster/wait.ts';
import type { RealNode } from '../../node/node.ts';
import { Probe, type ProbeOptions } from '../client/probe.ts';
import { monotonicMs } from '../clock.ts';
import { failoverOf, TAIL_MS, type Act, type Failover } from '../measure/failover.ts';
import { Recorder } from '../measure/recorder.ts';
import type { PodSighting } from '../measure/sightings.ts';
import { sample } from './manifests.ts';

export const SOURCE = 'postgres';
export const LEADER = 'postgres-leader';
const PORT = 5432;
/** Milliseconds. A connection costs PostgreSQL 5 ms of CPU, and a busy machine is not what is measured. */
const INTERVAL_MS = 15;
/** Milliseconds. Long for an answer, short for those who wait until a frozen process may be thawed. */
const TIMEOUT_MS = 500;
/** Of the client itself, beside the node's own: a port is not used again while conntrack may remember it. */
const CLIENT_ADDRESSES = ['10.250.0.101', '10.250.0.102', '10.250.0.103', '10.250.0.104'];
const READY_MS = 60_000;
const FAILOVER_MS = 30_000;

export interface StageOptions {
  readonly node: RealNode;
  /** Must not be there yet. */
  readonly namespace: string;
  /** Name of a file of config/samples. */
  readonly file: string;
}

export class Stage {
  readonly node: RealNode;
  readonly namespace: string;
  readonly #client: KubeClient;
  #recorder: Recorder | undefined;
  #probe: Probe | undefined;

  private constructor({ node, namespace }: StageOptions) {
    const { kubeConfig } = loadKubeConfig({ KUBECONFIG: node.kubeconfigPath });
    this.node = node;
    this.namespace = namespace;
    this.#client = new KubeClient({ kubeConfig, version: 'e2e' });
  }

  /** Resolves when all pods are Ready. */
  static async start(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options);
    const { node, namespace, file } = options;
    await node.kubectl(['create', 'namespace', namespace]);
    await stage.kubectl(['apply', '--filename', '-'], sample(file));
    stage.#recorder = await Recorder.start({
      client: stage.#client,
      spawn: (...command) => node.spawn(...command),
      namespace,
      source: SOURCE,
      leader: LEADER,
    });
    for (const address of CLIENT_ADDRESSES) {
      await node.run('ip', ['address', 'replace', `${address}/32`, 'dev', 'node0']);
    }
    await stage.whole();
    return stage;
  }

  get recorder(): Recorder {
    if (this.#recorder === undefined) throw new Error('Expected the stage to be started');
    this.#recorder.check();
    return this.#recorder;
  }

  get probe(): Probe {
    if (this.#probe === undefined) throw new Error('Expected a client');
    return this.#probe;
  }

  /** Starts the client of the leader Service, by its ClusterIP, in the place of the one before. Resolves when it is answered. */
  async connect(intervalMs = INTERVAL_MS, timeoutMs = TIMEOUT_MS): Promise<void> {
    await this.#probe?.stop();
    this.#probe = await this.client({ host: await this.address(), intervalMs, timeoutMs });
  }

  /** Another client; resolves when it is answered. Stop it yourself. */
  async client(options: Partial<ProbeOptions> & Pick<ProbeOptions, 'host'>): Promise<Probe> {
    const defaults = { port: PORT, intervalMs: INTERVAL_MS, from: CLIENT_ADDRESSES };
    const probe = new Probe((...command) => this.node.spawn(...command), { ...defaults, ...options });
    await probe.answers();
    return probe;
  }

  /** ClusterIP of the leader Service. */
  async address(): Promise<string> {
    const path = `/api/v1/namespaces/${this.namespace}/services/${LEADER}`;
    return await waitFor(`the Service ${LEADER}`, async () => {
      const { status, body } = await this.node.api.request('GET', path);
      return status === 200 ? (body as { spec: { clusterIP: string } }).spec.clusterIP : undefined;
    });
  }

  /** All three pods are Ready, and kube-controller-manager's slice says so. */
  async whole(): Promise<void> {
    await waitFor(
      'three Ready pods',
      () => {
        const fit = this.recorder.pods().filter((pod) => pod.fit);
        const source = this.recorder.sightings.findLast(({ what }) => what === 'source');
        const ready = source?.what === 'source' ? source.ready : [];
        return fit.length === 3 && fit.every(({ uid }) => ready.includes(uid));
      },
      { timeoutMs: READY_MS, intervalMs: 50 },
    );
  }

  /** The pod that the leader Service leads to. */
  async leader(): Promise<PodSighting & { readonly ip: string }> {
    return await waitFor('a leader', () => {
      const leader = this.recorder.leader();
      return leader?.ip === undefined ? undefined : { ...leader, ip: leader.ip };
    });
  }

  /**
   * Does it to the leader and measures until another pod has answered. `befall` gets the leader and does it without
   * delay: what takes long must be done before, in `prepare`.
   */
  async failover<T>(name: string, steps: Befalling<T>): Promise<Failover> {
    const leader = await this.leader();
    const prepared = await steps.prepare(leader);
    const act: Act = { name, at: monotonicMs(), leader };
    const seen = (): Failover | undefined =>
      failoverOf(act, this.recorder.sightings, this.probe.since(act.at));
    try {
      await steps.befall(prepared);
      const first = await waitFor(`another pod to answer after: ${name}`, seen, {
        timeoutMs: FAILOVER_MS,
        // Whoever looks all the time takes the CPU that is measured.
        intervalMs: 100,
      });
      // Until then a process that is thawed would answer connections that have waited, as no lost one does.
      const ended = act.at + first.answer + TAIL_MS + TIMEOUT_MS;
      await this.probe.until('the connections to end', ({ at }) => at > ended, FAILOVER_MS);
      return seen() ?? first;
    } finally {
      await steps.undo?.(prepared);
    }
  }

  async kubectl(args: readonly string[], input = ''): Promise<string> {
    return await this.node.kubectl(['--namespace', this.namespace, ...args], input);
  }

  /** Ends what runs here; the node is not its own. */
  async stop(): Promise<void> {
    await this.#probe?.stop();
    this.#recorder?.stop();
    await this.#client.close();
  }
}

/** What is done to a leader. */
export interface Befalling<T> {
  readonly prepare: (leader: PodSighting) => Promise<T>;
  readonly befall: (prepared: T) => Promise<void> | void;
  /** Once another pod has answered. */
  readonly undo?: (prepared: T) => Promise<void> | void;
}
