import { expect } from 'chai';
import { pod, policy, SECOND } from '../../support/builders.ts';
import { PolicyWorld } from '../../support/policy-world.ts';

const B = pod('b').ip('10.0.0.2').build();

describe('a grace with FollowLabel', () => {
  const role = { role: 'primary' };
  const follow = policy()
    .selection({ strategy: 'FollowLabel', followLabel: { matchLabels: role } })
    .failover({ gracePeriodSeconds: 10 });
  const primary = pod('a').labelled(role);

  it('keeps a NotReady leader that still carries the label', () => {
    const world = new PolicyWorld(follow, primary.build(), B);
    world.settle();
    world.pods = [pod('a').labelled(role).notReady(world.now).build(), B];
    expect(world.next()).to.deep.include({ writes: [], againAfterMs: 10 * SECOND });
    expect(world.leader).to.equal('a');
  });

  it('ends where the application names another one, though the old one has kept the label', () => {
    const world = new PolicyWorld(follow, primary.build(), B);
    world.settle();
    world.pods = [
      pod('a').labelled(role).notReady(world.now).build(),
      pod('b').ip('10.0.0.2').labelled(role).build(),
    ];
    world.settle();
    expect(world.leader).to.equal('b');
  });

  it('does not keep one that the application no longer names', () => {
    const world = new PolicyWorld(follow, primary.build(), B);
    world.settle();
    world.pods = [pod('a').notReady(world.now).build(), pod('b').ip('10.0.0.2').labelled(role).build()];
    world.settle();
    expect(world.leader).to.equal('b');
  });
});
