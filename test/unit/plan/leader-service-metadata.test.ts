import { expect } from 'chai';
import { SERVICE_ANNOTATION } from '../../../src/names.ts';
import { pod, policy, type PolicyBuilder } from '../../support/builders.ts';
import { LEADER, PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const OURS = { 'app.kubernetes.io/managed-by': 'zen-lead', 'zen-lead.io/source-service': 'web' };

/** Annotations other than those that tell who leads. */
function annotations({ leaderService }: PolicyWorld): Record<string, string> {
  const { leaderPodName, leaderPodUID, lastSwitchTime } = SERVICE_ANNOTATION;
  const own = new Set<string>([leaderPodName, leaderPodUID, lastSwitchTime]);
  return Object.fromEntries(
    Object.entries(leaderService?.annotations ?? {}).filter(([name]) => !own.has(name)),
  );
}

function led(fields: Parameters<PolicyBuilder['leaderService']>[0]): PolicyWorld {
  const world = new PolicyWorld(policy().leaderService(fields), A);
  world.settle();
  return world;
}

describe('labels and annotations that a policy adds', () => {
  it('are on the leader Service from the first write, with a note of their names', () => {
    const world = led({ labels: { team: 'x' }, annotations: { note: 'y', more: 'z' } });
    expect(world.leaderService?.labels).to.deep.equal({ ...OURS, team: 'x' });
    expect(annotations(world)).to.deep.equal({
      note: 'y',
      more: 'z',
      'zen-lead.io/added-metadata': '{"labels":["team"],"annotations":["more","note"]}',
    });
  });

  it('change with the policy, and are taken away with what it no longer says', () => {
    const world = led({ labels: { team: 'x', tier: '1' }, annotations: { note: 'y' } });
    world.ask(policy().leaderService({ labels: { team: 'z' } })).settle();
    expect(world.leaderService?.labels).to.deep.equal({ ...OURS, team: 'z' });
    expect(annotations(world)).to.deep.equal({
      'zen-lead.io/added-metadata': '{"labels":["team"],"annotations":[]}',
    });
    world.ask(policy()).settle();
    expect([world.leaderService?.labels, annotations(world)]).to.deep.equal([OURS, {}]);
  });

  it('of other hands stay', () => {
    const world = led({ labels: { team: 'x' } });
    world.edit(world.services, LEADER, ({ metadata }) => {
      metadata.labels = { ...metadata.labels, mesh: 'on' };
      metadata.annotations = { ...metadata.annotations, 'mesh.io/inject': 'yes' };
    });
    world.ask(policy()).settle();
    expect(world.leaderService?.labels).to.deep.equal({ ...OURS, mesh: 'on' });
    expect(annotations(world)).to.deep.equal({ 'mesh.io/inject': 'yes' });
  });

  it('that a hand changed or took away are put right', () => {
    const world = led({ labels: { team: 'x' }, annotations: { note: 'y' } });
    const before = [world.leaderService?.labels, annotations(world)];
    world.edit(world.services, LEADER, ({ metadata }) => {
      metadata.labels = { ...metadata.labels, team: 'hand' };
      metadata.annotations = {};
    });
    world.settle();
    expect([world.leaderService?.labels, annotations(world)]).to.deep.equal(before);
  });

  for (const note of ['no JSON', 'null', '[]', '{"labels":"x","annotations":[7]}', '{}']) {
    it(`are left where a hand wrote ${note} for the note: what cannot be told is not taken away`, () => {
      const world = led({ labels: { team: 'x' } });
      world.edit(world.services, LEADER, ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, [SERVICE_ANNOTATION.addedMetadata]: note };
      });
      world.ask(policy()).settle();
      expect(world.leaderService?.labels).to.deep.equal({ ...OURS, team: 'x' });
      expect(annotations(world)).to.deep.equal({});
    });
  }

  it('never take our own labels, though a hand notes them as added', () => {
    const world = led({ labels: { team: 'x' } });
    const names = JSON.stringify({ labels: Object.keys(OURS), annotations: [] });
    world.edit(world.services, LEADER, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [SERVICE_ANNOTATION.addedMetadata]: names };
    });
    world.ask(policy()).settle();
    expect(world.leaderService?.labels).to.deep.include(OURS);
  });

  it('go when the annotations of the source take over', () => {
    const world = led({ labels: { team: 'x' } });
    world.sources.set('web', {
      ...world.sources.get('web')!,
      annotations: { 'zen-lead.io/enabled': 'true' },
    });
    world.settle();
    world.policies.clear();
    world.settle();
    expect([world.leaderService?.labels, annotations(world)]).to.deep.equal([OURS, {}]);
  });
});

describe('a headless leader Service', () => {
  it('has no address, from the first write', () => {
    const world = led({ type: 'Headless' });
    expect([world.leaderService?.clusterIP, world.leader]).to.deep.equal(['None', 'a']);
  });

  it('is made again under its name, and back, with the same leader and epoch', () => {
    const world = led({});
    const first = world.leaderService;
    world.ask(policy().leaderService({ type: 'Headless' }));
    expect(world.next().writes.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      `deleteService ${LEADER}`,
      `createService ${LEADER}`,
    ]);
    world.settle();
    expect([world.leaderService?.clusterIP, world.leader]).to.deep.equal(['None', 'a']);
    expect(world.leaderService?.uid).not.to.equal(first?.uid);
    world.ask(policy()).settle();
    world.collectGarbage();
    expect(world.leaderService?.clusterIP).not.to.equal('None');
    expect([world.leader, world.status.leader?.epoch, world.status.history?.length]).to.deep.equal([
      'a',
      1,
      1,
    ]);
  });
});
