import { expect } from 'chai';
import { Interner, internList, internMap } from '../../../src/watch/intern.ts';

describe('Interner', () => {
  it('gives equal values the same copy', () => {
    expect(internMap({ app: 'a', hash: '1' })).to.equal(internMap({ app: 'a', hash: '1' }));
    expect(internMap({ app: 'a', hash: '1' })).not.to.equal(internMap({ app: 'a', hash: '2' }));
    expect(internList([{ port: 1 }])).to.equal(internList([{ port: 1 }]));
    expect(internList(['1'])).not.to.equal(internList([1]));
  });

  it('keeps what is asked for while values that come once pass by, and forgets those', () => {
    const interner = new Interner<object>(10);
    const shared = interner.share('shared', {});
    const once = interner.share('once', {});
    for (let i = 0; i < 100; i += 1) {
      interner.share(`passing ${i}`, {});
      expect(interner.share('shared', {})).to.equal(shared);
    }
    expect(interner.share('once', {})).not.to.equal(once);
  });
});
