import { expect } from 'chai';
import { ANNOTATION } from '../../../src/names.ts';
import { plan } from '../../../src/plan/plan.ts';
import { pod, policy, service, type PolicyBuilder } from '../../support/builders.ts';
import { LEADER, plainService, PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const ENABLED = service('web').build();

function led(builder: PolicyBuilder = policy()): PolicyWorld {
  const world = new PolicyWorld(builder, A);
  world.settle();
  return world;
}

describe('a leader Service of a policy', () => {
  it('is controlled by the policy, without blockOwnerDeletion', () => {
    expect(led().leaderService?.owners).to.deep.equal([
      {
        apiVersion: 'zen-lead.io/v1alpha1',
        kind: 'LeaderPolicy',
        name: 'lp',
        uid: 'uid-lp',
        controller: true,
      },
    ]);
  });

  it('goes when the policy goes', () => {
    const world = led();
    world.policies.clear();
    world.settle();
    world.collectGarbage();
    expect([world.services.size, world.slices.size]).to.deep.equal([0, 0]);
  });

  it('goes with the CRD, when the garbage collector can no longer look up its owner', () => {
    const world = led();
    world.policies.clear();
    world.hasCrd = false;
    world.collectGarbage();
    expect(world.services.size).to.equal(1);
    world.settle();
    expect(world.services.size).to.equal(0);
  });

  it('stays as it is while it is not known whether the policy is gone', () => {
    const world = led();
    world.policies.clear();
    const input = { ...world.gather(LEADER), policiesKnown: false };
    expect(plan(input)).to.deep.include({ writes: [], again: false, states: [] });
    world.sources.set('web', ENABLED);
    const { writes, states } = plan({ ...world.gather(LEADER), policiesKnown: false });
    expect([writes, states.map(({ reason }) => reason)]).to.deep.equal([[], ['NameConflict']]);
  });

  it('is emptied where an orphaning delete left it, and adopted by the next policy', () => {
    const world = led();
    const before = world.identity;
    world.policies.clear();
    world.edit(world.services, LEADER, ({ metadata }) => (metadata.ownerReferences = []));
    world.settle();
    world.collectGarbage();
    expect([world.leader, world.services.size]).to.deep.equal([undefined, 1]);
    world.ask(policy().uid('uid-new')).settle();
    expect(world.identity).to.deep.equal(before);
  });

  it('is put right where a hand made the policy an owner that is no controller', () => {
    const world = led();
    world.edit(world.services, LEADER, ({ metadata }) => {
      for (const owner of metadata.ownerReferences ?? []) owner.controller = false;
    });
    world.settle();
    expect(world.owners).to.deep.equal(['LeaderPolicy lp (controller)']);
  });

  it('is not made for a policy that is being deleted, nor kept from going', () => {
    const world = new PolicyWorld(policy().terminating(), A);
    world.settle();
    expect(world.services.size).to.equal(0);
    const orphaned = led();
    orphaned.ask(policy().terminating());
    orphaned.edit(orphaned.services, LEADER, ({ metadata }) => (metadata.ownerReferences = []));
    orphaned.settle();
    expect(orphaned.owners).to.deep.equal([]);
  });

  it('is kept, with nobody, while the source is missing, and leads again when it is back', () => {
    const world = led();
    const { clusterIP } = world.leaderService ?? {};
    world.sources.clear();
    world.settle();
    expect([world.leader, world.leaderService?.clusterIP]).to.deep.equal([undefined, clusterIP]);
    expect(world.condition('Ready')).to.equal('False InvalidService');
    world.sources.set('web', plainService().uid('uid-new').build());
    world.settle();
    expect([world.leader, world.leaderService?.clusterIP]).to.deep.equal(['a', clusterIP]);
    expect(world.condition('Ready')).to.equal('True LeaderPublished');
  });

  it('is left as it is while the policy is invalid, and the leader stays while it may lead', () => {
    const world = led(policy().leaderService({ labels: { team: 'x' } }));
    const before = [world.leaderService, world.leaderSlice];
    world.ask(policy().invalid('spec.paused: ...'));
    world.settle();
    expect([world.leaderService, world.leaderSlice]).to.deep.equal(before);
    expect(world.condition('Ready')).to.equal('False InvalidPolicy');
    world.pods = [pod('b').ip('10.0.0.2').build()];
    world.settle();
    expect(world.leader).to.equal(undefined);
  });

  it('is not made for a policy that is invalid', () => {
    const world = new PolicyWorld(policy().invalid('spec.paused: ...'), A);
    world.settle();
    expect([world.services.size, world.condition('Ready')]).to.deep.equal([0, 'False InvalidPolicy']);
  });
});

describe('a policy and annotations for one leader Service', () => {
  it('the policy takes over without another Service, and the source becomes its heir', () => {
    const world = new PolicyWorld(policy(), A);
    world.policies.clear();
    world.sources.set('web', ENABLED);
    world.settle();
    const before = world.identity;
    world.ask(policy()).settle();
    world.collectGarbage();
    expect(world.identity).to.deep.equal(before);
    expect(world.owners).to.deep.equal(['LeaderPolicy lp (controller)', 'Service web']);
  });

  it('the annotations take over when the policy goes, before or after the garbage collector was there', () => {
    for (const collected of [false, true]) {
      const world = led();
      world.sources.set('web', ENABLED);
      world.settle();
      const before = world.identity;
      world.policies.clear();
      if (collected) world.collectGarbage();
      world.settle();
      world.collectGarbage();
      expect(world.identity).to.deep.equal(before);
      expect(world.owners).to.deep.equal(['Service web (controller)']);
    }
  });

  it('the Service is told once that its annotations are ignored; it is no conflict', () => {
    const world = led();
    world.sources.set('web', ENABLED);
    const { states } = world.last();
    expect(states.map(({ reason, about }) => `${reason} ${about.kind}`)).to.deep.equal([
      'AnnotationIgnored Service',
    ]);
    expect(states[0]?.note).to.include('LeaderPolicy lp');
    expect(world.condition('NameConflict')).to.equal('False NameIsOurs');
  });

  it('the source is no heir where its annotations ask for another name, or an impossible one', () => {
    for (const name of ['db', 'D B']) {
      const world = led();
      world.sources.set(
        'web',
        service('web')
          .annotated({ [ANNOTATION.leaderServiceName]: name })
          .build(),
      );
      world.settle();
      expect(world.owners).to.deep.equal(['LeaderPolicy lp (controller)']);
    }
  });

  it('the heir is no longer one when the annotations go', () => {
    const world = led();
    world.sources.set('web', ENABLED);
    world.settle();
    world.sources.set('web', plainService().build());
    world.settle();
    expect(world.owners).to.deep.equal(['LeaderPolicy lp (controller)']);
  });

  it('the heir is no longer one when the policy goes to another Service', () => {
    const world = led(policy().leaderService({ name: LEADER }));
    world.sources.set('web', ENABLED);
    world.sources.set('other', plainService('other').build());
    world.settle();
    world.ask(policy().of('other').leaderService({ name: LEADER }));
    world.sources.set('web', plainService().build());
    world.settle();
    expect(world.owners).to.deep.equal(['LeaderPolicy lp (controller)']);
  });

  it('with different names are two leader Services', () => {
    const world = led(policy().leaderService({ name: 'db' }));
    world.sources.set('web', ENABLED);
    world.settle();
    expect([...world.services.keys()].sort()).to.deep.equal(['db', LEADER]);
  });

  it('of another Service are a conflict that the present owner wins', () => {
    const world = led();
    world.sources.set(
      'other',
      service('other')
        .annotated({ [ANNOTATION.leaderServiceName]: LEADER })
        .build(),
    );
    const { states } = world.last();
    expect(states.map(({ reason, about }) => `${reason} ${about.name}`)).to.deep.equal([
      'NameConflict other',
    ]);
    expect(states[0]?.note).to.include('taken by the leader Service of LeaderPolicy lp');
  });

  it('are told of the policy that overrules them, where a third one has the name', () => {
    const world = led(policy('lp').of('other').leaderService({ name: LEADER }).created(1));
    world.sources.set('other', plainService('other').build());
    world.settle();
    world.sources.set('web', ENABLED);
    world.ask(policy('second'));
    const ignored = world.last().states.find(({ reason }) => reason === 'AnnotationIgnored');
    expect(ignored?.note).to.include('LeaderPolicy second');
    expect(world.owners).to.deep.equal(['LeaderPolicy lp (controller)']);
  });
});
