/** Causes failovers: takes the Ready condition from leaders, at a rate or all at once, and gives it back later. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../../src/kube/client.ts';
import { BenchError } from './errors.ts';
import { sidesOf, type BenchOptions } from './options.ts';
import type { Failover, SliceBoard } from './slice-board.ts';
import { randomOf, shuffled } from './statistics.ts';
import { apiTime, NAMESPACE, readinessPatch, serviceNames, type Side } from './workload.ts';

/** A pod that has failed comes back after so long, as one whose probe fails for a moment. */
const AWAY_MS = 1_500;
/** A failover that has not been seen by then is lost. */
const LOST_MS = 10_000;
/** Of the interval between two failovers, to either side: nothing may fall into step with them. */
const JITTER = 0.5;
/** For reports that wait until no slice is being written. */
const DRAIN_MS = 750;

export class Driver {
  readonly #client: KubeClient;
  readonly #board: SliceBoard;
  readonly #random: () => number;
  /** Services whose pods are all Ready: the one that has rested longest first. */
  readonly #rested: ReadonlyMap<Side, string[]>;

  constructor(
    client: KubeClient,
    board: SliceBoard,
    options: Pick<BenchOptions, 'services' | 'policies' | 'seed'>,
  ) {
    this.#client = client;
    this.#board = board;
    this.#random = randomOf(options.seed);
    const rested = sidesOf(options).map(
      (side) => [side, shuffled(serviceNames(options.services), this.#random)] as const,
    );
    this.#rested = new Map(rested);
  }

  /** So many failovers at this rate; resolves when all pods are Ready again and all is quiet. */
  async steady(side: Side, count: number, ratePerSecond: number): Promise<Failover[]> {
    const interval = 1000 / ratePerSecond;
    const startedAt = performance.now();
    const running: Promise<Failover>[] = [];
    for (let index = 0; index < count; index += 1) {
      const at = startedAt + (index + JITTER * (2 * this.#random() - 1)) * interval;
      await sleep(Math.max(0, at - performance.now()));
      running.push(this.#failOver(side));
    }
    return await this.#drained(running);
  }

  async burst(side: Side, count: number): Promise<Failover[]> {
    return await this.#drained(Array.from({ length: count }, () => this.#failOver(side)));
  }

  async #drained(running: readonly Promise<Failover>[]): Promise<Failover[]> {
    const failovers = await Promise.all(running);
    await sleep(DRAIN_MS);
    return failovers;
  }

  async #failOver(side: Side): Promise<Failover> {
    const namespace = NAMESPACE[side];
    const rested = this.#rested.get(side);
    const service = rested?.shift();
    if (rested === undefined || service === undefined)
      throw new BenchError('every Service is failing over: give a lower --rate');
    const pod = this.#board.leaderOf(namespace, service);
    if (pod === undefined) throw new BenchError(`${namespace}/${service} has no leader`);
    const failover: Failover = { side, namespace, service, pod };
    const seen = this.#board.expect(failover);
    failover.answeredAt = await this.#setReady(failover, false);
    await Promise.all([Promise.race([seen, sleep(LOST_MS, undefined, { ref: false })]), sleep(AWAY_MS)]);
    await this.#setReady(failover, true);
    await this.#board.readyAgain(namespace, service, pod);
    rested.push(service);
    return failover;
  }

  /** @returns when the answer arrived, before it was read */
  async #setReady({ namespace, pod }: Failover, ready: boolean): Promise<number> {
    const body = await this.#client.stream({
      verb: 'patch',
      resource: 'pods',
      path: `/api/v1/namespaces/${namespace}/pods/${pod}/status`,
      contentType: 'application/strategic-merge-patch+json',
      body: readinessPatch(ready, apiTime(Date.now())),
    });
    const answeredAt = performance.now();
    for await (const _ of body) continue;
    return answeredAt;
  }
}
