import { expect } from 'chai';
import fc from 'fast-check';
import type { Pod, StringMap } from '../../../src/api/objects.ts';
import { selects } from '../../../src/api/labels.ts';
import { PodIndex } from '../../../src/watch/pod-index.ts';
import { Store } from '../../../src/watch/store.ts';
import { pod } from '../../support/builders.ts';

describe('PodIndex', () => {
  const selecting: readonly [string, StringMap, StringMap, boolean][] = [
    ['a pair that the labels have', { app: 'web' }, { app: 'web', tier: 'front' }, true],
    ['another value', { app: 'web' }, { app: 'db' }, false],
    ['a label that is not there', { app: 'web' }, {}, false],
    ['two pairs of which one is not there', { app: 'web', tier: 'front' }, { app: 'web' }, false],
    ['an empty value', { app: '' }, { app: '' }, true],
    ['an empty value and no label', { app: '' }, {}, false],
    ['a name that every object inherits', { constructor: 'web' }, {}, false],
  ];
  for (const [what, selector, labels, expected] of selecting) {
    it(`${expected ? 'selects' : 'does not select'} by ${what}`, () => {
      expect(selects(selector, labels)).to.equal(expected);
    });
  }

  it('gives the newest state of a pod, even of a change that nobody was told of', () => {
    const world = new World();
    world.put('shop', 'a', { app: 'web' });
    world.index.setSource('shop', 'web', { app: 'web' });
    world.put('shop', 'a', { app: 'web' });
    expect(world.index.podsOf('shop/web').map(({ resourceVersion }) => resourceVersion)).to.deep.equal(['2']);
  });

  it('finds the pods that were there before the source', () => {
    const world = new World();
    world.put('shop', 'a', { app: 'web' });
    world.put('shop', 'b', { app: 'db' });
    world.put('blog', 'c', { app: 'web' });
    world.index.setSource('shop', 'web', { app: 'web' });
    expect(world.index.podsOf('shop/web').map(({ name }) => name)).to.deep.equal(['a']);
  });

  it('names the sources that selected the pod before and those that select it now', () => {
    const world = new World();
    world.index.setSource('shop', 'web', { app: 'web' });
    world.index.setSource('shop', 'db', { app: 'db' });
    world.index.setSource('shop', 'other', { app: 'other' });
    expect(world.put('shop', 'a', { app: 'web' })).to.deep.equal(['shop/web']);
    expect(world.put('shop', 'a', { app: 'db' })).to.deep.equal(['shop/db', 'shop/web']);
    expect(world.take('shop', 'a')).to.deep.equal(['shop/db']);
  });

  it('does not look at all sources where all selectors share a pair', () => {
    const world = new World();
    for (let i = 0; i < 50; i += 1)
      world.index.setSource('shop', `web-${i}`, { 'managed-by': 'helm', app: `web-${i}` });
    // The first source may have any bucket; all others have one of their own.
    const looked = new Proxy(
      { 'managed-by': 'helm', app: 'web-7' },
      { get: (labels, name) => (reads.push(name), Reflect.get(labels, name) as unknown) },
    );
    const reads: (string | symbol)[] = [];
    const affected = world.index.podChanged(undefined, { ...pod('a').build(), labels: looked });
    expect([...affected]).to.deep.equal(['shop/web-7']);
    expect(reads.length).to.be.lessThan(10);
  });

  // One wrong step and the index is wrong for ever, so histories are what has to be tried.
  it('agrees with a search over everything, whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const world = new World();
        for (const each of steps) {
          if (each.kind === 'source') world.setSource(each.namespace, each.source, each.selector);
          else if (each.kind === 'pod')
            expect(world.put(each.namespace, each.pod, each.labels)).to.deep.equal(world.expected);
          else expect(world.take(each.namespace, each.pod)).to.deep.equal(world.expected);
          world.compare();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes on for a source when another one with the same selector goes', () => {
    const world = new World();
    world.setSource('shop', 'web', { app: 'web' });
    world.setSource('shop', 'api', { app: 'web' });
    world.setSource('shop', 'web', undefined);
    expect(world.put('shop', 'a', { app: 'web' })).to.deep.equal(['shop/api']);
  });

  it('keeps nothing of sources and pods that went', () => {
    const world = new World();
    world.put('shop', 'a', { app: 'web' });
    world.setSource('shop', 'web', { app: 'web' });
    world.setSource('shop', 'web', undefined);
    expect(world.index.podsOf('shop/web')).to.deep.equal([]);
    expect(world.put('shop', 'b', { app: 'web' })).to.deep.equal([]);
  });
});

