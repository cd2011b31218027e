import { expect } from 'chai';
import { inLanes } from '../../../scripts/testing/lanes.ts';

describe('inLanes', () => {
  it('has so many under way at once, and the next as soon as one is through; results are in order', async () => {
    const resolvers = new Map<string, () => void>();
    const begun: string[] = [];
    const all = inLanes(2, ['a', 'b', 'c', 'd'], async (name) => {
      begun.push(name);
      await new Promise<void>((resolve) => resolvers.set(name, resolve));
      return name.toUpperCase();
    });
    const end = async (name: string): Promise<string> => {
      resolvers.get(name)?.();
      await new Promise(setImmediate);
      return begun.join('');
    };
    expect(begun.join('')).to.equal('ab');
    expect(await end('b')).to.equal('abc');
    expect(await end('c')).to.equal('abcd');
    await end('d');
    await end('a');
    expect(await all).to.deep.equal(['A', 'B', 'C', 'D']);
  });

  it('fails as soon as one fails', async () => {
    const error = new Error('b');
    const failed = inLanes(2, ['a', 'b'], (name) =>
      name === 'b' ? Promise.reject(error) : Promise.resolve(name),
    );
    expect(await failed.catch((reason: unknown) => reason)).to.equal(error);
  });
});
