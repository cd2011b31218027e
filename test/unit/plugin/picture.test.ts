import { expect } from 'chai';
import { ANNOTATION, SERVICE_ANNOTATION } from '../../../src/names.ts';
import { candidateViews } from '../../../src/plugin/candidate-view.ts';
import { refusal, requestId } from '../../../src/plugin/commands/switchover.ts';
import { findAll, findOne } from '../../../src/plugin/find.ts';
import { summaryOf, type Summary } from '../../../src/plugin/summary.ts';
import { targetOf } from '../../../src/plugin/target.ts';
import {
  endpoint,
  HTTP,
  leaderOf,
  memoryOf,
  NOW,
  pod,
  SECOND,
  service,
  slice,
} from '../../support/builders.ts';
import { pictureWith, snapshotOf, type Objects } from '../../support/plugin.ts';
import { policy } from '../../support/policy-builder.ts';

const WEB = service('web').build();
const PLAIN = service('web').with({ annotations: {} }).build();
const LEADER = leaderOf(WEB).build();
const BY_POLICY = leaderOf(WEB)
  .ownedBy({
    apiVersion: 'zen-lead.io/v1alpha1',
    kind: 'LeaderPolicy',
    name: 'lp',
    uid: 'uid-lp',
    controller: true,
  })
  .build();
const [A, B] = [pod('web-a').on('node-1', 'z1').build(), pod('web-b').build()];
const LED = slice(LEADER).holding(endpoint(A)).ports(HTTP).remembering(memoryOf(A, 3)).build();
const QUIET = { services: [WEB, LEADER], pods: [A, B], slices: [LED] };

function summary(objects: Objects): Summary {
  return summaryOf(pictureWith(objects), snapshotOf(objects));
}

const failure = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    const { kind, message } = error as { kind: string; message: string };
    return `${kind}: ${message}`;
  }
  throw new Error('Expected it to fail');
};

describe('a leader Service in the list', () => {
  it('has leader, candidates and failovers', () => {
    expect(summary(QUIET)).to.deep.include({
      leaderService: 'web-leader',
      service: 'web',
      by: { kind: 'Service', name: 'web' },
      state: 'Ready',
      strategy: 'OldestReady',
      candidates: { eligible: 2, total: 2 },
      failovers: 2,
    });
    expect(summary(QUIET).leader).to.deep.include({
      pod: 'web-a',
      node: 'node-1',
      zone: 'z1',
      address: '10.0.0.1',
      epoch: 3,
    });
  });

  it('of a policy is told as such', () => {
    const objects = { services: [PLAIN, BY_POLICY], pods: [A], slices: [LED], policies: [policy().build()] };
    expect(summary(objects)).to.deep.include({ by: { kind: 'LeaderPolicy', name: 'lp' }, state: 'Ready' });
  });

  it('is NoLeader, Paused, Missing or NameConflict', () => {
    const paused = service('web')
      .annotated({ [ANNOTATION.paused]: 'true' })
      .build();
    const wrong = service('web')
      .annotated({ [ANNOTATION.strategy]: 'Best' })
      .build();
    const stranger = service('web-leader').with({ annotations: {} }).build();
    const states = [
      summary({ ...QUIET, slices: [] }),
      summary({ ...QUIET, services: [paused, LEADER] }),
      summary({ ...QUIET, services: [wrong, LEADER] }),
      summary({ services: [WEB], pods: [A] }),
      summary({ services: [WEB, stranger], pods: [A] }),
    ].map(({ state }) => state);
    expect(states).to.deep.equal(['NoLeader', 'Paused', 'Paused', 'Missing', 'NameConflict']);
  });

  it('without the right to read slices: by what the leader Service says, without a count', () => {
    const told = { [SERVICE_ANNOTATION.leaderPodName]: 'web-a', [SERVICE_ANNOTATION.leaderPodUID]: A.uid };
    const services = [WEB, leaderOf(WEB).with({ annotations: told }).build()];
    const seen = summary({ services, reads: { pods: false, slices: false } });
    expect(seen).to.deep.include({ state: 'Ready', candidates: null, failovers: null });
    expect(seen.leader).to.include({ pod: 'web-a', epoch: null, address: null });
  });

  it("without the right to read policies: one of a policy is zen-lead's all the same", () => {
    const seen = summary({
      services: [PLAIN, BY_POLICY],
      pods: [A],
      slices: [LED],
      reads: { policies: false },
    });
    expect(seen).to.deep.include({
      by: { kind: 'LeaderPolicy', name: 'lp' },
      state: 'Ready',
      candidates: null,
    });
  });
});

