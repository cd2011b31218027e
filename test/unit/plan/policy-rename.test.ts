import { expect } from 'chai';
import { pod, policy, SECOND, service, type PolicyBuilder } from '../../support/builders.ts';
import { LEADER, PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const B = pod('b').ip('10.0.0.2').build();

/** Pod a led, then b, and now nobody may; then the policy asks for another leader Service name. */
function renamedWithNobody(builder: PolicyBuilder): PolicyWorld {
  const world = new PolicyWorld(builder, A, B);
  world.settle();
  world.pods = [B];
  world.pass(SECOND).settle();
  world.pods = [pod('b').notReady().build()];
  world.pass(SECOND).settle();
  world.ask(builder.status(world.status).leaderService({ name: 'other' })).settle();
  world.collectGarbage();
  expect([world.services.has(LEADER), world.services.has('other')]).to.deep.equal([false, true]);
  return world;
}

describe('another leader Service name while nobody leads', () => {
  for (const historyLimit of [0, 10]) {
    it(`does not turn the epoch back, with ${historyLimit} entries of history`, () => {
      const world = renamedWithNobody(policy().spec({ historyLimit }));
      world.pods = [A];
      world.pass(SECOND).settle();
      const { leader, failovers, history } = world.status;
      expect([leader?.podName, leader?.epoch, failovers]).to.deep.equal(['a', 3, 2]);
      expect(history).to.have.length(historyLimit === 0 ? 0 : 3);
    });
  }

  it('is no first election of a policy in mode Manual, which a switchover ends', () => {
    const manual = policy().failover({ mode: 'Manual' });
    const world = new PolicyWorld(manual, A, B);
    world.settle();
    world.pods = [pod('a').notReady().build(), B];
    world.settle();
    world.ask(manual.status(world.status).leaderService({ name: 'other' })).settle();
    expect(world.status.leader).to.equal(undefined);
    const ready = world.status.conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.message).to.include('mode Manual').and.to.include('the last leader is not known any more');
    world.ask(manual.status(world.status).leaderService({ name: 'other' }).switchover('b', '1')).settle();
    expect(world.status.leader).to.deep.include({ podName: 'b', epoch: 2 });
  });
});

describe('a name that the annotations of its Service have made already', () => {
  it('is led on, and a switchover that the status tells is not done again there', () => {
    const builder = policy().leaderService({ name: 'db' });
    const world = new PolicyWorld(builder, A, B);
    world.sources.set('web', service('web').build());
    world.settle();
    world.ask(builder.status(world.status).switchover('b', 'r1')).settle();
    expect(world.status.switchover).to.deep.include({ observedRequestId: 'r1', phase: 'Completed' });
    expect(world.leader).to.equal('a');
    world.ask(policy().status(world.status).switchover('b', 'r1'));
    world.pass(SECOND).settle(6);
    expect(world.leader).to.equal('a');
    expect(world.status.switchover).to.deep.include({ observedRequestId: 'r1', phase: 'Completed' });
    expect(world.told.filter(({ reason }) => reason === 'SwitchoverCompleted')).to.have.length(2);
    world.restart();
    expect(world.last()).to.deep.include({ writes: [], statuses: [] });
  });
});

describe('a policy of which the leader Service name cannot be told', () => {
  const nameless = (world: PolicyWorld): PolicyBuilder =>
    policy().status(world.status).invalid('no name').without('leaderServiceName');

  /** A second Service that says that the policy made it, with a memory of its own. */
  function withTwo(other: string): PolicyWorld {
    const world = new PolicyWorld(policy(), A, B);
    world.settle();
    const { metadata, spec } = structuredClone(world.services.get(LEADER)!);
    const { labels, ownerReferences } = metadata;
    world.create(world.services, {
      metadata: { namespace: metadata.namespace, labels, ownerReferences, name: other },
      spec: { ports: spec!['ports'] },
    });
    return world;
  }

  for (const other of ['a-leader', 'z-leader']) {
    it(`keeps the one that its status tells, not ${other}, and comes to rest`, () => {
      const world = withTwo(other);
      world.ask(nameless(world)).settle();
      expect([...world.services.keys()].filter((name) => name.includes('leader'))).to.deep.equal([LEADER]);
      expect([world.leader, world.status.leaderServiceName]).to.deep.equal(['a', LEADER]);
      expect(world.condition('Ready')).to.equal('False InvalidPolicy');
    });
  }

  it('keeps one where its status tells of none', () => {
    const world = withTwo('a-leader');
    world.policies.set('lp', policy().invalid('no name').without('leaderServiceName').build());
    world.settle();
    expect([world.services.size, world.status.leaderServiceName]).to.deep.equal([1, 'a-leader']);
  });
});
