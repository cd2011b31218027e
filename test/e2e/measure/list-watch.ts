/** One resource of one namespace, event by event, each with the moment at which its bytes arrived. */
import { UnreachableError } from '../../../src/errors.ts';
import type { Call, KubeClient } from '../../../src/kube/client.ts';
import { JsonLines } from '../../../src/watch/json-lines.ts';
import { monotonicMs } from '../clock.ts';

const EXPIRED = 410;

export interface ListWatchOptions<T> {
  readonly client: Pick<KubeClient, 'call' | 'stream'>;
  /** Plural. */
  readonly resource: string;
  readonly path: string;
  /** CLOCK_MONOTONIC, milliseconds. What the first list holds is told, too. */
  readonly take: (object: T, at: number, gone: boolean) => void;
  readonly signal: AbortSignal;
  /** It cannot go on. */
  readonly onError: (error: unknown) => void;
}

interface Listed {
  readonly metadata: { readonly resourceVersion: string };
}

interface WatchEvent<T> {
  readonly type: string;
  readonly object: T & Listed & { readonly code?: number; readonly message?: string };
}

export class ListWatch<T> {
  readonly #options: ListWatchOptions<T>;
  #resourceVersion = '';

  private constructor(options: ListWatchOptions<T>) {
    this.#options = options;
  }

  /** Resolves when it is open. It ends with the signal. */
  static async start<T>(options: ListWatchOptions<T>): Promise<void> {
    const watch = new ListWatch(options);
    await watch.#list();
    const stream = await watch.#open();
    void watch.#run(stream).catch((error: unknown) => {
      if (!watch.#isOver()) options.onError(error);
    });
  }

  /** The API server ends a watch now and then; it goes on where it was, so that no event is lost. */
  async #run(first: AsyncIterable<Uint8Array>): Promise<void> {
    let stream = first;
    while (!this.#isOver()) {
      await this.#follow(stream).catch(cutOff);
      if (!this.#isOver()) stream = await this.#open();
    }
  }

  async #list(): Promise<void> {
    const list = await this.#options.client.call<Listed & { items: T[] }>({ ...this.#call, verb: 'list' });
    const at = monotonicMs();
    for (const object of list.items) this.#options.take(object, at, false);
    this.#resourceVersion = list.metadata.resourceVersion;
  }

  async #open(): Promise<AsyncIterable<Uint8Array>> {
    const resourceVersion = this.#resourceVersion;
    const query = { watch: true, resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 86_400 };
    return await this.#options.client.stream({ ...this.#call, verb: 'watch', query });
  }

  async #follow(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const lines = new JsonLines();
    for await (const chunk of stream) {
      const at = monotonicMs();
      for (const line of lines.push(chunk)) this.#event(line as WatchEvent<T>, at);
    }
  }

  #event({ type, object }: WatchEvent<T>, at: number): void {
    if (type === 'ERROR') {
      const { code, message } = object;
      const what = code === EXPIRED ? 'events were lost' : 'it was refused';
      throw new Error(`the watch of ${this.#options.resource} ended, ${what}: ${message ?? ''}`);
    }
    if (type !== 'BOOKMARK') this.#options.take(object, at, type === 'DELETED');
    this.#resourceVersion = object.metadata.resourceVersion;
  }

  #isOver(): boolean {
    return this.#options.signal.aborted;
  }

  get #call(): Omit<Call, 'verb'> {
    const { resource, path, signal } = this.#options;
    return { resource, path, signal };
  }
}

function cutOff(error: unknown): void {
  if (!(error instanceof UnreachableError)) throw error;
}
