import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { LABEL, POLICY_KIND } from '../../../src/names.ts';
import {
  endpoint,
  leaderOf,
  memoryOf,
  NOW,
  ownerReference,
  pod,
  policy,
  service,
  slice,
} from '../../support/builders.ts';
import { ViewUnderTest } from '../../support/view.ts';

/** Not opted in. */
const WEB = service('web').with({ annotations: {} }).build();
const ANNOTATED = service('web').build();
/** For web-leader. */
const LP = policy('lp').build();
/** Also of Service web. */
const MAIN = policy('main').leaderService({ name: 'main' }).build();
const KEY = 'shop/web-leader';

function madeBy(by: typeof LP, name = by.leaderServiceName ?? ''): Service {
  return leaderOf(WEB, name).ownedBy(ownerReference(by, POLICY_KIND)).build();
}

/** One source, two policies, two pods. */
function world(): ViewUnderTest {
  return new ViewUnderTest()
    .services(WEB)
    .policies(LP, MAIN)
    .pods(pod('a').build(), pod('b').build())
    .quiet();
}

type Change = (world: ViewUnderTest) => ViewUnderTest;

function touching(cases: readonly (readonly [string, Change, readonly string[]])[]): void {
  for (const [what, change, expected] of cases) {
    it(`is by ${what}: ${expected.length === 0 ? 'nothing' : expected.join(' and ')}`, () => {
      expect(change(world()).touched()).to.deep.equal(expected);
    });
  }
}

describe('What a change of a LeaderPolicy touches', () => {
  touching([
    ['a new one', (w) => w.policies(policy('new').leaderService({ name: 'new' }).build()), ['shop/new']],
    ['another spec', (w) => w.policies(policy('lp').paused().build()), [KEY]],
    ['another status', (w) => w.policies(policy('lp').status({ failovers: 1 }).build()), [KEY]],
    ['nothing but another resourceVersion', (w) => w.policies(LP), []],
    ['its end', (w) => w.remove('policies', LP), [KEY]],
    [
      'another name for the leader Service',
      (w) => w.policies(policy('lp').leaderService({ name: 'other' }).build()),
      ['shop/other', KEY],
    ],
    [
      'another name for the leader Service that it made under a third one',
      (w) =>
        w
          .services(madeBy(LP, 'third'))
          .quiet()
          .policies(policy('lp').leaderService({ name: 'other' }).build()),
      ['shop/other', 'shop/third', KEY],
    ],
    [
      'its end, with a leader Service that it does not want any more',
      (w) => w.services(madeBy(LP, 'third')).quiet().remove('policies', LP),
      ['shop/third', KEY],
    ],
    ['another source', (w) => w.policies(policy('lp').of('db').build()), ['shop/db-leader', KEY]],
    [
      'a spec so wrong that its name cannot be told',
      (w) => w.policies(policy('lp').invalid('no').without('leaderServiceName').build()),
      ['shop/lp-leader', KEY],
    ],
  ]);
});

describe('What a change of a Service touches, with policies', () => {
  touching([
    ['the source that changes', (w) => w.services({ ...WEB, type: 'NodePort' }), ['shop/main', KEY]],
    ['the source that vanishes', (w) => w.remove('services', WEB), ['shop/main', KEY]],
    [
      'the source that comes back',
      (w) => w.remove('services', WEB).quiet().services(WEB),
      ['shop/main', KEY],
    ],
    ['the source that opts in, too', (w) => w.services(ANNOTATED), ['shop/main', KEY]],
    ['another Service', (w) => w.services(service('db').with({ annotations: {} }).build()), []],
    ['a leader Service of a policy', (w) => w.services(madeBy(LP)), [KEY]],
    ['one that the policy does not want', (w) => w.services(madeBy(LP, 'third')), ['shop/third', KEY]],
    [
      'one of a policy that is not there',
      (w) => w.services(madeBy(policy('gone').build(), 'gone')),
      ['shop/gone'],
    ],
    [
      'one that another policy takes over',
      (w) => w.services(madeBy(LP)).quiet().services(madeBy(MAIN, 'web-leader')),
      ['shop/main', KEY],
    ],
  ]);
});

describe('A leader Service of a policy that is not known', () => {
  const gone = madeBy(policy('gone').build(), 'gone');
  const doubts = (change: Change): number => change(world()).doubts;

  it('is a reason to look for policies again, when it appears and not later', () => {
    expect(doubts((w) => w.services(gone))).to.equal(1);
    expect(doubts((w) => w.services(gone).services({ ...gone, type: 'NodePort' }))).to.equal(1);
    expect(doubts((w) => w.services(gone).remove('services', gone))).to.equal(1);
    expect(doubts((w) => w.services(leaderOf(WEB, 'gone').build()).services(gone))).to.equal(1);
  });

  it('is the only one that is', () => {
    expect(doubts((w) => w.services(madeBy(LP)).remove('policies', LP))).to.equal(0);
    expect(doubts((w) => w.services(leaderOf(service('api').build()).build()))).to.equal(0);
  });
});

