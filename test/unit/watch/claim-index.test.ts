import { expect } from 'chai';
import { ClaimIndex } from '../../../src/watch/claim-index.ts';

const KEY = 'shop/web-leader';

describe('ClaimIndex', () => {
  let index: ClaimIndex;

  beforeEach(() => {
    index = new ClaimIndex();
    index.setWish('shop', 'Service/web', { source: 'web', names: ['web-leader'] });
    index.setWish('shop', 'LeaderPolicy/lp', { source: 'web', names: ['web-leader', 'main'] });
  });

  it('knows who wants a name, in the order of their names', () => {
    expect(index.claimants(KEY)).to.deep.equal(['LeaderPolicy/lp', 'Service/web']);
    expect(index.claimants('shop/main')).to.deep.equal(['LeaderPolicy/lp']);
    expect([...index.keys()].sort()).to.deep.equal(['shop/main', KEY]);
    expect([index.isClaimed(KEY), index.isClaimed('blog/web-leader')]).to.deep.equal([true, false]);
  });

  it('keeps a name and a source for as long as one is left who wants them', () => {
    index.setWish('shop', 'Service/web', { source: 'web', names: [] });
    expect([index.claimants(KEY), index.isUsed('shop/web')]).to.deep.equal([['LeaderPolicy/lp'], true]);
    index.setWish('shop', 'LeaderPolicy/lp', { names: [] });
    expect([index.claimants(KEY), index.isUsed('shop/web'), [...index.keys()]]).to.deep.equal([
      [],
      false,
      [],
    ]);
  });

  it('knows which names the pods of a source feed, each once', () => {
    expect([...index.fedBy('shop/web')].sort()).to.deep.equal(['main', 'web-leader']);
    expect([...index.fedBy('shop/db')]).to.deep.equal([]);
    index.setWish('shop', 'LeaderPolicy/lp', { source: 'db', names: ['main'] });
    expect([...index.fedBy('shop/web')]).to.deep.equal(['web-leader']);
    expect([...index.fedBy('shop/db')]).to.deep.equal(['main']);
  });

  it('takes one who names no source', () => {
    index.setWish('shop', 'LeaderPolicy/lp', { names: ['lp-leader'] });
    expect([...index.fedBy('shop/web')]).to.deep.equal(['web-leader']);
    expect(index.isClaimed('shop/lp-leader')).to.equal(true);
  });

  it('tells a policy from a Service of the same name', () => {
    index.setWish('shop', 'LeaderPolicy/web', { source: 'db', names: ['x'] });
    index.setOwned('add', 'shop', 'LeaderPolicy/web', 'x');
    expect(index.wish('shop', 'Service/web').names).to.deep.equal(['web-leader']);
    expect([...index.owned('shop', 'Service/web')]).to.deep.equal([]);
  });

  it('knows what policies own, those of sources aside', () => {
    index.setOwned('add', 'shop', 'LeaderPolicy/lp', 'main');
    index.setOwned('add', 'blog', 'LeaderPolicy/lp', 'posts');
    index.setOwned('add', 'shop', 'Service/web', 'web-leader');
    expect([...index.ownedByPolicies()].sort()).to.deep.equal(['blog/posts', 'shop/main']);
    index.setOwned('delete', 'shop', 'LeaderPolicy/lp', 'main');
    expect([...index.ownedByPolicies()]).to.deep.equal(['blog/posts']);
  });
});
