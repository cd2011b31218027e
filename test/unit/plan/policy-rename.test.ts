import { expect } from 'chai';
import { pod, policy, SECOND, type PolicyBuilder } from '../../support/builders.ts';
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
