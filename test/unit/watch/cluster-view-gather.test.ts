import { expect } from 'chai';
import { ANNOTATION, LABEL } from '../../../src/names.ts';
import {
  leaderOf,
  memoryOf,
  NOW,
  ownerReference,
  pod,
  SECOND,
  service,
  slice,
} from '../../support/builders.ts';
import { ViewUnderTest } from '../../support/view.ts';

const WEB = service('web').build();
const LEADER = leaderOf(WEB).build();
const KEY = 'shop/web-leader';

function names(objects: readonly { readonly name: string }[] | undefined): string[] {
  return (objects ?? []).map(({ name }) => name).sort();
}

describe('What is gathered for a leader Service', () => {
  it('is nothing but the time and the name where nothing is known', () => {
    expect(new ViewUnderTest().view.gather(KEY, NOW)).to.deep.equal({
      now: NOW,
      namespace: 'shop',
      name: 'web-leader',
      claims: [],
      policiesKnown: true,
      slices: [],
      kcmSlices: [],
    });
  });

  it('is the Service that has the name, and the source that controls it', () => {
    const { actual, owner } = new ViewUnderTest().services(WEB, LEADER).view.gather(KEY, NOW);
    expect([actual?.name, owner?.name]).to.deep.equal(['web-leader', 'web']);
  });

  const ownerless: readonly [string, ReturnType<typeof leaderOf>][] = [
    ['without controller', leaderOf(WEB).ownedBy()],
    ['whose owner does not control it', leaderOf(WEB).ownedBy(ownerReference(WEB, 'Service', false))],
    ['controlled by another kind', leaderOf(WEB).ownedBy(ownerReference(WEB, 'Deployment'))],
    ['of a source that was made again', leaderOf(service('web').uid('before').build())],
    ['of a source that is gone', leaderOf(service('gone').build())],
  ];
  for (const [what, leader] of ownerless) {
    it(`is no owner for a leader Service ${what}`, () => {
      const { actual, owner } = new ViewUnderTest()
        .services(WEB, leader.named('web-leader').build())
        .view.gather(KEY, NOW);
      expect([actual?.name, owner]).to.deep.equal(['web-leader', undefined]);
    });
  }

  it('is each source that wants the name, with its own pods', () => {
    const api = service('api')
      .selecting({ app: 'api' })
      .annotated({ [ANNOTATION.leaderServiceName]: 'web-leader' })
      .build();
    const world = new ViewUnderTest()
      .services(WEB, api)
      .pods(pod('a').build(), pod('b').build(), pod('c').labelled({ app: 'api' }).build());
    world.pods(pod('d').labelled({ app: 'db' }).build(), pod('e').with({ namespace: 'blog' }).build());
    const claims = world.view
      .gather(KEY, NOW)
      .claims.map(({ request, pods }) => [request.sourceName, names(pods)]);
    expect(claims).to.deep.equal([
      ['api', ['c']],
      ['web', ['a', 'b']],
    ]);
  });

  it('is the slices that feed the Service and those that have our names, each once', () => {
    const world = new ViewUnderTest().services(WEB, LEADER).slices(
      slice(LEADER).build(),
      slice(LEADER, 'IPv6').unlabelled().build(),
      slice(LEADER).named('by-hand').build(),
      slice(LEADER)
        .named('other')
        .labelled({ [LABEL.serviceName]: 'web' })
        .build(),
    );
    world.kcmSlices(slice(LEADER).named('web-leader-x7k2p').build());
    const { slices, kcmSlices } = world.view.gather(KEY, NOW);
    expect(names(slices)).to.deep.equal(['by-hand', 'web-leader-zen-lead-ipv4', 'web-leader-zen-lead-ipv6']);
    expect(names(kcmSlices)).to.deep.equal(['web-leader-x7k2p']);
  });

  it('is not a slice that has been taken off the Service', () => {
    const stranger = slice(LEADER).named('by-hand').build();
    const world = new ViewUnderTest().services(WEB, LEADER).slices(stranger);
    world.slices({ ...stranger, labels: { [LABEL.serviceName]: 'web' } });
    expect(world.view.gather(KEY, NOW).slices).to.deep.equal([]);
  });

  it('is the newest of each object, even of a change that nobody was told of', () => {
    const world = new ViewUnderTest()
      .services(WEB, LEADER)
      .pods(pod('a').build())
      .slices(slice(LEADER).build());
    const before = world.view.gather(KEY, NOW);
    world.quiet().services(LEADER).pods(pod('a').build()).slices(slice(LEADER).build());
    expect(world.touched()).to.deep.equal([]);
    const after = world.view.gather(KEY, NOW);
    expect(after.actual?.resourceVersion).not.to.equal(before.actual?.resourceVersion);
    expect(after.slices[0]?.resourceVersion).not.to.equal(before.slices[0]?.resourceVersion);
    expect(after.claims[0]?.pods[0]?.resourceVersion).not.to.equal(
      before.claims[0]?.pods[0]?.resourceVersion,
    );
  });

  it('is the pod that led, though the selector does not match it any more', () => {
    const world = new ViewUnderTest().services(WEB).pods(pod('a').build());
    world.view.remember(KEY, memoryOf(pod('a').build()));
    world.pods(pod('a').labelled({ app: 'db' }).build());
    const { leaderPod, claims } = world.view.gather(KEY, NOW);
    expect([leaderPod?.name, names(claims[0]?.pods)]).to.deep.equal(['a', []]);
    expect(world.remove('pods', pod('a').build()).view.gather(KEY, NOW)).not.to.have.property('leaderPod');
  });

  it('does not tell of the pods of the same name in another namespace', () => {
    const world = new ViewUnderTest().services(WEB).pods(pod('a').with({ namespace: 'blog' }).build());
    world.view.remember(KEY, memoryOf(pod('a').build()));
    expect(world.view.gather(KEY, NOW)).not.to.have.property('leaderPod');
  });
});

