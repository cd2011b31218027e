/** What the acts share: the objects, the stop-watch, the operator, and the rows of the summary. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LEADER, Objects, POLICY, readyPatch, SOURCE } from './objects.ts';
import type { Pod } from './objects.ts';
import type { Sighting, Slice, SliceWatch } from './slice-watch.ts';
import type { Stage } from './stage.ts';
import { command, DemoError, green, say } from './terminal.ts';

export interface Row {
  readonly act: string;
  readonly before: string;
  readonly after: string;
  /** Milliseconds from the API server's answer to the change of its slice seen. */
  readonly ours?: number;
  /** The same for the slice that kube-controller-manager keeps for the source Service. */
  readonly kcm?: number;
}

export interface Expected {
  /** What the leader's slice is to be. */
  readonly leader: (slice: Slice) => boolean;
  /** What kube-controller-manager's slice of the source Service is to be, where it is to change. */
  readonly source?: (slice: Slice) => boolean;
}

/** The image has to be loaded where nodes are real. */
const PODS_READY_MS = { fake: 30_000, real: 300_000 } as const;

export class Play {
  readonly stage: Stage;
  readonly signal: AbortSignal;
  readonly objects: Objects;
  readonly slices: SliceWatch;
  readonly rows: Row[] = [];

  constructor(stage: Stage, slices: SliceWatch, signal: AbortSignal) {
    this.stage = stage;
    this.slices = slices;
    this.signal = signal;
    this.objects = new Objects(stage.client, stage.namespace);
  }

  /** The pod that the leader's slice leads to; undefined: none. Anything else than a Ready pod of ours is a failure. */
  async leader(): Promise<Pod | undefined> {
    const endpoints = this.slices.of(LEADER)?.endpoints ?? [];
    const [endpoint] = endpoints;
    if (endpoint === undefined) return undefined;
    const pod = (await this.objects.pods()).find(({ uid }) => uid === endpoint.uid);
    if (endpoints.length > 1 || pod?.ready !== true || pod.ip !== endpoint.address) {
      const found = endpoints.map(({ pod: name, address }) => `${name} at ${address}`).join(', ');
      throw new DemoError(`Expected ${LEADER} to lead to one Ready pod at its own address, found ${found}.`);
    }
    return pod;
  }

  async needLeader(): Promise<Pod> {
    const pod = await this.leader();
    if (pod === undefined) throw new DemoError(`Expected ${LEADER} to lead to a pod, found none.`);
    return pod;
  }

  async podsReady(count: number): Promise<readonly Pod[]> {
    const timeoutMs = PODS_READY_MS[this.stage.fakeNodes ? 'fake' : 'real'];
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const pods = await this.objects.pods();
      if (pods.filter(({ ready }) => ready).length >= count) return pods;
      if (performance.now() > deadline) {
        const seen = pods.map(({ name, ready }) => `${name} ${ready ? 'Ready' : 'not Ready'}`).join(', ');
        throw new DemoError(
          `Expected ${String(count)} Ready pods within ${String(timeoutMs / 1000)} s, found: ${seen || 'none'}.`,
        );
      }
      await sleep(50, undefined, { signal: this.signal });
    }
  }

  /** Does it, and measures from the API server's answer to what is expected to be seen. */
  async timed(act: () => Promise<void>, expected: Expected): Promise<{ ours: number; kcm?: number }> {
    const { leader, source } = expected;
    const ours = this.slices.until(`The expected change of the leader's slice`, LEADER, leader);
    const kcm =
      source === undefined
        ? undefined
        : this.slices.until(`kube-controller-manager's change of its own slice`, SOURCE, source);
    const both = Promise.all([ours, kcm]);
    both.catch(() => undefined); // told below, unless the act itself fails first
    await act();
    const answeredAt = performance.now();
    const [mine, theirs] = await both;
    const since = ({ at }: Sighting): number => Math.max(0, at - answeredAt);
    return { ours: since(mine), ...(theirs === undefined ? {} : { kcm: since(theirs) }) };
  }

  /** Takes a pod's readiness away. A kubelet would write back the status, so on real nodes the pod is deleted. */
  async lose(pod: Pod): Promise<void> {
    if (this.stage.fakeNodes) await this.setReady(pod, false);
    else await this.delete(pod);
  }

  async setReady(pod: Pod, ready: boolean): Promise<void> {
    const patch = readyPatch(ready);
    this.#echo('patch', 'pod', pod.name, '--subresource=status', '-p', JSON.stringify(patch));
    await this.objects.patchStatus(pod, patch);
  }

  async delete(pod: Pod): Promise<void> {
    this.#echo('delete', 'pod', pod.name);
    await this.objects.deletePod(pod);
  }

  async annotate(name: string, value: string): Promise<void> {
    this.#echo('annotate', 'service', SOURCE, `${name}=${value}`);
    await this.objects.annotate(name, value);
  }

  async switchOver(pod: Pod, requestId: string): Promise<void> {
    const patch = { spec: { switchover: { podName: pod.name, requestId } } };
    this.#echo('patch', 'leaderpolicy', POLICY, '--type=merge', '-p', JSON.stringify(patch));
    await this.objects.patchPolicy(patch);
  }

  /** Adds a row to the summary, and says it. */
  done(row: Row): void {
    this.rows.push(row);
    const took = row.ours === undefined ? '' : `, ${milliseconds(row.ours)} after the API server's answer`;
    const kcm =
      row.kcm === undefined ? '' : ` (kube-controller-manager's own slice: ${milliseconds(row.kcm)})`;
    say(green(`  leader: ${row.before} -> ${row.after}${took}${kcm}`));
  }

  /** Both slices: who is in them, and who of those is Ready. */
  async showSlices(): Promise<void> {
    const columns =
      'SLICE:.metadata.name,PODS:.endpoints[*].targetRef.name,READY:.endpoints[*].conditions.ready';
    await this.stage.kubectl.show('get', 'endpointslices', '-o', `custom-columns=${columns}`);
  }

  /** The demo sends it itself, so that the clock starts with the answer and not with the end of a kubectl. */
  #echo(...args: string[]): void {
    this.signal.throwIfAborted();
    command(this.stage.kubectl.line(args));
  }
}

export function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)} ms`;
}

/** Exactly one endpoint, of any pod but `not`. */
export function leadsElsewhere(not: Pod): (slice: Slice) => boolean {
  return ({ endpoints }) => endpoints.length === 1 && endpoints.every(({ uid }) => uid !== not.uid);
}

/** The pod is in the slice, and Ready. */
export function serves(slice: Slice, pod: Pod): boolean {
  return slice.endpoints.some(({ uid, ready }) => uid === pod.uid && ready);
}
