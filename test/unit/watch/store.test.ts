import { expect } from 'chai';
import type { KubeObject } from '../../../src/api/objects.ts';
import { Store } from '../../../src/watch/store.ts';
import type { Change } from '../../../src/watch/store.ts';

interface Thing extends KubeObject {
  readonly value: string;
}

function thing(name: string, resourceVersion: string, value = resourceVersion, namespace = 'shop'): Thing {
  return {
    namespace,
    name,
    uid: `uid-${name}`,
    resourceVersion,
    createdAt: 0,
    deleting: false,
    labels: {},
    value,
  };
}

/** "a 1>2" for a change of a from 1 to 2, "a +1" where it came, "a -2" where it went. */
function brief({ old, new: now }: Change<Thing>): string {
  const name = (now ?? old)?.name ?? '';
  if (old === undefined) return `${name} +${String(now?.value)}`;
  return now === undefined ? `${name} -${old.value}` : `${name} ${old.value}>${now.value}`;
}

describe('Store', () => {
  let now: number;
  let store: Store<Thing>;
  let changes: Change<Thing>[];
  const told = (): string[] => changes.splice(0).map(brief);
  const content = (): string[] => [...store.values()].map(({ name, value }) => `${name}=${value}`).sort();

  beforeEach(() => {
    now = 1_000;
    store = new Store(() => now);
    changes = [];
    store.onChange((change) => changes.push(change));
  });

  it('finds objects by key and by namespace, and counts them', () => {
    store.upsert(thing('a', '1'));
    store.upsert(thing('b', '2'));
    store.upsert(thing('a', '3', '3', 'other'));
    expect(store.get('shop/a')?.value).to.equal('1');
    expect(store.get('other/a')?.value).to.equal('3');
    expect(store.get('shop/c')).to.equal(undefined);
    expect(store.get('nowhere/a')).to.equal(undefined);
    expect([...store.values('shop')].map(({ name }) => name)).to.deep.equal(['a', 'b']);
    expect([...store.values('nowhere')]).to.deep.equal([]);
    expect([...store.values()]).to.have.length(3);
    expect(store.size).to.equal(3);
    store.remove('shop/a');
    store.upsert(thing('b', '4'));
    expect(store.size).to.equal(2);
  });

  it('tells what came, changed and went, with the time, and returns it', () => {
    const change = store.upsert(thing('a', '1'));
    expect(change).to.deep.equal({ new: thing('a', '1'), receivedAt: 1_000 });
    now = 2_000;
    expect(store.upsert(thing('a', '2'))).to.deep.equal({
      old: thing('a', '1'),
      new: thing('a', '2'),
      receivedAt: 2_000,
    });
    expect(store.remove('shop/a', '3', 1_500)).to.deep.equal({ old: thing('a', '2'), receivedAt: 1_500 });
    expect(told()).to.deep.equal(['a +1', 'a 1>2', 'a -2']);
  });

  it('shows the new state to its listeners, until they no longer listen', () => {
    let seen: unknown;
    const end = store.onChange(({ old, new: object }) => (seen = [store.get('shop/a'), old, object]));
    store.upsert(thing('a', '1'));
    expect(seen).to.deep.equal([thing('a', '1'), undefined, thing('a', '1')]);
    store.remove('shop/a');
    expect(seen).to.deep.equal([undefined, thing('a', '1'), undefined]);
    end();
    store.upsert(thing('a', '2'));
    expect(seen).to.deep.equal([undefined, thing('a', '1'), undefined]);
  });

  it('keeps a newer resourceVersion without a word where nothing else changed', () => {
    store.upsert(thing('a', '1', 'same'));
    told();
    expect(store.upsert(thing('a', '2', 'same'))).to.equal(undefined);
    expect(told()).to.deep.equal([]);
    expect(store.get('shop/a')?.resourceVersion).to.equal('2');
  });

  it('ignores what is not newer, compared as numbers', () => {
    store.upsert(thing('a', '100'));
    told();
    expect(store.upsert(thing('a', '99'))).to.equal(undefined);
    expect(store.upsert(thing('a', '100', 'other'))).to.equal(undefined);
    expect(told()).to.deep.equal([]);
    expect(content()).to.deep.equal(['a=100']);
  });

  it('takes an object that was deleted and made again in one change, with both UIDs', () => {
    store.upsert(thing('a', '1'));
    const change = store.upsert({ ...thing('a', '5'), uid: 'another' });
    expect([change?.old?.uid, change?.new?.uid]).to.deep.equal(['uid-a', 'another']);
  });

  describe('remembers deletions', () => {
    it('so that an older answer to a write does not bring the object back', () => {
      store.upsert(thing('a', '5'));
      store.remove('shop/a', '7');
      told();
      expect(store.upsert(thing('a', '6'))).to.equal(undefined);
      expect(store.upsert(thing('a', '7'))).to.equal(undefined);
      expect(content()).to.deep.equal([]);
      store.upsert(thing('a', '8'));
      expect(told()).to.deep.equal(['a +8']);
    });

    it('of objects that it never had', () => {
      expect(store.remove('shop/a', '7')).to.equal(undefined);
      store.upsert(thing('a', '6'));
      expect(content()).to.deep.equal([]);
    });

    it('and ignores one that is older than what it has', () => {
      store.upsert(thing('a', '9'));
      expect(store.remove('shop/a', '7')).to.equal(undefined);
      expect(content()).to.deep.equal(['a=9']);
    });

    it('and counts one without resourceVersion as just after what it has', () => {
      store.upsert(thing('a', '9'));
      store.remove('shop/a');
      expect(store.remove('shop/a')).to.equal(undefined);
      store.upsert(thing('a', '9'));
      expect(told()).to.deep.equal(['a +9', 'a -9']);
      expect(content()).to.deep.equal([]);
    });

    it('by the newest of several', () => {
      store.remove('shop/a', '7');
      store.remove('shop/a', '5');
      store.upsert(thing('a', '6'));
      expect(content()).to.deep.equal([]);
    });

    it('of the last thousand only', () => {
      store.remove('shop/old', '7');
      for (let i = 0; i < 999; i += 1) store.remove(`shop/n${i}`, '7');
      store.upsert(thing('old', '6'));
      expect(content()).to.deep.equal([]);
      store.remove('shop/one-more', '7');
      store.upsert(thing('old', '6'));
      expect(content()).to.deep.equal(['old=6']);
    });
  });

  describe('replaces all by a list', () => {
    it('and tells what came, changed and vanished', () => {
      for (const name of ['a', 'b', 'c']) store.upsert(thing(name, '1'));
      told();
      const returned = store.replace([thing('a', '1'), thing('b', '4'), thing('d', '3')], '5');
      expect(told()).to.deep.equal(['b 1>4', 'd +3', 'c -1']);
      expect(returned.map(brief)).to.deep.equal(['b 1>4', 'd +3', 'c -1']);
      expect(content()).to.deep.equal(['a=1', 'b=4', 'd=3']);
    });

    it('but for our own writes that are newer than the list', () => {
      store.upsert(thing('changed', '1'));
      store.upsert(thing('changed', '12'));
      store.upsert(thing('made', '11'));
      told();
      store.replace([thing('changed', '1')], '10');
      expect(told()).to.deep.equal([]);
      expect(content()).to.deep.equal(['changed=12', 'made=11']);
    });

    it('but for our own deletions that are newer than the list', () => {
      store.upsert(thing('a', '1'));
      store.remove('shop/a', '12');
      told();
      store.replace([thing('a', '1')], '10');
      expect(told()).to.deep.equal([]);
      expect(content()).to.deep.equal([]);
    });

    it('and remembers what vanished as gone at the time of the list', () => {
      store.upsert(thing('a', '1'));
      store.replace([], '10');
      store.upsert(thing('a', '10'));
      expect(content()).to.deep.equal([]);
      store.upsert(thing('a', '11'));
      expect(content()).to.deep.equal(['a=11']);
    });

    it('and again tells nothing', () => {
      store.replace([thing('a', '1')], '10');
      told();
      store.replace([thing('a', '1')], '11');
      expect(told()).to.deep.equal([]);
    });

    it('whatever is known, where the cluster was restored from a backup', () => {
      store.upsert(thing('a', '500'));
      store.upsert(thing('b', '600'));
      store.upsert(thing('same', '700', 'same'));
      store.remove('shop/c', '800');
      store.remove('shop/d', '900');
      told();
      store.replace([thing('a', '90'), thing('c', '80'), thing('same', '70', 'same')], '100', {
        rewound: true,
      });
      expect(told()).to.deep.equal(['a 500>90', 'c +80', 'b -600']);
      store.upsert(thing('a', '101'));
      store.upsert(thing('same', '102'));
      store.upsert(thing('d', '103'));
      expect(told()).to.deep.equal(['a 90>101', 'same same>102', 'd +103']);
    });
  });
});
