/**
 * What a scheduler and a kubelet do for the pods of a release, on a control plane that has neither: a pod is a process of the
 * operator, with the pod's arguments and a token of its own, and the pod is Ready when that process says so.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../cluster/cluster.ts';
import { endAtLast } from '../../integration/support/leftovers.ts';
import {
  startOperator,
  type Ended,
  type OperatorProcess,
} from '../../integration/support/operator-process.ts';
import { freshAddress } from '../../integration/support/pod.ts';
import type { Metadata } from '../../integration/support/shapes.ts';
import type { Release } from './helm.ts';
import { namespacedKubeconfig, withFreePorts, type PodSpec } from './install.ts';
import { watch } from './watch.ts';

const NODE = 'node-0';
const MERGE = 'application/merge-patch+json';

export interface OperatorPod {
  metadata: Metadata;
  spec: PodSpec;
}

/** Runs the pods of the release until `stop`. */
export class Kubelet {
  /** All pods so far, in the order in which they came. */
  readonly runs: PodRun[] = [];
  /** What went wrong: a process that did not become ready, or did not end with 0 on SIGTERM. */
  readonly failures: unknown[] = [];
  /** Milliseconds until the image of a new pod is there and its container starts. */
  startMs = 0;
  readonly #cluster: Cluster;
  readonly #abort = new AbortController();

  constructor(cluster: Cluster, { name, namespace }: Release) {
    this.#cluster = cluster;
    const selector = encodeURIComponent(`app.kubernetes.io/instance=${name}`);
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`;
    const { signal } = this.#abort;
    this.#note(watch(cluster, path, this.#see, signal));
    endAtLast(() => this.stop());
  }

  /** Those that have not been asked to end. */
  get running(): readonly PodRun[] {
    return this.runs.filter(({ isEnding }) => !isEnding);
  }

  /** Sees to no pod any more; those that run are left to the end of the tests. */
  async stop(): Promise<void> {
    this.#abort.abort();
    return Promise.resolve();
  }

  readonly #see = (object: unknown): void => {
    const pod = object as OperatorPod;
    let run = this.runs.find(({ uid }) => uid === pod.metadata.uid);
    if (run === undefined) {
      run = new PodRun(this.#cluster, pod);
      this.runs.push(run);
      this.#note(run.start(this.startMs));
    }
    if (pod.metadata.deletionTimestamp !== undefined && !run.isEnding) this.#note(run.end());
  };

  #note(work: Promise<void>): void {
    work.catch((error: unknown) => this.failures.push(error));
  }
}

export class PodRun {
  readonly pod: OperatorPod;
  operator: OperatorProcess | undefined;
  /** Of its process. */
  ended: Ended | undefined;
  readonly #cluster: Cluster;
  readonly #ending = new AbortController();
  readonly #ip = freshAddress();
  #started: Promise<void> | undefined;

  constructor(cluster: Cluster, pod: OperatorPod) {
    this.#cluster = cluster;
    this.pod = pod;
  }

  get uid(): string {
    return this.pod.metadata.uid;
  }

  get isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  async start(startMs: number): Promise<void> {
    this.#started = this.#start(startMs);
    await this.#started;
  }

  /** SIGTERM, and when the process has ended the pod goes. Rejects where the process has not ended with 0. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#started?.catch(() => undefined);
    try {
      this.ended = await this.operator?.stop();
    } finally {
      const body = { gracePeriodSeconds: 0, preconditions: { uid: this.uid } };
      await this.#call('DELETE', '', body);
    }
  }

  async #start(startMs: number): Promise<void> {
    const node = { apiVersion: 'v1', kind: 'Node', name: NODE };
    const { name } = this.pod.metadata;
    await this.#call('POST', '/binding', { metadata: { name }, target: node });
    await sleep(startMs, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    if (!this.isEnding) await this.#serve();
  }

  async #serve(): Promise<void> {
    this.operator = await startOperator({
      namespaces: 'none',
      kubeconfig: await this.#kubeconfig(),
      args: withFreePorts(this.pod.spec.containers[0]!.args),
    });
    await this.#status(false);
    await this.operator.ready();
    if (!this.isEnding) await this.#status(true);
  }

  /** With a token that is worth nothing any more when the pod is gone. */
  async #kubeconfig(): Promise<string> {
    const { metadata, spec } = this.pod;
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid };
    const path = `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${spec.serviceAccountName}/token`;
    const body = { spec: { expirationSeconds: 3600, boundObjectRef } };
    const answer = await this.#cluster.api.call<{ status: { token: string } }>('POST', path, { body });
    return namespacedKubeconfig(this.#cluster, metadata.namespace, answer.status.token);
  }

  async #status(isReady: boolean): Promise<void> {
    const lastTransitionTime = `${new Date().toISOString().slice(0, 19)}Z`;
    const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime }];
    const address = { podIP: this.#ip, podIPs: [{ ip: this.#ip }] };
    await this.#call('PATCH', '/status', { status: { phase: 'Running', ...address, conditions } }, MERGE);
  }

  async #call(method: string, subresource: string, body: object, contentType?: string): Promise<void> {
    const { name, namespace } = this.pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}${subresource}`;
    await this.#cluster.api.call(method, path, {
      body,
      ...(contentType === undefined ? {} : { contentType }),
    });
  }
}
