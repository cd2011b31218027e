/** Sees everything that a failover consists of, and keeps it with its time. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { KubeClient } from '../../../src/kube/client.ts';
import { monotonicMs } from '../clock.ts';
import type { Spawn } from '../client/probe.ts';
import { ListWatch } from './list-watch.ts';
import { seePod, seeSlice, type RawPod, type RawSlice } from './objects.ts';
import { readRule } from './rules.ts';
import type { PodSighting, Sighting } from './sightings.ts';

export interface RecorderOptions {
  readonly client: Pick<KubeClient, 'call' | 'stream'>;
  /** Starts a command in the network namespace in which kube-proxy writes its rules. */
  readonly spawn: Spawn;
  readonly namespace: string;
  /** Name of the source Service. */
  readonly source: string;
  /** Name of the leader Service. */
  readonly leader: string;
}

export class Recorder {
  /** In the order in which they were seen. */
  readonly sightings: Sighting[] = [];
  readonly #options: RecorderOptions;
  readonly #stopped = new AbortController();
  #monitor: ChildProcess | undefined;
  #failure: Error | undefined;

  private constructor(options: RecorderOptions) {
    this.#options = options;
  }

  static async start(options: RecorderOptions): Promise<Recorder> {
    const recorder = new Recorder(options);
    recorder.#watchRules();
    await Promise.all([recorder.#watchPods(), recorder.#watchSlices()]);
    return recorder;
  }

  /** Throws when something is no longer seen. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The last word about each pod that is there. */
  pods(): PodSighting[] {
    const last = new Map<string, PodSighting>();
    for (const each of this.sightings) if (each.what === 'pod') last.set(each.name, each);
    return [...last.values()];
  }

  /** The pod that the leader slice names, while it names one. */
  leader(): PodSighting | undefined {
    const slice = this.sightings.findLast(({ what }) => what === 'leader');
    const uid = slice?.what === 'leader' ? slice.ready[0] : undefined;
    return uid === undefined ? undefined : this.pods().find((pod) => pod.uid === uid);
  }

  stop(): void {
    this.#stopped.abort();
    this.#monitor?.kill();
  }

  async #watchPods(): Promise<void> {
    const { client, namespace } = this.#options;
    await ListWatch.start<RawPod>({
      client,
      resource: 'pods',
      path: `/api/v1/namespaces/${namespace}/pods`,
      take: (pod, at, gone) => this.sightings.push(seePod(pod, at, gone)),
      signal: this.#stopped.signal,
      onError: this.#failed,
    });
  }

  async #watchSlices(): Promise<void> {
    const { client, namespace } = this.#options;
    await ListWatch.start<RawSlice>({
      client,
      resource: 'endpointslices',
      path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
      take: (slice, at, gone) => {
        const seen = gone ? undefined : seeSlice(slice, at, this.#options);
        if (seen !== undefined) this.sightings.push(seen);
      },
      signal: this.#stopped.signal,
      onError: this.#failed,
    });
  }

  /** The kernel tells of each transaction when it is in force; nft prints that and flushes. */
  #watchRules(): void {
    const { namespace, leader, spawn } = this.#options;
    const monitor = spawn('nft', ['monitor', 'new', 'rules']);
    this.#monitor = monitor;
    let complaint = '';
    monitor.stderr?.on('data', (text: Buffer) => (complaint += text.toString()));
    monitor.once('error', this.#failed);
    monitor.once('exit', (code) => {
      this.#failed(new Error(`nft monitor ended with ${String(code)}: ${complaint}`));
    });
    if (monitor.stdout === null) throw new Error('nft monitor has no standard output');
    createInterface({ input: monitor.stdout }).on('line', (line) => {
      const seen = readRule(line, monotonicMs(), { namespace, name: leader });
      if (seen !== undefined) this.sightings.push(seen);
    });
  }

  readonly #failed = (error: unknown): void => {
    if (!this.#stopped.signal.aborted) this.#failure ??= error as Error;
  };
}
