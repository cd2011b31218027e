/**
 * The one watch of the bench. It sees leader slices and those of kube-controller-manager on one stream, in the order in which
 * they were written.
 */
import { UnreachableError } from '../../src/errors.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { JsonLines } from '../../src/watch/json-lines.ts';
import type { RawSlice, SliceBoard } from './slice-board.ts';

const PATH = '/apis/discovery.k8s.io/v1/endpointslices';
const EXPIRED = 410;

export interface SliceWatchOptions {
  readonly client: Pick<KubeClient, 'call' | 'stream'>;
  readonly board: Pick<SliceBoard, 'take'>;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** It cannot go on. */
  readonly onError: (error: unknown) => void;
}

interface Status {
  readonly code?: number;
}

interface WatchEvent {
  readonly type: string;
  readonly object: RawSlice & Status;
}

/**
 * The API server ends a watch when the buffer of 10 to 100 events that it keeps for it stays full for longer than a budget of
 * at most 100 ms (apiserver_terminated_watchers_total counts those; storage/cacher in k8s.io/apiserver), which a burst on a
 * busy machine can bring about. Then the next one begins where the last one ended, as a reflector does: no event is lost,
 * and a failover in between is seen later than it was.
 */
export class SliceWatch {
  readonly #options: SliceWatchOptions;
  #resourceVersion = '';
  #resumed = 0;

  private constructor(options: SliceWatchOptions) {
    this.#options = options;
  }

  /** Resolves when it is open. */
  static async start(options: SliceWatchOptions): Promise<SliceWatch> {
    const watch = new SliceWatch(options);
    await watch.#list();
    const stream = await watch.#open();
    void watch.#run(stream).catch((error: unknown) => {
      if (!options.signal.aborted) options.onError(error);
    });
    return watch;
  }

  /** How often the API server has ended it so far. */
  get resumed(): number {
    return this.#resumed;
  }

  async #run(first: AsyncIterable<Uint8Array>): Promise<void> {
    let stream = first;
    for (;;) {
      const expired = (await this.#follow(stream).catch(cutOff)) === EXPIRED;
      if (this.#options.signal.aborted) return;
      this.#resumed += 1;
      if (expired) await this.#list();
      stream = await this.#open();
    }
  }

  async #list(): Promise<void> {
    const list = await this.#options.client.call<{
      metadata: { resourceVersion: string };
      items: RawSlice[];
    }>({ ...this.#common, verb: 'list' });
    const at = performance.now();
    const seen = Number(this.#resourceVersion);
    for (const slice of list.items) {
      if (Number(slice.metadata.resourceVersion) > seen) this.#options.board.take(slice, at);
    }
    this.#resourceVersion = list.metadata.resourceVersion;
  }

  async #open(): Promise<AsyncIterable<Uint8Array>> {
    const resourceVersion = this.#resourceVersion;
    const query = { watch: true, resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 86_400 };
    return await this.#options.client.stream({ ...this.#common, verb: 'watch', query });
  }

  /** @returns the HTTP status that the API server ended it with, if it gave one */
  async #follow(stream: AsyncIterable<Uint8Array>): Promise<number | undefined> {
    const lines = new JsonLines();
    for await (const chunk of stream) {
      const at = performance.now();
      for (const line of lines.push(chunk)) {
        const { type, object } = line as WatchEvent;
        if (type === 'ERROR') return this.#ended(object);
        if (type === 'ADDED' || type === 'MODIFIED') this.#options.board.take(object, at);
        this.#resourceVersion = object.metadata.resourceVersion;
      }
    }
    return undefined;
  }

  #ended(status: Status): number {
    if (status.code === EXPIRED) return EXPIRED;
    throw new Error(`the watch of the bench ended: ${JSON.stringify(status)}`);
  }

  get #common(): { resource: string; path: string; signal: AbortSignal } {
    return { resource: 'endpointslices', path: PATH, signal: this.#options.signal };
  }
}

/** A connection that broke is as good as a watch that was ended; where there is no API server any more, the next one fails. */
function cutOff(error: unknown): undefined {
  if (!(error instanceof UnreachableError)) throw error;
}