describe('candidates', () => {
  it('are in the order in which they would lead, with what it looks at', () => {
    const source = service('web')
      .annotated({ [ANNOTATION.strategy]: 'Priority' })
      .build();
    const pods = [
      pod('web-1').priority('1').build(),
      pod('web-2').priority('5').build(),
      pod('web-3').terminating().build(),
    ];
    const views = candidateViews(pictureWith({ services: [source, LEADER], pods }));
    expect(views.map((view) => `${view.pod}: ${view.reason}, ${view.because}`)).to.deep.equal([
      'web-2: Standby, priority 5, Ready for 1h',
      'web-1: Standby, priority 1, Ready for 1h',
      'web-3: Terminating, is being deleted',
    ]);
  });

  it('that lead need not have been Ready for any time', () => {
    const source = service('web')
      .annotated({ [ANNOTATION.minReadyDuration]: '30s' })
      .build();
    const fresh = pod('web-a')
      .ready(NOW - SECOND)
      .build();
    const views = candidateViews(pictureWith({ ...QUIET, services: [source, LEADER], pods: [fresh] }));
    expect(views.map(({ reason, mayLead }) => [reason, mayLead])).to.deep.equal([['Leader', true]]);
  });

  it('that wait say for how long, and that lack a port which', () => {
    const source = service('web')
      .annotated({ [ANNOTATION.minReadyDuration]: '30s' })
      .ports({ name: 'db', port: 1, protocol: 'TCP', targetPort: 'db' })
      .build();
    const pods = [
      pod('web-1')
        .ready(NOW - 10 * SECOND)
        .build(),
      pod('web-2').build(),
    ];
    const views = candidateViews(pictureWith({ services: [source, LEADER], pods }));
    expect(views.map(({ reason, because }) => `${reason}: ${because}`)).to.deep.equal([
      'MinReadyNotReached: has been Ready for less than 30 s, for 20s more',
      'PortResolutionFailed: port db: targetPort "db"/TCP is not a container port of pod web-2 (it has no named ports)',
    ]);
  });
});

describe('a Service that the user names', () => {
  const both = snapshotOf({
    ...QUIET,
    policies: [policy().leaderService({ name: 'web-write' }).build()],
  });

  it('may be the source or the leader Service', () => {
    const snapshot = snapshotOf(QUIET);
    for (const name of ['web', 'web-leader'])
      expect(findOne(snapshot, 'shop', name).key).to.equal('shop/web-leader');
  });

  it('with several leader Services is all of them, or has to be told apart', () => {
    expect(findAll(both, 'shop', 'web').map(({ name }) => name)).to.deep.equal(['web-leader', 'web-write']);
    expect(failure(() => findOne(both, 'shop', 'web'))).to.match(
      /^usage: .* name one of them: web-leader, web-write$/,
    );
  });

  it('may not be there, or have no leader Service', () => {
    expect(failure(() => findAll(both, 'shop', 'nope'))).to.match(
      /^notFound: there is no Service nope in namespace shop/,
    );
    expect(failure(() => findAll(snapshotOf({ services: [PLAIN] }), 'shop', 'web'))).to.match(
      /^notFound: .* kubectl leader enable web -n shop$/,
    );
  });
});

describe('what is written to', () => {
  it('is the Service, or the policy before it', () => {
    expect(targetOf(pictureWith(QUIET)).shown).to.equal('service/web');
    expect(targetOf(pictureWith({ ...QUIET, policies: [policy().build()] })).shown).to.equal(
      'leaderpolicy/lp',
    );
  });

  it('is nothing where it cannot be told, or is not ours', () => {
    const unread = { services: [PLAIN, BY_POLICY], reads: { policies: false } };
    expect(failure(() => targetOf(pictureWith(unread)))).to.match(
      /^forbidden: .*LeaderPolicy lp, which you may not read/,
    );
    expect(failure(() => targetOf(pictureWith({ services: [PLAIN, LEADER] })))).to.match(
      /^notFound: nobody asks for/,
    );
    const stranger = service('web-leader').with({ annotations: {} }).build();
    expect(failure(() => targetOf(pictureWith({ services: [WEB, stranger] })))).to.match(
      /^failed: Service web-leader is not zen-lead's/,
    );
  });
});

describe('a switchover', () => {
  const told = (objects: Objects, to: string): string | undefined => {
    const refused = refusal(pictureWith(objects), to);
    return refused === undefined ? undefined : `${refused.kind}: ${refused.message}`;
  };

  it('is asked for where nothing speaks against it, or pods may not be read', () => {
    expect(told(QUIET, 'web-b')).to.equal(undefined);
    expect(told({ ...QUIET, pods: [], reads: { pods: false } }, 'web-9')).to.equal(undefined);
  });

  it('is refused as the operator would, with what to do', () => {
    const ill = pod('web-b').notReady().build();
    expect(told({ ...QUIET, pods: [A, ill] }, 'web-b')).to.equal(
      'failed: pod web-b may not lead web-leader now: NotReady: pod web-b is not Ready; no other pod may',
    );
    expect(told(QUIET, 'web-9')).to.match(
      /^notFound: .*no pod web-9 matches the selector; these may: web-b$/,
    );
  });

  it('is refused where the application elects', () => {
    const following = policy()
      .selection({ strategy: 'FollowLabel', followLabel: { matchLabels: { role: 'primary' } } })
      .build();
    expect(told({ ...QUIET, policies: [following] }, 'web-b')).to.match(
      /^failed: LeaderPolicy lp follows the application's own election/,
    );
  });

  it('has an id that the CRD accepts, another one each time', () => {
    expect(requestId()).to.match(/^[A-Za-z0-9_.:+-]{1,63}$/);
    expect(requestId()).not.to.equal(requestId());
  });
});
