import { expect } from 'chai';
import type { Pod, Service } from '../../../src/api/objects.ts';
import { ANNOTATION, LABEL } from '../../../src/names.ts';
import { endpoint, leaderOf, memoryOf, pod, service, slice } from '../../support/builders.ts';
import { ViewUnderTest } from '../../support/view.ts';

const WEB = service('web').build();
const LEADER = leaderOf(WEB).build();
const KEY = 'shop/web-leader';

function renamed(name: string, source = WEB): Service {
  return { ...source, annotations: { ...source.annotations, [ANNOTATION.leaderServiceName]: name } };
}

function optedOut(source = WEB): Service {
  return { ...source, annotations: {} };
}

/** Nobody leads Service web; A and B could. */
function unserved(): ViewUnderTest {
  return new ViewUnderTest().services(WEB, LEADER).pods(pod('a').build(), pod('b').build()).quiet();
}

/** A leads Service web; B could. */
function led(): ViewUnderTest {
  const world = unserved().slices(
    slice(LEADER)
      .holding(endpoint(pod('a').build()))
      .build(),
  );
  world.view.remember(KEY, memoryOf(pod('a').build()));
  return world.quiet();
}

describe('What a change of a pod touches', () => {
  const cases: readonly [string, Pod, readonly string[]][] = [
    ['the leader that is no longer Ready, before routine work', pod('a').notReady().build(), [`${KEY}!`]],
    ['the leader that is being deleted, before routine work', pod('a').terminating().build(), [`${KEY}!`]],
    ['the leader that was made again, before routine work', pod('a').uid('other').build(), [`${KEY}!`]],
    [
      'the leader that is not selected any more, before routine work',
      pod('a').labelled({ app: 'db' }).build(),
      [`${KEY}!`],
    ],
    ['the leader that goes on leading', pod('a').port('http', 8080).build(), [KEY]],
    ['a pod that does not lead and is no longer Ready', pod('b').notReady().build(), [KEY]],
    ['a pod that does not lead and is being deleted', pod('b').terminating().build(), [KEY]],
    ['a pod that has not been seen before', pod('c').build(), [KEY]],
    ['a pod that nobody selects', pod('c').labelled({ app: 'db' }).build(), []],
    ['a pod of another namespace', pod('c').with({ namespace: 'blog' }).build(), []],
  ];
  for (const [what, changed, expected] of cases) {
    it(`is by ${what}`, () => {
      expect(led().pods(changed).touched()).to.deep.equal(expected);
    });
  }

  it('is, when the leader vanishes, its leader Service, before routine work', () => {
    expect(led().remove('pods', pod('a').build()).touched()).to.deep.equal([`${KEY}!`]);
  });

  it('is, when a pod vanishes that does not lead, its leader Service', () => {
    expect(led().remove('pods', pod('b').build()).touched()).to.deep.equal([KEY]);
  });

  for (const [what, world] of [
    ['before there is a slice', unserved],
    ['while the slice is empty', () => unserved().slices(slice(LEADER).build())],
  ] as const) {
    it(`is urgent for a pod that is Ready ${what}, and for no other one`, () => {
      expect(world().pods(pod('a').port('http', 8080).build()).touched()).to.include(`${KEY}!`);
      expect(world().pods(pod('a').notReady().build()).touched()).to.include(KEY);
    });
  }

  it('is both leader Services when a pod moves from one source to another, urgent where it led and where nobody does', () => {
    const world = led()
      .services(service('db').selecting({ app: 'db' }).build())
      .quiet();
    const moved = pod('a').labelled({ app: 'db' }).build();
    expect(world.pods(moved).touched()).to.deep.equal(['shop/db-leader!', `${KEY}!`]);
  });

  it('is every leader Service whose source selects it', () => {
    const world = led().services(service('api').build()).quiet();
    expect(world.pods(pod('b').notReady().build()).touched()).to.deep.equal(['shop/api-leader', KEY]);
  });

  it('is only the leader Service that the source wants now', () => {
    const world = led().services(renamed('main')).quiet();
    expect(world.pods(pod('b').notReady().build()).touched()).to.deep.equal(['shop/main']);
  });

  it('is nothing when the source is not opted in any more', () => {
    const world = led().services(optedOut()).quiet();
    expect(world.pods(pod('a').notReady().build()).touched()).to.deep.equal([]);
  });

  it('tells when the change was received', () => {
    const world = led();
    world.receivedAt.length = 0;
    world.stores.pods.upsert(pod('a').notReady().with({ resourceVersion: '900' }).build(), 42);
    expect(world.receivedAt).to.deep.equal([42]);
  });
});