describe('What a change of a pod touches, with policies', () => {
  it('is the leader Services of all policies that name its source, and urgent where it led', () => {
    const view = world();
    view.view.remember('shop/main', memoryOf(pod('a').build()));
    expect(view.pods(pod('a').notReady().build()).touched()).to.deep.equal(['shop/main!', KEY]);
  });

  it('is each leader Service once, though a policy and the annotations want it', () => {
    const view = world().services(ANNOTATED).quiet();
    expect(view.pods(pod('b').notReady().build()).touched()).to.deep.equal(['shop/main', KEY]);
  });

  const users: readonly [string, Change, readonly string[]][] = [
    ['the annotations', (w) => w.services(ANNOTATED).remove('policies', LP).remove('policies', MAIN), [KEY]],
    ['the other policy', (w) => w.remove('policies', LP), ['shop/main']],
    [
      'a policy, not the annotations any more',
      (w) => w.services(ANNOTATED).services(WEB),
      ['shop/main', KEY],
    ],
    ['nobody', (w) => w.remove('policies', LP).remove('policies', MAIN), []],
    [
      'nobody: the policies name another source',
      (w) => w.policies(policy('lp').of('db').build()).remove('policies', MAIN),
      [],
    ],
    [
      'a policy that was there before the source',
      (w) => w.remove('services', WEB).services(WEB),
      ['shop/main', KEY],
    ],
  ];
  for (const [what, change, expected] of users) {
    it(`is as long as its source is used, by ${what}`, () => {
      const view = change(world()).quiet();
      expect(view.pods(pod('b').notReady().build()).touched()).to.deep.equal(expected);
    });
  }

  it('is urgent when the labels of the leader change: FollowLabel may follow them to another one', () => {
    const holding = slice(leaderOf(WEB).build()).holding(endpoint(pod('a').build()));
    const view = world().slices(holding.build()).quiet();
    view.view.remember(KEY, memoryOf(pod('a').build()));
    const demoted = view.pods(pod('a').labelled({ role: 'replica' }).build()).touched();
    expect(demoted).to.include(`${KEY}!`);
    const other = view.pods(pod('b').labelled({ role: 'primary' }).build()).touched();
    expect(other).to.include(KEY);
  });
});

describe('What is gathered for a leader Service, with policies', () => {
  const claimants = (view: ViewUnderTest, key = KEY): string[] =>
    view.view
      .gather(key, NOW)
      .claims.map(({ request: { requester }, pods }) => `${requester.kind}/${requester.name} ${pods.length}`);

  it('is each policy and each source that want the name, in one order whoever came first', () => {
    const all = [policy('z').build(), policy('c').build()];
    const one = new ViewUnderTest().services(ANNOTATED).policies(...all);
    const other = new ViewUnderTest().policies(...all.toReversed()).services(ANNOTATED);
    for (const view of [one, other]) {
      view.pods(pod('a').build(), pod('b').build());
      expect(claimants(view)).to.deep.equal(['LeaderPolicy/c 2', 'LeaderPolicy/z 2', 'Service/web 2']);
    }
  });

  it('is a policy without its source', () => {
    expect(claimants(world().remove('services', WEB))).to.deep.equal(['LeaderPolicy/lp 0']);
  });

  it('is no policy of another namespace', () => {
    const blog = policy('lp').with({ namespace: 'blog' }).build();
    expect(claimants(new ViewUnderTest().services(WEB).policies(blog))).to.deep.equal([]);
  });

  const owners: readonly [string, Service, string | undefined][] = [
    ['is the policy that controls it', madeBy(LP), 'LeaderPolicy/lp'],
    ['is none that was made again', madeBy(policy('lp').uid('before').build()), undefined],
    ['is none that is gone', madeBy(policy('gone').build()), undefined],
    [
      'is none that does not control it',
      leaderOf(WEB)
        .ownedBy(ownerReference(LP, POLICY_KIND, false))
        .build(),
      undefined,
    ],
    [
      'is none of another group',
      leaderOf(WEB)
        .ownedBy({ ...ownerReference(LP, POLICY_KIND), apiVersion: 'example.org/v1' })
        .build(),
      undefined,
    ],
    [
      'is the policy, though the source owns it beside',
      leaderOf(WEB)
        .ownedBy(ownerReference(WEB, 'Service', false), ownerReference(LP, POLICY_KIND))
        .build(),
      'LeaderPolicy/lp',
    ],
    ['is the source that controls it', leaderOf(WEB).build(), 'Service/web'],
  ];
  for (const [what, leader, expected] of owners) {
    it(`and its owner ${what}`, () => {
      const { owner } = world()
        .services({ ...leader, name: 'web-leader' })
        .view.gather(KEY, NOW);
      expect(owner && `${owner.kind}/${owner.name}`).to.equal(expected);
    });
  }

  it('is whether all policies are known, at that moment', () => {
    const view = world();
    expect(view.view.gather(KEY, NOW).policiesKnown).to.equal(true);
    view.policiesKnown = false;
    expect(view.view.gather(KEY, NOW).policiesKnown).to.equal(false);
  });

  it('is the history that this process remembers, as long as the memory', () => {
    const view = world();
    const history = [{ epoch: 1, to: 'a', reason: 'Elected', time: '2026-03-01T12:00:00.000000Z' }];
    view.view.remember(KEY, memoryOf(pod('a').build()), history);
    expect(view.view.gather(KEY, NOW).history).to.equal(history);
    view.view.remember(KEY, memoryOf(pod('a').build()));
    expect(view.view.gather(KEY, NOW)).not.to.have.property('history');
  });
});

describe('The keys to look at, with policies', () => {
  it('are those that policies want and those that they made', () => {
    const view = world().services(madeBy(LP), madeBy(policy('gone').build(), 'gone'));
    expect([...view.view.keys()].sort()).to.deep.equal(['shop/gone', 'shop/main', KEY]);
  });

  it('are, when policies are known, those that they made', () => {
    const view = world().services(
      madeBy(LP),
      madeBy(policy('gone').build(), 'gone'),
      leaderOf(service('api').build()).build(),
    );
    expect([...view.view.keysOfPolicies()].sort()).to.deep.equal(['shop/gone', KEY]);
    view.services({ ...madeBy(LP), labels: { [LABEL.managedBy]: 'hand' } });
    expect([...view.view.keysOfPolicies()]).to.deep.equal(['shop/gone']);
  });
});
