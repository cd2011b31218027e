import type { Call } from '../../src/kube/client.ts';

/** What is listed and watched: a path and, where there is one, the label selector. */
export function askedFor({ path, query }: Call): string {
  const selector = query?.['labelSelector'];
  return selector === undefined ? path : `${path}?${String(selector)}`;
}

/** An API server whose lists are answered, and whose watches speak, when the test says so. */
export class FakeWatches {
  readonly server = 'https://api';
  readonly #lists = new Map<string, PromiseWithResolvers<unknown>>();
  readonly #streams = new Map<string, (line: string) => void>();

  /** What has been asked to be listed. */
  get listed(): string[] {
    return [...this.#lists.keys()].sort();
  }

  /** With `more`, another page is to be asked for. */
  answer(asked: string, answer: object[] | Error, more = ''): void {
    const list = this.#lists.get(asked);
    if (list === undefined) throw new Error(`expected a list of ${asked}, got ${this.listed.join()}`);
    if (answer instanceof Error) list.reject(answer);
    else list.resolve({ metadata: { resourceVersion: '100', continue: more }, items: answer });
  }

  event(asked: string, type: string, object: object): void {
    this.#streams.get(asked)?.(`${JSON.stringify({ type, object })}\n`);
  }

  call<T>(call: Call): Promise<T> {
    const list = Promise.withResolvers<unknown>();
    this.#lists.set(askedFor(call), list);
    return list.promise as Promise<T>;
  }

  stream(call: Call): Promise<AsyncIterable<Uint8Array>> {
    const waiting: string[] = [];
    let wake = (): void => undefined;
    this.#streams.set(askedFor(call), (line) => {
      waiting.push(line);
      wake();
    });
    call.signal?.addEventListener('abort', () => {
      wake();
    });
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      while (call.signal?.aborted !== true) {
        for (const line of waiting.splice(0)) yield Buffer.from(line);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    return Promise.resolve(chunks());
  }
}