const labels = fc.record(
  { app: fc.constantFrom('web', 'db'), tier: fc.constant('front') },
  { requiredKeys: [] },
) as fc.Arbitrary<StringMap>;
const namespace = fc.constantFrom('shop', 'shop', 'shop', 'blog');
const named = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({
    kind: fc.constant('source' as const),
    namespace,
    source: fc.constantFrom('web', 'db', 'all'),
    selector: fc.option(
      labels.filter((selector) => Object.keys(selector).length > 0),
      { nil: undefined },
    ),
  }),
  fc.record({ kind: fc.constant('pod' as const), namespace, pod: named, labels }),
  fc.record({ kind: fc.constant('gone' as const), namespace, pod: named }),
);

/** A store with its index, and beside it the selectors, to search with. */
class World {
  readonly store = new Store<Pod>(() => 0);
  readonly index = new PodIndex(this.store);
  readonly selectors = new Map<string, { namespace: string; selector: StringMap }>();
  /** What the last change of a pod should have affected. */
  expected: string[] = [];
  #affected: string[] = [];
  #resourceVersion = 0;

  constructor() {
    this.store.onChange(({ old, new: present }) => {
      this.#affected = [...this.index.podChanged(old, present)].sort();
    });
  }

  setSource(namespace: string, name: string, selector: StringMap | undefined): void {
    this.index.setSource(namespace, name, selector);
    if (selector === undefined) this.selectors.delete(`${namespace}/${name}`);
    else this.selectors.set(`${namespace}/${name}`, { namespace, selector });
  }

  put(namespace: string, name: string, labels: StringMap): string[] {
    this.#resourceVersion += 1;
    const resourceVersion = String(this.#resourceVersion);
    const present = pod(name).with({ namespace, labels, resourceVersion }).build();
    return this.#do(namespace, name, labels, () => this.store.upsert(present));
  }

  take(namespace: string, name: string): string[] {
    return this.#do(namespace, name, undefined, () => this.store.remove(`${namespace}/${name}`));
  }

  compare(): void {
    for (const key of ['shop/web', 'shop/db', 'shop/all', 'blog/web', 'blog/db', 'blog/all']) {
      const source = this.selectors.get(key);
      const found = [...this.store.values()].filter(
        ({ namespace, labels }) => source?.namespace === namespace && selects(source.selector, labels),
      );
      expect(names(this.index.podsOf(key)), key).to.deep.equal(names(found));
    }
  }

  #do(namespace: string, name: string, labels: StringMap | undefined, change: () => unknown): string[] {
    const old = this.store.get(`${namespace}/${name}`);
    const isSame = JSON.stringify(old?.labels) === JSON.stringify(labels);
    const matches = (candidate: StringMap | undefined, selector: StringMap): boolean =>
      candidate !== undefined && selects(selector, candidate);
    this.expected = [...this.selectors]
      .filter(([, source]) => source.namespace === namespace && !(isSame && old !== undefined))
      .filter(([, { selector }]) => matches(old?.labels, selector) || matches(labels, selector))
      .map(([key]) => key)
      .sort();
    this.#affected = [];
    change();
    return this.#affected;
  }
}

function names(pods: readonly Pod[]): string[] {
  return pods.map(({ name }) => name).sort();
}
