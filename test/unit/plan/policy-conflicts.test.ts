import { expect } from 'chai';
import { pod, policy, service, type PolicyBuilder } from '../../support/builders.ts';
import { conditionOf, LEADER, plainService, PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const B = pod('b').ip('10.0.0.2').build();

function led(builder: PolicyBuilder = policy()): PolicyWorld {
  const world = new PolicyWorld(builder, A);
  world.settle();
  return world;
}

describe('two policies for one leader Service name', () => {
  it('the present owner wins, though the other is older, and the other says NameConflict', () => {
    const world = led();
    world.ask(policy('older').created(0)).settle();
    expect(world.owners).to.deep.equal(['LeaderPolicy lp (controller)']);
    const { status } = world.policies.get('older') ?? policy().build();
    expect(['NameConflict', 'Ready', 'LeaderElected'].map((type) => conditionOf(status, type))).to.deep.equal(
      ['True NameConflict', 'False NameConflict', 'False NameConflict'],
    );
    expect(status.leader).to.equal(undefined);
    expect(world.condition('NameConflict')).to.equal('False NameIsOurs');
  });

  it('annotations of their Service are told of the one that has it', () => {
    const world = led();
    world.ask(policy('older').created(0));
    world.sources.set('web', service('web').build());
    const ignored = world.last().states.find(({ reason }) => reason === 'AnnotationIgnored');
    expect(ignored?.note).to.include('LeaderPolicy lp asks');
  });

  it('the other one takes over when the owner goes, with the leader and the address', () => {
    const world = led();
    world.ask(policy('older').created(0)).settle();
    const before = world.identity;
    world.policies.delete('lp');
    world.settle();
    // The API server takes no second controller, not even a dead one.
    expect(world.owners).to.deep.equal(['LeaderPolicy older (controller)']);
    world.collectGarbage();
    expect([world.identity, world.owners]).to.deep.equal([before, ['LeaderPolicy older (controller)']]);
    expect(conditionOf(world.policies.get('older')?.status ?? {}, 'Ready')).to.equal('True LeaderPublished');
  });

  it('one that names another Service gets a Service of its own when the owner lets go of the name', () => {
    const world = led();
    world.sources.set('other', plainService('other').build());
    const before = world.leaderService?.uid;
    world.ask(policy('second').of('other').leaderService({ name: LEADER })).settle();
    world.ask(policy().leaderService({ name: 'db' })).settle();
    expect(world.owners).to.deep.equal(['LeaderPolicy second (controller)']);
    expect(world.leaderService?.uid).not.to.equal(before);
  });

  const LETTING_GO: [how: string, letGo: (world: PolicyWorld) => void][] = [
    [
      'asks for another name',
      (world) => world.ask(policy().leaderService({ name: 'db' }).switchover('b', '1')),
    ],
    ['is deleted', (world) => world.policies.delete('lp')],
  ];
  for (const [how, letGo] of LETTING_GO) {
    it(`one that names another Service begins anew when the owner ${how}: nothing of its leader is known`, () => {
      const world = led(policy().switchover('b', '1'));
      world.sources.set('other', plainService('other').selecting({ app: 'other' }).build());
      const labels = { app: 'other' };
      world.pods = [...world.pods, B, pod('c').ip('10.0.0.3').with({ labels }).build()];
      const manual = policy('second').of('other').failover({ mode: 'Manual' });
      world.ask(manual.leaderService({ name: LEADER }).switchover('c', '1')).settle();
      letGo(world);
      world.pass(1_000).settle(8);
      const { leader, failovers, switchover, history } = world.policies.get('second')?.status ?? {};
      expect(leader).to.deep.include({ podName: 'c', epoch: 1 });
      expect([failovers, switchover?.phase, history?.length]).to.deep.equal([0, 'Completed', 1]);
      expect(history?.[0]).to.not.have.property('from');
    });
  }

  it('a Service of somebody else is a conflict for both, and is left alone', () => {
    const world = new PolicyWorld(policy(), A);
    const spec = { ports: [{ port: 1 }] };
    world.create(world.services, { metadata: { name: LEADER, namespace: 'shop', labels: {} }, spec });
    world.ask(policy('second'));
    const before = world.services.get(LEADER);
    world.settle();
    expect(world.services.get(LEADER)).to.equal(before);
    for (const { status } of world.policies.values()) {
      expect(conditionOf(status, 'NameConflict')).to.equal('True NameConflict');
    }
  });

  it('a switchover that was told stays in the status of who has lost the name, though no epoch is known', () => {
    const world = new PolicyWorld(policy(), A);
    const metadata = { name: LEADER, namespace: 'shop', labels: {} };
    world.create(world.services, { metadata, spec: { ports: [{ port: 1 }] } });
    const switchover = { observedRequestId: '1', phase: 'Failed', message: 'pod b is not Ready' } as const;
    world.policies.set('lp', { ...policy().build(), status: { switchover } });
    world.settle();
    expect(world.policies.get('lp')?.status).to.deep.include({ switchover });
  });
});
