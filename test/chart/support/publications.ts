/** Who leads, as the slices of a namespace say it one after the other: for many leader Services over a long time. */
import { expect } from 'chai';
import { LABEL, MANAGED_BY, SLICE_ANNOTATION } from '../../../src/names.ts';
import { eventually } from '../../integration/support/eventually.ts';
import { endAtLast } from '../../integration/support/leftovers.ts';
import type { Namespace } from '../../integration/support/namespace.ts';
import type { List, Pod, Slice } from '../../integration/support/shapes.ts';
import { watch } from './watch.ts';

type Change = { kind: 'pod'; object: Pod; isGone: boolean } | { kind: 'slice'; object: Slice };

export class Publications {
  readonly #ns: Namespace;
  readonly #changes: Change[] = [];
  /** Name of a leader Service → pod. */
  readonly #present = new Map<string, string | undefined>();
  readonly #abort = new AbortController();
  #failure: unknown;

  private constructor(ns: Namespace) {
    this.#ns = ns;
    const { signal } = this.#abort;
    const watches = [
      watch(ns.cluster, ns.path('pods'), this.#takePod, signal),
      watch(ns.cluster, slicesOf(ns), this.#takeSlice, signal),
    ];
    Promise.all(watches).catch((error: unknown) => (this.#failure = error));
    endAtLast(async () => {
      this.#abort.abort();
      await Promise.allSettled(watches);
    });
  }

  /** From what is there now. */
  static async begin(ns: Namespace): Promise<Publications> {
    const publications = new Publications(ns);
    await publications.#isUpToDate();
    return publications;
  }

  /** Waits until this pod leads. */
  async leads(leaderService: string, pod: string, timeout: number): Promise<void> {
    await eventually(
      () => {
        if (this.#failure !== undefined) throw this.#failure as Error;
        expect(this.#present.get(leaderService)).to.equal(pod);
      },
      { timeout, interval: 5, describe: `${pod} to lead ${leaderService}` },
    );
  }

  /**
   * Who has led, one after the other, by the name of the leader Service. Throws where a slice had two endpoints or none, a pod
   * that was not Ready before, or an epoch that did not go up by one with each leader and only then.
   */
  async leaders(): Promise<ReadonlyMap<string, string[]>> {
    await this.#isUpToDate();
    const ready = new Set<string>();
    const leaders = new Map<string, string[]>();
    for (const change of this.#changes.toSorted((a, b) => revision(a.object) - revision(b.object))) {
      if (change.kind === 'slice') published(change.object, ready, leaders);
      else if (isReady(change)) ready.add(change.object.metadata.uid);
      else ready.delete(change.object.metadata.uid);
    }
    return leaders;
  }

  readonly #takePod = (object: unknown, isGone: boolean): void => {
    this.#changes.push({ kind: 'pod', object: object as Pod, isGone });
  };

  readonly #takeSlice = (object: unknown): void => {
    const slice = object as Slice;
    this.#changes.push({ kind: 'slice', object: slice });
    this.#present.set(serviceOf(slice), slice.endpoints?.[0]?.targetRef?.name);
  };

  /** What the API server has now has been seen. */
  async #isUpToDate(): Promise<void> {
    const { api } = this.#ns.cluster;
    const lists = [this.#ns.path('pods'), slicesOf(this.#ns)].map((path) =>
      api.call<List<Pod | Slice>>('GET', path),
    );
    const current = (await Promise.all(lists)).flatMap(({ items }) => items.map(revision));
    await eventually(
      () => {
        if (this.#failure !== undefined) throw this.#failure as Error;
        expect(this.#changes.map(({ object }) => revision(object))).to.include.members(current);
      },
      { timeout: 10_000, describe: 'the watches to be up to date' },
    );
  }
}

function published(slice: Slice, ready: ReadonlySet<string>, leaders: Map<string, string[]>): void {
  const { metadata, endpoints } = slice;
  const at = `${metadata.name} at ${metadata.resourceVersion}`;
  if (endpoints?.length !== 1) throw new Error(`${at} has ${JSON.stringify(endpoints)}`);
  const { name = '', uid = '' } = endpoints[0]!.targetRef ?? {};
  const past = leaders.get(serviceOf(slice)) ?? [];
  leaders.set(serviceOf(slice), past);
  if (past.at(-1) !== name) {
    if (!ready.has(uid)) throw new Error(`${at} names ${name}, which is not Ready`);
    past.push(name);
  }
  const epoch = Number(metadata.annotations?.[SLICE_ANNOTATION.epoch]);
  if (epoch !== past.length) throw new Error(`${at} has epoch ${epoch} instead of ${past.length}`);
}

function isReady({ object: { metadata, status }, isGone }: Extract<Change, { kind: 'pod' }>): boolean {
  const isTrue = status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
  return isTrue === true && !isGone && metadata.deletionTimestamp === undefined;
}

function slicesOf(ns: Namespace): string {
  const selector = encodeURIComponent(`${LABEL.sliceManagedBy}=${MANAGED_BY}`);
  return `${ns.path('endpointslices')}?labelSelector=${selector}`;
}

function serviceOf({ metadata }: Slice): string {
  return metadata.labels?.[LABEL.serviceName] ?? '';
}

/** Of etcd: of all kinds alike. */
function revision({ metadata }: Pod | Slice): number {
  return Number(metadata.resourceVersion);
}
