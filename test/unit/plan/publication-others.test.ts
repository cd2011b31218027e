import { expect } from 'chai';
import { LABEL, sliceName } from '../../../src/names.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { memoryOf, MINUTE, NAMESPACE, pod, service } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const LEADER = 'web-leader';
const V4 = sliceName(LEADER, 'IPv4');
const V6 = sliceName(LEADER, 'IPv6');
const A = pod('a').build();
const B = pod('b').ip('10.0.0.2').ready().created(Date.parse('2026-03-01T11:00:00Z')).build();
const GONE_B = { from: { name: 'a', uid: 'uid-a' }, to: { name: 'b', uid: 'uid-b' }, epoch: 2 };

function led(source = service('web').build()): World {
  const world = new World(source, A, B);
  world.settle();
  return world;
}

/** The first plan after a change, applied. */
function next(world: World): Plan {
  return world.step(LEADER).plan;
}

function epochOf(world: World): string | undefined {
  return world.slice(V4)?.annotations['zen-lead.io/leader-epoch'];
}

describe('a slice of somebody else', () => {
  function taken(world: World, name: string, addressType = 'IPv4'): void {
    world.slices.delete(name);
    const metadata = { name, namespace: NAMESPACE, labels: { [LABEL.sliceManagedBy]: 'them' } };
    world.create(world.slices, { metadata, addressType, endpoints: [], ports: [] });
  }

  it('with the name of the primary one is left alone: nobody is published, named or announced', () => {
    const world = new World(service('web').build(), A);
    taken(world, V4);
    const before = world.slice(V4);
    world.settle();
    const { writes, states, change, outlook, memory } = next(world);
    expect([writes, change, outlook?.pod, memory.epoch]).to.deep.equal([[], undefined, undefined, 0]);
    expect(states.map(({ reason }) => reason)).to.deep.equal(['NameConflict']);
    expect(world.told.map(({ reason }) => reason)).to.deep.equal(['LeaderServiceCreated']);
    expect(world.service(LEADER)?.annotations).to.deep.equal({});
    expect(world.slice(V4)).to.deep.equal(before);
  });

  it('leaves to the leader Service what another replica has told there of a leader that this one knows nothing of', () => {
    const world = led();
    taken(world, V4);
    world.settle();
    const { annotations } = world.service(LEADER)!;
    expect(annotations).to.have.all.keys('zen-lead.io/leader-last-switch-time');
    world.restart();
    world.settle();
    expect(world.service(LEADER)?.annotations).to.deep.equal(annotations);
  });

  it('with the name of the primary one, once it goes, lets the leader lead', () => {
    const world = new World(service('web').build(), A);
    taken(world, V4);
    world.settle();
    world.slices.delete(V4);
    world.settle();
    expect([world.slice(V4)?.endpoints[0]?.podName, epochOf(world)]).to.deep.equal(['a', '1']);
  });

  it('with the name of the other one is told, and the primary one leads', () => {
    const dual = service('web').families('PreferDualStack', 'IPv4', 'IPv6').build();
    const world = new World(dual, pod('a').ip('10.0.0.1', 'fd00::1').build());
    taken(world, V6, 'IPv6');
    world.settle();
    expect(next(world).states.map(({ reason }) => reason)).to.deep.equal(['NameConflict']);
    expect(world.slice(V4)?.endpoints[0]?.podName).to.equal('a');
  });

  it('that feeds the leader Service is left alone and told: ForeignEndpoints', () => {
    const world = led();
    const labels = { [LABEL.serviceName]: LEADER };
    const metadata = { name: 'theirs', namespace: NAMESPACE, labels };
    world.create(world.slices, { metadata, addressType: 'IPv4', endpoints: [], ports: [] });
    const { writes, states } = next(world);
    expect(writes).to.deep.equal([]);
    expect(states.map(({ reason, note }) => `${reason}: ${note}`)[0]).to.match(
      /^ForeignEndpoints: .*"theirs"/,
    );
  });
});

describe('after a restart', () => {
  it('nothing is written where nothing changed, with a leader or without', () => {
    for (const pods of [[A, B], []]) {
      const world = led();
      world.pods = pods;
      world.settle();
      world.restart();
      world.now += MINUTE;
      expect(next(world)).to.deep.include({ writes: [], happened: [], again: false });
    }
  });

  it('a leader that is lost meanwhile is replaced, and the epoch goes on', () => {
    const world = led();
    world.restart();
    world.pods = [B];
    expect(next(world).change).to.deep.equal({ ...GONE_B, reason: 'PodGone' });
  });

  it('a slice that another replica wrote is believed', () => {
    const world = led();
    world.memories.set(LEADER, memoryOf(B, 0));
    expect(next(world).writes).to.deep.equal([]);
  });
});