describe('What is remembered of a leader Service', () => {
  const memory = memoryOf(pod('a').build(), 7);

  it('is kept while somebody wants the name, whatever becomes of its objects', () => {
    const world = new ViewUnderTest().services(WEB, LEADER).slices(slice(LEADER).build());
    world.view.remember(KEY, memory);
    world.remove('services', LEADER).remove('slices', slice(LEADER).build());
    expect(world.view.gather(KEY, NOW).remembered).to.deep.equal(memory);
  });

  it('is not kept for a name that nobody wants', () => {
    const world = new ViewUnderTest();
    world.view.remember(KEY, memory);
    expect(world.services(WEB).view.gather(KEY, NOW)).not.to.have.property('remembered');
  });

  it('is forgotten when the last plan of a name that nobody wants any more is through', () => {
    const world = new ViewUnderTest().services(WEB);
    world.view.remember(KEY, memory);
    world.remove('services', WEB).view.remember(KEY, memory);
    expect(world.services(WEB).view.gather(KEY, NOW)).not.to.have.property('remembered');
  });
});

describe('A Ready condition without a time', () => {
  const timeless = pod('a').without('readyChangedAt').build();
  const seenAt = (world: ViewUnderTest, now: number): number | undefined =>
    world.view.gather(KEY, now).claims[0]?.pods[0]?.readyChangedAt;

  it('counts from when it was first seen', () => {
    const world = new ViewUnderTest().services(WEB).pods(timeless);
    expect(seenAt(world, NOW)).to.equal(NOW);
    expect(seenAt(world, NOW + SECOND)).to.equal(NOW);
  });

  it('counts anew when it turns', () => {
    const world = new ViewUnderTest().services(WEB).pods(timeless);
    seenAt(world, NOW);
    world.pods({ ...timeless, ready: false });
    expect(seenAt(world, NOW + SECOND)).to.equal(NOW + SECOND);
  });

  it('counts anew for a pod that was made again', () => {
    const world = new ViewUnderTest().services(WEB).pods(timeless);
    seenAt(world, NOW);
    world.remove('pods', timeless).pods(timeless);
    expect(seenAt(world, NOW + SECOND)).to.equal(NOW + SECOND);
  });

  it('has no say where there is a time', () => {
    const world = new ViewUnderTest().services(WEB).pods(
      pod('a')
        .ready(NOW - SECOND)
        .build(),
    );
    expect(seenAt(world, NOW)).to.equal(NOW - SECOND);
  });
});

describe('The keys to look at once the caches are filled', () => {
  it('are those that somebody wants and those that we made', () => {
    const orphan = leaderOf(service('gone').build()).build();
    const world = new ViewUnderTest().services(
      WEB,
      orphan,
      service('plain').with({ annotations: {} }).build(),
    );
    expect([...world.view.keys()].sort()).to.deep.equal(['shop/gone-leader', KEY]);
  });
});