describe('What a change of a Service touches', () => {
  const cases: readonly [string, (world: ViewUnderTest) => ViewUnderTest, readonly string[]][] = [
    ['a Service that opts in', (w) => w.services(service('api').build()), ['shop/api-leader']],
    ['a Service that was never opted in', (w) => w.services(optedOut(service('api').build())), []],
    ['a source that opts out', (w) => w.services(optedOut()), [KEY]],
    ['a source that changes', (w) => w.services({ ...WEB, sessionAffinity: 'ClientIP' }), [KEY]],
    ['a source that vanishes', (w) => w.remove('services', WEB), [KEY]],
    [
      'a source that vanishes before its leader Service is made',
      (w) => w.services(service('api').build()).quiet().remove('services', service('api').build()),
      ['shop/api-leader'],
    ],
    [
      'a source that has a leader Service of a name that it does not want any more',
      (w) =>
        w
          .services(renamed('main'))
          .quiet()
          .services({ ...renamed('main'), type: 'NodePort' }),
      ['shop/main', KEY],
    ],
    ['a leader Service that is renamed', (w) => w.services(renamed('main')), ['shop/main', KEY]],
    ['a leader Service that changes', (w) => w.services({ ...LEADER, type: 'NodePort' }), [KEY]],
    ['a leader Service that vanishes', (w) => w.remove('services', LEADER), [KEY]],
    ['a leader Service that loses its labels', (w) => w.services({ ...LEADER, labels: {} }), [KEY]],
    ['somebody else on a free name', (w) => w.services(optedOut(service('free').build())), []],
    [
      'somebody else on a wanted name',
      (w) =>
        w
          .services(service('api').build())
          .quiet()
          .services(optedOut(service('api-leader').build())),
      ['shop/api-leader'],
    ],
    [
      'a leader Service that says it belongs to another source',
      (w) =>
        w
          .services(service('api').build())
          .quiet()
          .services({ ...LEADER, labels: { ...LEADER.labels, [LABEL.sourceService]: 'api' } }),
      ['shop/api-leader', KEY],
    ],
    [
      'a leader Service that nobody wants any more',
      (w) => w.services(optedOut()).quiet().remove('services', LEADER),
      [KEY],
    ],
  ];
  for (const [what, change, expected] of cases) {
    it(`is by ${what}: ${expected.length === 0 ? 'nothing' : expected.join(' and ')}`, () => {
      expect(change(led()).touched()).to.deep.equal(expected);
    });
  }

  it('is never urgent: a Service tells nothing of who leads', () => {
    expect(led().services(optedOut()).remove('services', LEADER).touched()).to.deep.equal([KEY, KEY]);
  });
});

describe('Which names a source stands for', () => {
  const claimed = (world: ViewUnderTest): string[] =>
    [KEY, 'shop/main', 'shop/BAD', 'shop/web'].filter((key) => world.view.isClaimed(key));

  it('is the one that it wants', () => {
    expect(claimed(led())).to.deep.equal([KEY]);
    expect(claimed(led().services(renamed('main')))).to.deep.equal(['shop/main']);
  });

  it('is the one that it owns while the wanted one is not possible', () => {
    const owned = leaderOf(WEB, 'main').build();
    expect(claimed(new ViewUnderTest().services(owned, renamed('BAD')))).to.deep.equal(['shop/main']);
    expect(claimed(new ViewUnderTest().services(renamed('BAD'), owned))).to.deep.equal(['shop/main']);
  });

  it('is the default one where it owns none, so that the problem is told', () => {
    expect(claimed(new ViewUnderTest().services(renamed('BAD')))).to.deep.equal([KEY]);
    const owned = leaderOf(WEB, 'main').build();
    const world = new ViewUnderTest().services(renamed('BAD'), owned).remove('services', owned);
    expect(claimed(world)).to.deep.equal([KEY]);
  });

  it('is none when it has opted out or is gone', () => {
    expect(claimed(led().services(optedOut()))).to.deep.equal([]);
    expect(claimed(led().remove('services', WEB))).to.deep.equal([]);
  });

  it('stays claimed while another source wants it', () => {
    const world = led().services(renamed('web-leader', service('api').build()));
    expect(claimed(world.services(optedOut()))).to.deep.equal([KEY]);
  });
});

describe('What a change of an EndpointSlice touches', () => {
  const ours = slice(LEADER).build();
  const strangers = { ...slice(LEADER).unlabelled().named('by-hand').build() };
  const labelled = (name: string): typeof ours => ({ ...strangers, labels: { [LABEL.serviceName]: name } });
  const cases: readonly [string, (world: ViewUnderTest) => ViewUnderTest, readonly string[]][] = [
    ['ours', (w) => w.slices(ours), [KEY]],
    ['ours that vanishes', (w) => w.slices(ours).quiet().remove('slices', ours), [KEY]],
    ['ours without its labels', (w) => w.slices({ ...ours, labels: {} }), [KEY]],
    ['ours of IPv6', (w) => w.slices(slice(LEADER, 'IPv6').unlabelled().build()), [KEY]],
    ["a stranger's that feeds a leader Service", (w) => w.slices(labelled('web-leader')), [KEY]],
    ["a stranger's of another Service", (w) => w.slices(labelled('web')), []],
    ["a stranger's without labels", (w) => w.slices(strangers), []],
    [
      "a stranger's that is taken off a leader Service",
      (w) => w.slices(labelled('web-leader')).quiet().slices(labelled('web')),
      [KEY],
    ],
    [
      'ours that is put on another leader Service',
      (w) =>
        w
          .services(service('api').build())
          .slices(ours)
          .quiet()
          .slices({ ...ours, labels: { [LABEL.serviceName]: 'api-leader' } }),
      ['shop/api-leader', KEY],
    ],
    ["kube-controller-manager's of a leader Service", (w) => w.kcmSlices(labelled('web-leader')), [KEY]],
    [
      'ours of a leader Service that nobody wants and that is still there',
      (w) => w.services(optedOut()).quiet().slices(ours),
      [KEY],
    ],
    [
      'ours of a leader Service that nobody wants and that is gone',
      (w) => w.remove('services', LEADER).services(optedOut()).quiet().slices(ours),
      [],
    ],
  ];
  for (const [what, change, expected] of cases) {
    it(`is by ${what}: ${expected.length === 0 ? 'nothing' : expected.join(' and ')}`, () => {
      expect(change(led()).touched()).to.deep.equal(expected);
    });
  }
});
