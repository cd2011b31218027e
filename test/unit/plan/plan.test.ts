import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { ANNOTATION, sliceName } from '../../../src/names.ts';
import type { Plan, PlanEvent } from '../../../src/plan/types.ts';
import { MINUTE, NOW, pod, service, type ServiceBuilder } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const LEADER = 'web-leader';
const SLICE = sliceName(LEADER, 'IPv4');
const OFF = { [ANNOTATION.enabled]: 'false' };
const named = (name: string): Record<string, string> => ({ [ANNOTATION.leaderServiceName]: name });

function led(source: Service = service('web').build()): World {
  const world = new World(source, pod('a').build());
  world.settle();
  return world;
}

function kinds({ writes }: Plan): string[] {
  return writes.map(({ kind }) => kind);
}

function told(events: readonly PlanEvent[]): string[] {
  return events.map(({ reason, about }) => `${reason} ${about.name}`);
}

/** The one endpoint's pod, or undefined. */
function leaderIn(world: World, slice = SLICE): string | undefined {
  return world.slice(slice)?.endpoints[0]?.podName;
}

describe('a source that is opted in', () => {
  it('gets its leader Service, and then its slice, and then rest', () => {
    const world = new World(service('web').build(), pod('a').build());
    const steps = world.settle();
    expect(steps.map(({ plan }) => kinds(plan))).to.deep.equal([['createService'], ['createSlice'], []]);
    expect(steps.map(({ plan }) => plan.again)).to.deep.equal([true, false, false]);
    expect(told(world.told)).to.deep.equal(['LeaderServiceCreated web', 'LeaderElected web']);
    expect(leaderIn(world)).to.equal('a');
  });

  it('gets it without a pod and without an election too', () => {
    for (const source of [service('web'), service('web').annotated({ [ANNOTATION.paused]: 'true' })]) {
      const world = new World(source.build());
      world.settle();
      expect(world.slice(SLICE)?.endpoints).to.deep.equal([]);
    }
  });

  for (const [what, source] of [
    ['has no selector', service('web').without('selector')],
    ['has no ports', service('web').ports()],
    ['is an ExternalName', service('web').with({ type: 'ExternalName' })],
  ] as [string, ServiceBuilder][]) {
    it(`and ${what} gets none, and is told: InvalidService`, () => {
      const world = new World(source.build(), pod('a').build());
      const [step] = world.settle();
      expect(world.services.size).to.equal(0);
      expect(told(step?.plan.states ?? [])).to.deep.equal(['InvalidService web']);
    });
  }

  it('and asks for an impossible name gets none, and is told: InvalidAnnotation', () => {
    const world = new World(service('web').annotated(named('No Name')).build(), pod('a').build());
    const [step] = world.settle();
    expect(world.services.size).to.equal(0);
    expect(told(step?.plan.states ?? [])).to.deep.equal(['InvalidAnnotation web']);
  });

  it('and is being deleted gets none any more', () => {
    const world = new World(service('web').terminating().build(), pod('a').build());
    world.settle();
    expect(world.services.size).to.equal(0);
  });

  it('and is being deleted keeps the one that it has until the garbage collector comes', () => {
    const world = led();
    world.sources.set('web', service('web').terminating().build());
    expect(world.settle()).to.have.length(1);
    expect(leaderIn(world)).to.equal('a');
  });

  it('and loses its selector keeps the leader Service, with nobody', () => {
    const world = led();
    world.sources.set('web', service('web').without('selector').build());
    const states = world.settle().at(-1)?.plan.states ?? [];
    expect(world.slice(SLICE)?.endpoints).to.deep.equal([]);
    expect(told(states)).to.deep.equal(['InvalidService web']);
  });

  it('and changes its primary family gets its leader Service again, under the same name', () => {
    const world = led();
    world.sources.set('web', service('web').families('SingleStack', 'IPv6').build());
    world.pods = [pod('a').ip('10.0.0.1', 'fd00::1').build()];
    const [first] = world.settle();
    expect(kinds(first?.plan ?? ({ writes: [] } as unknown as Plan))).to.deep.equal([
      'deleteService',
      'createService',
    ]);
    expect(leaderIn(world, sliceName(LEADER, 'IPv6'))).to.equal('a');
  });

  it('and gets a second family gets a second slice with the same pod, and loses it again', () => {
    const world = led();
    world.pods = [pod('a').ip('10.0.0.1', 'fd00::1').build()];
    world.sources.set('web', service('web').families('PreferDualStack', 'IPv4', 'IPv6').build());
    world.settle();
    expect([leaderIn(world), leaderIn(world, sliceName(LEADER, 'IPv6'))]).to.deep.equal(['a', 'a']);
    world.sources.set('web', service('web').build());
    world.settle();
    expect([...world.slices.keys()]).to.deep.equal([SLICE]);
  });
});

