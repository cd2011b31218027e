import { expect } from 'chai';
import type { LeaderPolicy } from '../../../src/api/objects.ts';
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

function owners({ leaderService }: PolicyWorld): string[] | undefined {
  return leaderService?.owners.map(
    ({ kind, name, controller }) => `${kind} ${name}${controller ? ' (controller)' : ''}`,
  );
}

/** What stays when the Service is handed over, and would not where it was made again. */
function identity({ leaderService, leaderSlice, leader }: PolicyWorld): unknown {
  const { uid, clusterIP } = leaderService ?? {};
  return { uid, clusterIP, leader, epoch: leaderSlice?.annotations['zen-lead.io/leader-epoch'] };
}

function conditionOf({ conditions = [] }: LeaderPolicy['status'], type: string): string | undefined {
  const condition = conditions.find((one) => one.type === type);
  return condition === undefined ? undefined : `${condition.status} ${condition.reason}`;
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
    const before = identity(world);
    world.policies.clear();
    world.edit(world.services, LEADER, ({ metadata }) => (metadata.ownerReferences = []));
    world.settle();
    world.collectGarbage();
    expect([world.leader, world.services.size]).to.deep.equal([undefined, 1]);
    world.ask(policy().uid('uid-new')).settle();
    expect(identity(world)).to.deep.equal(before);
  });

  it('is not made for a policy that is being deleted, nor kept from going', () => {
    const world = new PolicyWorld(policy().terminating(), A);
    world.settle();
    expect(world.services.size).to.equal(0);
    const orphaned = led();
    orphaned.ask(policy().terminating());
    orphaned.edit(orphaned.services, LEADER, ({ metadata }) => (metadata.ownerReferences = []));
    orphaned.settle();
    expect(owners(orphaned)).to.deep.equal([]);
  });

  it('is kept, with nobody, while the source is missing, and leads again when it is back', () => {
    const world = led();
    const { clusterIP } = world.leaderService ?? {};
    world.sources.clear();
    world.settle();
    expect([world.leader, world.leaderService?.clusterIP]).to.deep.equal([undefined, clusterIP]);
    expect(conditionOf(world.status, 'Ready')).to.equal('False InvalidService');
    world.sources.set('web', plainService().uid('uid-new').build());
    world.settle();
    expect([world.leader, world.leaderService?.clusterIP]).to.deep.equal(['a', clusterIP]);
    expect(conditionOf(world.status, 'Ready')).to.equal('True LeaderPublished');
  });

  it('is left as it is while the policy is invalid, and the leader stays while it may lead', () => {
    const world = led(policy().leaderService({ labels: { team: 'x' } }));
    const before = [world.leaderService, world.leaderSlice];
    world.ask(policy().invalid('spec.paused: ...'));
    world.settle();
    expect([world.leaderService, world.leaderSlice]).to.deep.equal(before);
    expect(conditionOf(world.status, 'Ready')).to.equal('False InvalidPolicy');
    world.pods = [pod('b').ip('10.0.0.2').build()];
    world.settle();
    expect(world.leader).to.equal(undefined);
  });

  it('is not made for a policy that is invalid', () => {
    const world = new PolicyWorld(policy().invalid('spec.paused: ...'), A);
    world.settle();
    expect([world.services.size, conditionOf(world.status, 'Ready')]).to.deep.equal([
      0,
      'False InvalidPolicy',
    ]);
  });
});

describe('a policy and annotations for one leader Service', () => {
  it('the policy takes over without another Service, and the source becomes its heir', () => {
    const world = new PolicyWorld(policy(), A);
    world.policies.clear();
    world.sources.set('web', ENABLED);
    world.settle();
    const before = identity(world);
    world.ask(policy()).settle();
    world.collectGarbage();
    expect(identity(world)).to.deep.equal(before);
    expect(owners(world)).to.deep.equal(['LeaderPolicy lp (controller)', 'Service web']);
  });

  it('the annotations take over when the policy goes, before or after the garbage collector was there', () => {
    for (const collected of [false, true]) {
      const world = led();
      world.sources.set('web', ENABLED);
      world.settle();
      const before = identity(world);
      world.policies.clear();
      if (collected) world.collectGarbage();
      world.settle();
      world.collectGarbage();
      expect(identity(world)).to.deep.equal(before);
      expect(owners(world)).to.deep.equal(['Service web (controller)']);
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
    expect(conditionOf(world.status, 'NameConflict')).to.equal('False NameIsOurs');
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
      expect(owners(world)).to.deep.equal(['LeaderPolicy lp (controller)']);
    }
  });

  it('the heir is no longer one when the annotations go', () => {
    const world = led();
    world.sources.set('web', ENABLED);
    world.settle();
    world.sources.set('web', plainService().build());
    world.settle();
    expect(owners(world)).to.deep.equal(['LeaderPolicy lp (controller)']);
  });

  it('the heir is no longer one when the policy goes to another Service', () => {
    const world = led(policy().leaderService({ name: LEADER }));
    world.sources.set('web', ENABLED);
    world.sources.set('other', plainService('other').build());
    world.settle();
    world.ask(policy().of('other').leaderService({ name: LEADER }));
    world.sources.set('web', plainService().build());
    world.settle();
    expect(owners(world)).to.deep.equal(['LeaderPolicy lp (controller)']);
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
    expect(owners(world)).to.deep.equal(['LeaderPolicy lp (controller)']);
  });
});

describe('two policies for one leader Service name', () => {
  it('the present owner wins, though the other is older, and the other says NameConflict', () => {
    const world = led();
    world.ask(policy('older').created(0)).settle();
    expect(owners(world)).to.deep.equal(['LeaderPolicy lp (controller)']);
    const { status } = world.policies.get('older') ?? policy().build();
    expect(['NameConflict', 'Ready', 'LeaderElected'].map((type) => conditionOf(status, type))).to.deep.equal(
      ['True NameConflict', 'False NameConflict', 'False NameConflict'],
    );
    expect(status.leader).to.equal(undefined);
    expect(conditionOf(world.status, 'NameConflict')).to.equal('False NameIsOurs');
  });

  it('the other one takes over when the owner goes, with the leader and the address', () => {
    const world = led();
    world.ask(policy('older').created(0)).settle();
    const before = identity(world);
    world.policies.delete('lp');
    world.settle();
    world.collectGarbage();
    expect([identity(world), owners(world)]).to.deep.equal([before, ['LeaderPolicy older (controller)']]);
    expect(conditionOf(world.policies.get('older')?.status ?? {}, 'Ready')).to.equal('True LeaderPublished');
  });

  it('one that names another Service gets a Service of its own when the owner lets go of the name', () => {
    const world = led();
    world.sources.set('other', plainService('other').build());
    const before = world.leaderService?.uid;
    world.ask(policy('second').of('other').leaderService({ name: LEADER })).settle();
    world.ask(policy().leaderService({ name: 'db' })).settle();
    expect(owners(world)).to.deep.equal(['LeaderPolicy second (controller)']);
    expect(world.leaderService?.uid).not.to.equal(before);
  });

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
});
