import { expect } from 'chai';
import { SLICE_ANNOTATION } from '../../../src/names.ts';
import type { Pod } from '../../../src/api/objects.ts';
import { pod, policy, SECOND } from '../../support/builders.ts';
import { LEADER, PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const B = pod('b').ip('10.0.0.2').build();
const LP = policy().failover({ handoverGapSeconds: 5 });

/** Pod a leads; the operator is started again, and LeaderPolicies cannot be read. */
function unread(...pods: Pod[]): PolicyWorld {
  const world = new PolicyWorld(LP, A, B);
  world.settle();
  world.policies.clear();
  world.policiesKnown = false;
  world.restart();
  world.pods = pods;
  return world.pass(SECOND);
}

describe('the leader Service of a policy that cannot be read', () => {
  it('keeps its leader, and nothing is written', () => {
    const world = unread(A, B);
    expect(world.next()).to.deep.include({ writes: [], again: false, happened: [], statuses: [] });
    expect(world.leader).to.equal('a');
  });

  const losses: [what: string, ...pods: Pod[]][] = [
    ['is gone', B],
    ['is terminating', pod('a').terminating().build(), B],
    ['is not Ready', pod('a').notReady().build(), B],
    ['was made again under its name', pod('a').uid('uid-again').build(), B],
  ];
  for (const [what, ...pods] of losses) {
    it(`is emptied where the pod ${what}, and nobody follows`, () => {
      const world = unread(...pods);
      const { writes, change } = world.next();
      expect(writes.map(({ kind }) => kind)).to.deep.equal(['putSlice']);
      expect(change).to.deep.include({ epoch: 1, from: { name: 'a', uid: 'uid-a' } });
      expect(world.leader).to.equal(undefined);
      expect(world.pass(10 * SECOND).next().writes).to.deep.equal([]);
    });
  }

  it('leads to the same pod again when that may lead', () => {
    const world = unread(pod('a').notReady().build(), B);
    world.next();
    world.pods = [pod('a').ready(world.now).build(), B];
    world.next();
    expect([world.leader, world.leaderSlice?.annotations[SLICE_ANNOTATION.epoch]]).to.deep.equal(['a', '1']);
    expect(world.leaderSlice?.ports).to.have.length(1);
  });

  it('does not lead again to a pod that was withdrawn while it was Ready: it may claim no longer', () => {
    const primary = pod('a').with({ labels: { app: 'web', role: 'primary' } });
    const followLabel = { matchLabels: { role: 'primary' } };
    const world = new PolicyWorld(
      policy().selection({ strategy: 'FollowLabel', followLabel }),
      primary.build(),
    );
    world.settle();
    world.pods = [A, B];
    world.pass(SECOND).settle();
    world.policies.clear();
    world.policiesKnown = false;
    world.restart();
    expect(world.pass(SECOND).next().writes).to.deep.equal([]);
    expect(world.leader).to.equal(undefined);
  });

  it('nor where the policy is there and invalid, and says so', () => {
    const exclude = { matchLabels: { out: 'yes' } };
    const builder = policy().selection({ exclude });
    const world = new PolicyWorld(builder, A);
    world.settle();
    world.pods = [
      pod('a')
        .with({ labels: { app: 'web', out: 'yes' } })
        .build(),
    ];
    world.pass(SECOND).settle();
    world.ask(builder.status(world.status).invalid('bad'));
    world.pass(SECOND).settle();
    expect(world.leader).to.equal(undefined);
    const elected = world.status.conditions?.find(({ type }) => type === 'LeaderElected');
    expect(elected?.message).to.include('the last leader was withdrawn while it was Ready');
  });

  it('remembers the switchover that was done, and does not do it again when the policy is there again', () => {
    const world = new PolicyWorld(policy(), A, B);
    world.settle();
    world.ask(policy().status(world.status).switchover('b', 'r1')).settle();
    world.pods = [A];
    world.pass(SECOND).settle();
    world.pods = [A, B];
    world.pass(SECOND).settle();
    const { policy: asked } = world;
    world.policies.clear();
    world.policiesKnown = false;
    world.restart();
    expect(world.pass(SECOND).next().writes).to.deep.equal([]);
    world.policiesKnown = true;
    world.policies.set(asked.name, asked);
    world.pass(SECOND).settle();
    expect([world.leader, world.status.failovers]).to.deep.equal(['a', 2]);
  });

  it('goes on when the policy is there again, the gap counted from the withdrawal', () => {
    const world = unread(B);
    world.next();
    world.policiesKnown = true;
    world.applyPolicy(LP.build());
    expect(world.pass(4 * SECOND).next()).to.deep.include({ writes: [], againAfterMs: SECOND });
    world.pass(SECOND).settle();
    expect(world.leader).to.equal('b');
  });

  it('makes no slice, and leaves the Service as it is', () => {
    const world = unread(A, B);
    world.slices.clear();
    world.edit(world.services, LEADER, ({ spec }) => (spec!['sessionAffinity'] = 'ClientIP'));
    expect(world.next().writes).to.deep.equal([]);
  });
});
