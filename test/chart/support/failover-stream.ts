/** Failovers of many leader Services, one after the other, at a steady pace. */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../integration/support/eventually.ts';
import type { PodHandle } from '../../integration/support/pod.ts';
import { SERVED_MS } from '../../integration/support/replicas.ts';
import type { Publications } from './publications.ts';

/** A leader Service `<name>-leader` and its two pods, of which the first one leads. */
export interface Source {
  readonly name: string;
  readonly pods: readonly [PodHandle, PodHandle];
}

export class FailoverStream {
  /** Who is to lead, one after the other, by the name of the leader Service. */
  readonly expected: ReadonlyMap<string, string[]>;
  /** Of each failover: milliseconds from the moment when the API server was told that the leader is not Ready. */
  readonly servedMs: number[] = [];
  readonly #publications: Publications;
  readonly #sources: readonly Source[];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #failure: Error | undefined;

  /** Begins at once. @param perSecond failovers, as long as each Service has seen its last one served */
  constructor(publications: Publications, sources: readonly Source[], perSecond: number) {
    this.#publications = publications;
    this.#sources = sources;
    this.expected = new Map(sources.map(({ name, pods }) => [`${name}-leader`, [pods[0].name]]));
    this.#running = this.#run(1000 / perSecond);
  }

  /** Resolves when so many more have been served. */
  async more(count: number): Promise<void> {
    const wanted = this.servedMs.length + count;
    const describe = `${count} more failovers`;
    await eventually(
      () => {
        if (this.#failure === undefined && this.servedMs.length < wanted)
          throw new Error(`${this.servedMs.length} of ${wanted} so far`);
      },
      { timeout: 30_000, describe },
    );
    this.check();
  }

  /** @throws Error of the first failover that was not served in time */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when the last one has been served; else as `check`. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.check();
  }

  async #run(paceMs: number): Promise<void> {
    const underWay = new Map<Source, Promise<void>>();
    for (let turn = 0; !this.#stop.signal.aborted; turn += 1) {
      const source = this.#sources[turn % this.#sources.length]!;
      await underWay.get(source);
      const failover = this.#failOver(source).catch((error: unknown) => {
        this.#failure ??= error as Error;
        this.#stop.abort();
      });
      underWay.set(source, failover);
      await sleep(paceMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    await Promise.all(underWay.values());
  }

  async #failOver({ name, pods }: Source): Promise<void> {
    const leaderService = `${name}-leader`;
    const expected = this.expected.get(leaderService)!;
    const [present, next] = expected.length % 2 === 1 ? pods : ([pods[1], pods[0]] as const);
    await present.setReady(false);
    const toldAt = performance.now();
    await this.#publications.leads(leaderService, next.name, SERVED_MS);
    this.servedMs.push(performance.now() - toldAt);
    expected.push(next.name);
    await present.setReady(true);
  }
}
