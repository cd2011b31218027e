import { expect } from 'chai';
import type { RawSlice } from '../../bench/slice-board.ts';
import { SliceWatch } from '../../bench/slice-watch.ts';
import { UnreachableError } from '../../../src/errors.ts';
import type { Call } from '../../../src/kube/client.ts';

function slice(resourceVersion: string): RawSlice {
  return { metadata: { namespace: 'shop', name: 'web', resourceVersion } };
}

function line(type: string, object: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify({ type, object })}\n`);
}

/** What the API server sends on one watch; an Error breaks the connection. */
type Script = readonly (Uint8Array | Error)[];

/** Gives out lists and watches in turn. The last watch ends with `over`. */
class FakeApi {
  readonly asked: string[] = [];
  readonly taken: string[] = [];
  readonly #over = Promise.withResolvers<undefined>();
  readonly #control = new AbortController();
  readonly #lists: RawSlice[][];
  readonly #scripts: Script[];

  constructor(lists: RawSlice[][], scripts: Script[]) {
    this.#lists = lists;
    this.#scripts = scripts;
  }

  /** Runs until all that is scripted was sent. @returns how often it was resumed, or why it could not go on */
  async run(): Promise<number | Error> {
    const failed = Promise.withResolvers<Error>();
    const watch = await SliceWatch.start({
      client: { call: this.#call, stream: this.#stream },
      board: { take: ({ metadata }) => this.taken.push(metadata.resourceVersion) },
      signal: this.#control.signal,
      onError: (error) => {
        failed.resolve(error as Error);
      },
    });
    return await Promise.race([this.#over.promise.then(() => watch.resumed), failed.promise]);
  }

  readonly #call = async <T>({ verb }: Call): Promise<T> => {
    this.asked.push(verb);
    const items = this.#lists.shift() ?? [];
    const resourceVersion = items.at(-1)?.metadata.resourceVersion ?? '';
    return Promise.resolve({ metadata: { resourceVersion }, items } as T);
  };

  readonly #stream = async ({ query }: Call): Promise<AsyncIterable<Uint8Array>> => {
    this.asked.push(`watch from ${query?.['resourceVersion'] ?? 'nowhere'}`);
    return Promise.resolve(this.#play(this.#scripts.shift() ?? []));
  };

  async *#play(script: Script): AsyncGenerator<Uint8Array> {
    for (const part of script) {
      if (part instanceof Error) throw part;
      yield part;
    }
    if (this.#scripts.length > 0) return;
    this.#control.abort();
    this.#over.resolve(undefined);
    await Promise.resolve();
  }
}

describe('SliceWatch of the bench', () => {
  it('goes on after the last event where the API server ended it, and counts that', async () => {
    const api = new FakeApi(
      [[slice('5')]],
      [[line('MODIFIED', slice('7')), line('ADDED', slice('9'))], [line('MODIFIED', slice('12'))]],
    );
    expect(await api.run()).to.equal(1);
    expect(api.asked).to.deep.equal(['list', 'watch from 5', 'watch from 9']);
    expect(api.taken).to.deep.equal(['5', '7', '9', '12']);
  });

  it('a bookmark moves the place to go on from, and is nothing that was written', async () => {
    const api = new FakeApi([[slice('5')]], [[line('BOOKMARK', slice('40'))], []]);
    await api.run();
    expect(api.asked.at(-1)).to.equal('watch from 40');
    expect(api.taken).to.deep.equal(['5']);
  });

  it('a broken connection is resumed as well', async () => {
    const broken = new UnreachableError('dropped', 'the connection was cut');
    const api = new FakeApi([[slice('5')]], [[line('MODIFIED', slice('7')), broken], []]);
    expect(await api.run()).to.equal(1);
    expect(api.asked.at(-1)).to.equal('watch from 7');
  });

  it('lists anew when that place is forgotten, and takes each slice once', async () => {
    const lists = [[slice('5')], [slice('5'), slice('7'), slice('30')]];
    const api = new FakeApi(lists, [[line('MODIFIED', slice('7'))], [line('ERROR', { code: 410 })], []]);
    expect(await api.run()).to.equal(2);
    expect(api.asked).to.deep.equal(['list', 'watch from 5', 'watch from 7', 'list', 'watch from 30']);
    expect(api.taken).to.deep.equal(['5', '7', '30']);
  });

  it('another error ends the bench, and says what the API server said', async () => {
    const api = new FakeApi([[slice('5')]], [[line('ERROR', { code: 500, message: 'etcd is gone' })], []]);
    expect(String(await api.run())).to.include('etcd is gone');
  });
});
