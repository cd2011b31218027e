/** Sees every EndpointSlice of the namespace as it changes, and when it was seen: the stop-watch of the demo. */
import type { Call, KubeClient } from '../../src/kube/client.ts';
import { JsonLines } from '../../src/watch/json-lines.ts';
import { DemoError } from './terminal.ts';

interface RawSlice {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly labels?: Record<string, string>;
  };
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean };
        readonly targetRef?: { readonly name?: string; readonly uid?: string };
      }[]
    | null;
}

export interface Slice {
  /** Name of the Service that it feeds. */
  readonly service: string;
  readonly resourceVersion: string;
  readonly endpoints: readonly {
    readonly pod: string;
    readonly uid: string;
    readonly address: string;
    readonly ready: boolean;
  }[];
}

/** A slice and the moment it was seen: performance.now(), milliseconds. */
export interface Sighting {
  readonly slice: Slice;
  readonly at: number;
}

type Test = (slice: Slice) => boolean;

/** Longer than any demo; a quiet API server would end it earlier otherwise. */
const WATCH_SECONDS = 1_800;

export class SliceWatch {
  readonly #client: KubeClient;
  readonly #call: Omit<Call, 'verb'>;
  readonly #signal: AbortSignal;
  readonly #latest = new Map<string, Sighting>();
  readonly #waiters = new Set<(sighting: Sighting) => void>();
  #failure: Promise<never> | undefined;

  constructor(client: KubeClient, namespace: string, signal: AbortSignal) {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
    this.#client = client;
    this.#signal = signal;
    this.#call = { resource: 'endpointslices', path, signal };
  }

  async start(): Promise<void> {
    const list = await this.#client.call<{ metadata: { resourceVersion: string }; items: RawSlice[] }>({
      ...this.#call,
      verb: 'list',
    });
    for (const raw of list.items) this.#see(raw);
    const { resourceVersion } = list.metadata;
    const query = { watch: true, resourceVersion, timeoutSeconds: WATCH_SECONDS };
    const stream = await this.#client.stream({ ...this.#call, verb: 'watch', query });
    this.#failure = this.#read(stream);
    this.#failure.catch(() => undefined); // told to those who wait
  }

  /** The slice of a Service as it was seen last. */
  of(service: string): Slice | undefined {
    return [...this.#latest.values()].find(({ slice }) => slice.service === service)?.slice;
  }

  /**
   * The first sighting, from now on or already there, of a slice of `service` that passes.
   * @param what completes the sentence "... did not happen within N s"
   */
  async until(what: string, service: string, test: Test, timeoutMs = 10_000): Promise<Sighting> {
    this.#signal.throwIfAborted();
    const fits = ({ slice }: Sighting): boolean => slice.service === service && test(slice);
    const known = [...this.#latest.values()].find(fits);
    if (known !== undefined) return known;
    const { promise, resolve, reject } = Promise.withResolvers<Sighting>();
    const waiter = (sighting: Sighting): void => {
      if (fits(sighting)) resolve(sighting);
    };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => {
      reject(new DemoError(`${what} did not happen within ${String(timeoutMs / 1000)} s.`));
    }, timeoutMs);
    try {
      return await Promise.race([promise, ...(this.#failure === undefined ? [] : [this.#failure])]);
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    }
  }

  async #read(stream: AsyncIterable<Uint8Array>): Promise<never> {
    const lines = new JsonLines();
    for await (const chunk of stream) {
      for (const line of lines.push(chunk)) this.#take(line as { type: string; object: RawSlice });
    }
    throw new DemoError('The API server ended the watch of the EndpointSlices.');
  }

  #take({ type, object }: { type: string; object: RawSlice }): void {
    if (type === 'ADDED' || type === 'MODIFIED') this.#see(object);
    else if (type === 'DELETED') this.#latest.delete(object.metadata.name);
  }

  #see(raw: RawSlice): void {
    const sighting = { slice: sliceOf(raw), at: performance.now() };
    this.#latest.set(raw.metadata.name, sighting);
    for (const waiter of this.#waiters) waiter(sighting);
  }
}

function sliceOf({ metadata, endpoints }: RawSlice): Slice {
  return {
    service: metadata.labels?.['kubernetes.io/service-name'] ?? '',
    resourceVersion: metadata.resourceVersion,
    endpoints: (endpoints ?? []).map(({ addresses, conditions, targetRef }) => ({
      pod: targetRef?.name ?? '',
      uid: targetRef?.uid ?? '',
      address: addresses[0] ?? '',
      ready: conditions?.ready !== false,
    })),
  };
}
