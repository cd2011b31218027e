import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { ANNOTATION, LABEL, sliceName } from '../../../src/names.ts';
import { parseAnnotations } from '../../../src/plan/annotation-request.ts';
import type { PlanEvent } from '../../../src/plan/types.ts';
import { leaderOf, NOW, pod, service } from '../../support/builders.ts';
import type { Raw } from '../../support/api-server.ts';
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

function told(events: readonly PlanEvent[]): string[] {
  return events.map(({ reason, about }) => `${reason} ${about.name}`);
}

function foreignService(name: string): Raw {
  return new World().create(new Map(), {
    metadata: { name, namespace: 'shop', labels: { app: 'theirs' } },
    spec: { selector: { app: 'theirs' }, ports: [{ port: 1 }] },
  });
}

describe('a name that two Services want', () => {
  it('goes to the older one, and the other one is told', () => {
    const world = new World(service('web').build(), pod('a').build());
    world.sources.set('other', service('other').annotated(named(LEADER)).created(NOW).build());
    const states = world.settle().at(-1)?.plan.states ?? [];
    expect(told(states)).to.deep.equal(['NameConflict other']);
    expect(states[0]?.note)
      .to.include('taken by the leader Service of web')
      .and.include(ANNOTATION.leaderServiceName);
    expect(world.service(LEADER)?.owners[0]?.name).to.equal('web');
  });

  it('does not hide what else is wrong with the loser', () => {
    const world = new World(service('web').build(), pod('a').build());
    const bad = { ...named(LEADER), [ANNOTATION.sticky]: 'maybe' };
    world.sources.set('other', service('other').annotated(bad).created(NOW).build());
    const states = world.settle().at(-1)?.plan.states ?? [];
    expect(told(states)).to.deep.equal(['InvalidAnnotation other', 'NameConflict other']);
  });

  it('is not taken by one that asks for an impossible name and is only reported there', () => {
    const world = new World(service('web').annotated(named('No Name')).build(), pod('a').build());
    world.sources.set('other', service('other').annotated(named(LEADER)).created(NOW).build());
    const states = world.settle().at(-1)?.plan.states ?? [];
    expect(told(states)).to.deep.equal(['InvalidAnnotation web']);
    expect(world.service(LEADER)?.owners[0]?.name).to.equal('other');
  });
});

describe('a Service of somebody else with the wanted name', () => {
  it('is left alone, and that is told', () => {
    const world = new World(
      service('web')
        .annotated({ [ANNOTATION.sticky]: 'maybe' })
        .build(),
      pod('a').build(),
    );
    world.services.set(LEADER, foreignService(LEADER));
    const { plan } = world.step(LEADER);
    expect(plan.writes).to.deep.equal([]);
    expect(told(plan.states)).to.deep.equal(['InvalidAnnotation web', 'NameConflict web']);
  });

  it('that was ours until a hand took a label away: is left alone, and our slice holds nobody', () => {
    for (const source of [service('web').build(), service('web').annotated(OFF).build()]) {
      const world = led();
      world.sources.set('web', source);
      world.edit(world.services, LEADER, ({ metadata }) =>
        Reflect.deleteProperty(metadata.labels ?? {}, LABEL.managedBy),
      );
      const { plan } = world.step(LEADER);
      expect(plan.writes.map(({ kind }) => kind)).to.deep.equal(['putSlice']);
      expect(world.slice(SLICE)?.endpoints).to.deep.equal([]);
      expect(world.step(LEADER).plan.writes).to.deep.equal([]);
    }
  });

  it('that nobody wants is none of our business', () => {
    const world = new World();
    world.services.set(LEADER, foreignService(LEADER));
    const { plan } = world.step(LEADER);
    expect([plan.writes, plan.states]).to.deep.equal([[], []]);
  });
});

describe('a request that parses', () => {
  it('is parsed the same from the leader Service: a leader Service is never a source', () => {
    expect(parseAnnotations(leaderOf(service('web').build()).build())).to.equal(undefined);
  });
});