describe('a selector on the leader Service', () => {
  it('has the Service made again with its address, and the epoch goes on', () => {
    const world = led();
    const before = world.service(LEADER);
    world.edit(world.services, LEADER, (raw) => Object.assign(raw.spec ?? {}, { selector: { app: 'web' } }));
    world.settle();
    const after = world.service(LEADER);
    expect(after?.uid).not.to.equal(before?.uid);
    expect(after?.clusterIP).to.equal(before?.clusterIP);
    expect(after?.selector).to.equal(undefined);
    expect(world.slice(SLICE)?.annotations['zen-lead.io/leader-epoch']).to.equal('1');
    expect(world.slice(SLICE)?.owners[0]?.uid).to.equal(after?.uid);
  });
});

describe('a name that is let go', () => {
  it('by opting out is deleted, and that is told', () => {
    const world = led();
    world.sources.set('web', service('web').annotated(OFF).build());
    world.settle();
    world.collectGarbage();
    expect([world.services.size, world.slices.size]).to.deep.equal([0, 0]);
    expect(told(world.told).at(-1)).to.equal('LeaderServiceDeleted web');
  });

  it('by renaming is deleted, and the new one is made', () => {
    const world = led();
    world.sources.set('web', service('web').annotated(named('db')).build());
    world.settle();
    world.collectGarbage();
    expect([...world.services.keys()]).to.deep.equal(['db']);
    expect(leaderIn(world, sliceName('db', 'IPv4'))).to.equal('a');
  });

  it('by renaming to an impossible name stays', () => {
    const world = led();
    world.sources.set('web', service('web').annotated(named('No Name')).build());
    expect(world.settle()).to.have.length(1);
    expect(leaderIn(world)).to.equal('a');
  });

  it('by renaming goes to the other Service that wants it', () => {
    const world = led();
    world.sources.set('other', service('other').annotated(named(LEADER)).build());
    world.settle();
    expect(world.service(LEADER)?.owners[0]?.name).to.equal('web');
    world.sources.set('web', service('web').annotated(named('db')).build());
    world.settle();
    expect(world.service(LEADER)?.owners[0]?.name).to.equal('other');
    expect(leaderIn(world)).to.equal('a');
  });

  it('by deleting the source is left to the garbage collector, with nobody in it meanwhile', () => {
    const world = led();
    world.sources.clear();
    world.settle();
    expect(world.service(LEADER)?.name).to.equal(LEADER);
    expect(world.slice(SLICE)?.endpoints).to.deep.equal([]);
  });

  it('by an orphaning delete of the source is emptied, and adopted when the source comes back', () => {
    const world = led();
    world.sources.clear();
    world.edit(world.services, LEADER, ({ metadata }) => (metadata.ownerReferences = []));
    world.settle();
    world.collectGarbage();
    expect(world.slice(SLICE)?.endpoints).to.deep.equal([]);
    world.sources.set('web', service('web').uid('uid-new').build());
    world.settle();
    expect(world.service(LEADER)?.owners[0]?.uid).to.equal('uid-new');
    expect(leaderIn(world)).to.equal('a');
  });

  it('is kept where the source is made again under a new UID before the garbage collector comes', () => {
    const world = led();
    const before = world.service(LEADER)?.uid;
    world.sources.set('web', service('web').uid('uid-new').build());
    world.settle();
    world.collectGarbage();
    expect(world.service(LEADER)?.uid).to.equal(before);
    expect(world.service(LEADER)?.owners).to.have.length(1);
    expect(leaderIn(world)).to.equal('a');
  });

  it('is deleted only once', () => {
    const world = led();
    world.sources.set('web', service('web').annotated(OFF).build());
    const at = NOW - MINUTE;
    world.edit(
      world.services,
      LEADER,
      ({ metadata }) => (metadata.deletionTimestamp = new Date(at).toISOString()),
    );
    expect(world.step(LEADER).plan.writes).to.deep.equal([]);
  });
});
