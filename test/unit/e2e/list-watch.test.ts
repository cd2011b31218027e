import { expect } from 'chai';
import { UnreachableError } from '../../../src/errors.ts';
import type { Call } from '../../../src/kube/client.ts';
import { ListWatch } from '../../e2e/measure/list-watch.ts';

interface Thing {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

const thing = (name: string, resourceVersion: string): Thing => ({ metadata: { name, resourceVersion } });
const line = (type: string, object: unknown): Uint8Array =>
  Buffer.from(`${JSON.stringify({ type, object })}\n`);

/** What the API server sends on one watch; an Error breaks it. */
type Script = readonly (Uint8Array | Error)[];

describe('a watch of a measurement', () => {
  async function follow(scripts: Script[]): Promise<{ asked: string[]; taken: string[]; error?: Error }> {
    const asked: string[] = [];
    const taken: string[] = [];
    const ending = new AbortController();
    const over = Promise.withResolvers<Error | undefined>();
    async function* play(script: Script): AsyncGenerator<Uint8Array> {
      for (const part of script) {
        if (part instanceof Error) throw part;
        yield part;
      }
      if (scripts.length > 0) return;
      ending.abort();
      over.resolve(undefined);
      await Promise.resolve();
    }
    const client = {
      call: async <T>() =>
        Promise.resolve({ metadata: { resourceVersion: '5' }, items: [thing('a', '3')] } as T),
      stream: async ({ query }: Call) => {
        asked.push(String(query?.['resourceVersion']));
        return Promise.resolve(play(scripts.shift() ?? []));
      },
    };
    await ListWatch.start<Thing>({
      client,
      resource: 'things',
      path: '/things',
      take: ({ metadata }, _at, gone) => taken.push(`${metadata.name}${gone ? ' gone' : ''}`),
      signal: ending.signal,
      onError: (error) => {
        over.resolve(error as Error);
      },
    });
    const error = await over.promise;
    return { asked, taken, ...(error !== undefined && { error }) };
  }

  it('tells what is there, then what changes, and goes on where it was cut off', async () => {
    const { asked, taken } = await follow([
      [line('ADDED', thing('b', '7')), line('BOOKMARK', thing('', '9'))],
      [line('MODIFIED', thing('b', '10')), new UnreachableError('dropped', 'cut off')],
      [line('DELETED', thing('a', '12'))],
    ]);
    expect(asked).to.deep.equal(['5', '9', '10']);
    expect(taken).to.deep.equal(['a', 'b', 'b', 'a gone']);
  });

  it('says so when events were lost: a measurement with a gap is none', async () => {
    const { error } = await follow([[line('ERROR', { code: 410, message: 'too old' })], []]);
    expect(error?.message).to.equal('the watch of things ended, events were lost: too old');
  });
});
