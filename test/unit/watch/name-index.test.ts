import { expect } from 'chai';
import { NameIndex } from '../../../src/watch/name-index.ts';

describe('NameIndex', () => {
  it('keeps a set of names under each key', () => {
    const index = new NameIndex();
    index.add('shop/web', 'a');
    index.add('shop/web', 'b');
    index.add('shop/web', 'a');
    index.add('shop/db', 'c');
    expect([...index.get('shop/web')]).to.deep.equal(['a', 'b']);
    expect([...index.get('shop/db')]).to.deep.equal(['c']);
  });

  it('has no names under a key that it does not know', () => {
    expect(new NameIndex().get('shop/web')).to.be.empty;
  });

  it('does not keep a key whose last name went', () => {
    const index = new NameIndex();
    index.add('shop/web', 'a');
    index.add('shop/web', 'b');
    index.delete('shop/web', 'a');
    expect([...index.keys()]).to.deep.equal(['shop/web']);
    index.delete('shop/web', 'b');
    expect([...index.keys()]).to.deep.equal([]);
  });

  it('is not changed by the deletion of what is not there', () => {
    const index = new NameIndex();
    index.add('shop/web', 'a');
    index.delete('shop/web', 'b');
    index.delete('shop/db', 'a');
    expect([...index.get('shop/web')]).to.deep.equal(['a']);
    expect([...index.keys()]).to.deep.equal(['shop/web']);
  });
});
