/** What became of the slices and pods of a namespace from a point on, in the order in which the API server took it. */
import { LABEL, MANAGED_BY, SLICE_ANNOTATION } from '../../../src/names.ts';
import type { Namespace } from './namespace.ts';
import type { Pod, Slice } from './shapes.ts';

type Kind = 'pods' | 'endpointslices';

interface Entry {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Pod | Slice;
}

interface Listed {
  metadata: { resourceVersion: string };
  items: (Pod | Slice)[];
}

export class Chronicle {
  readonly #ns: Namespace;
  readonly #before: Record<Kind, Listed>;

  private constructor(ns: Namespace, before: Record<Kind, Listed>) {
    this.#ns = ns;
    this.#before = before;
  }

  /** One that begins now. */
  static async begin(ns: Namespace): Promise<Chronicle> {
    const list = (kind: Kind): Promise<Listed> => ns.cluster.api.call<Listed>('GET', ns.path(kind));
    const [pods, endpointslices] = await Promise.all([list('pods'), list('endpointslices')]);
    return new Chronicle(ns, { pods, endpointslices });
  }

  /**
   * Who was published by the slice of a leader Service, from the first to the last; null: nobody. Throws where an invariant
   * did not hold meanwhile: more than one endpoint, a pod that was not Ready before, an epoch that did not go up by one with
   * each new pod.
   */
  async leaders(leaderService: string): Promise<(string | null)[]> {
    const reader = new Reader(leaderService);
    for (const kind of ['pods', 'endpointslices'] as const)
      for (const object of this.#before[kind].items) reader.take(kind, { type: 'ADDED', object });
    for (const { kind, entry } of await this.#entries()) reader.take(kind, entry);
    return reader.leaders;
  }

  async #entries(): Promise<{ kind: Kind; entry: Entry }[]> {
    const kinds = ['pods', 'endpointslices'] as const;
    const all = await Promise.all(kinds.map((kind) => this.#since(kind)));
    return all.flat().sort(({ entry: a }, { entry: b }) => revision(a.object) - revision(b.object));
  }

  /** A watch from back then, which ends by itself. */
  async #since(kind: Kind): Promise<{ kind: Kind; entry: Entry }[]> {
    const { resourceVersion } = this.#before[kind].metadata;
    const query = `?watch=true&timeoutSeconds=1&resourceVersion=${resourceVersion}`;
    const { status, body } = await this.#ns.cluster.api.request('GET', this.#ns.path(kind) + query);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    if (status !== 200) throw new Error(`Expected the history of ${kind}, got ${status} ${text}`);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => ({ kind, entry: JSON.parse(line) as Entry }));
  }
}

/** Of etcd: of all kinds alike. */
function revision({ metadata }: Pod | Slice): number {
  return Number(metadata.resourceVersion);
}

class Reader {
  readonly leaders: (string | null)[] = [];
  readonly #leaderService: string;
  /** UIDs of the pods that may lead. */
  readonly #ready = new Set<string>();
  #epoch: number | undefined;
  #uid: string | undefined;

  constructor(leaderService: string) {
    this.#leaderService = leaderService;
  }

  take(kind: Kind, { type, object }: Entry): void {
    if (kind === 'pods') this.#pod(object as Pod, type === 'DELETED');
    else if (type !== 'DELETED') this.#slice(object as Slice);
  }

  #pod({ metadata, status }: Pod, isGone: boolean): void {
    const isReady = status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
    if (isReady === true && !isGone && metadata.deletionTimestamp === undefined)
      this.#ready.add(metadata.uid);
    else this.#ready.delete(metadata.uid);
  }

  #slice({ metadata, endpoints }: Slice): void {
    const { labels = {}, annotations = {}, resourceVersion } = metadata;
    const isOurs = labels[LABEL.sliceManagedBy] === MANAGED_BY;
    if (!isOurs || labels[LABEL.serviceName] !== this.#leaderService) return;
    const at = `${metadata.name} at ${resourceVersion}`;
    if ((endpoints?.length ?? 0) > 1) throw new Error(`${at} has ${JSON.stringify(endpoints)}`);
    const target = endpoints?.[0]?.targetRef;
    this.#counts(at, Number(annotations[SLICE_ANNOTATION.epoch]), target?.uid);
    const name = target?.name ?? null;
    if (this.leaders.length > 0 && this.leaders.at(-1) === name) return;
    if (target !== undefined && !this.#ready.has(target.uid))
      throw new Error(`${at} names ${target.name}, which is not Ready`);
    this.leaders.push(name);
  }

  #counts(at: string, epoch: number, uid: string | undefined): void {
    const isNew = uid !== undefined && uid !== this.#uid;
    const expected = (this.#epoch ?? epoch - Number(isNew)) + Number(isNew);
    if (epoch !== expected) throw new Error(`${at} has epoch ${epoch} instead of ${expected}`);
    this.#epoch = epoch;
    this.#uid = uid ?? this.#uid;
  }
}
