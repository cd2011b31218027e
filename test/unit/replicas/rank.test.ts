import { expect } from 'chai';
import { Rank } from '../../../src/replicas/rank.ts';

const KEY = 'shop/web-leader';

class RankUnderTest extends Rank {
  readonly world: { first: boolean; tells: boolean; now: number };

  constructor(first: boolean) {
    const world = { first, tells: first, now: 1_000 };
    super({ isFirst: () => world.first, tells: () => world.tells, monotonic: () => world.now });
    this.world = world;
  }
}

describe('The first in rank', () => {
  it('waits for nobody', () => {
    const rank = new RankUnderTest(true);
    expect([rank.waitMs(KEY), rank.tells]).to.deep.equal([0, true]);
  });

  it('writes without a look while the slices are as it knows them, or new to it', () => {
    const rank = new RankUnderTest(true);
    expect(rank.mustLook(KEY, 'one/7')).to.equal(false);
    rank.settled(KEY, 'one/7');
    expect(rank.mustLook(KEY, 'one/7')).to.equal(false);
  });

  it('looks where another hand has written them since it had nothing to write, or deleted them', () => {
    const rank = new RankUnderTest(true);
    rank.settled(KEY, 'one/7');
    expect([rank.mustLook(KEY, 'one/8'), rank.mustLook(KEY, '')]).to.deep.equal([true, true]);
    expect(rank.mustLook('shop/other-leader', 'one/8')).to.equal(false);
    rank.settled(KEY, 'one/8');
    expect(rank.mustLook(KEY, 'one/8')).to.equal(false);
  });

  it('knows nothing of a key that was nobody’s meanwhile', () => {
    const rank = new RankUnderTest(true);
    rank.settled(KEY, 'one/7');
    rank.forget(KEY);
    expect(rank.mustLook(KEY, 'two/9')).to.equal(false);
  });
});

describe('Another in rank', () => {
  it('waits for half a second from when it first saw that something is wrong, each key for itself', () => {
    const rank = new RankUnderTest(false);
    const { world } = rank;
    expect(rank.waitMs(KEY)).to.equal(500);
    world.now += 200;
    expect([rank.waitMs(KEY), rank.waitMs('shop/other-leader')]).to.deep.equal([300, 500]);
    world.now += 300;
    expect([rank.waitMs(KEY), rank.waitMs('shop/other-leader')]).to.deep.equal([0, 200]);
    world.now += 10_000;
    expect(rank.waitMs(KEY)).to.equal(0);
  });

  it('always looks', () => {
    const rank = new RankUnderTest(false);
    expect(rank.mustLook(KEY, 'one/7')).to.equal(true);
    rank.settled(KEY, 'one/7');
    expect(rank.mustLook(KEY, 'one/7')).to.equal(true);
  });

  const ends: readonly [string, (rank: Rank) => void][] = [
    [
      'all was well',
      (rank) => {
        rank.settled(KEY, '');
      },
    ],
    [
      'somebody has written',
      (rank) => {
        rank.written(KEY);
      },
    ],
    [
      'the key was nobody’s',
      (rank) => {
        rank.forget(KEY);
      },
    ],
  ];
  for (const [what, end] of ends) {
    it(`waits anew where ${what} meanwhile`, () => {
      const rank = new RankUnderTest(false);
      rank.waitMs(KEY);
      rank.world.now += 400;
      end(rank);
      rank.world.now += 400;
      expect(rank.waitMs(KEY)).to.equal(500);
    });
  }

  it('waits no longer once it is the first', () => {
    const rank = new RankUnderTest(false);
    expect(rank.waitMs(KEY)).to.equal(500);
    rank.world.first = true;
    expect(rank.waitMs(KEY)).to.equal(0);
  });

  it('tells where nobody can be the first', () => {
    const rank = new RankUnderTest(false);
    expect(rank.tells).to.equal(false);
    rank.world.tells = true;
    expect(rank.tells).to.equal(true);
  });
});
