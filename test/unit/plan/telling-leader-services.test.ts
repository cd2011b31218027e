import { expect } from 'chai';
import type { Pod } from '../../../src/api/objects.ts';
import { eventName } from '../../../src/apply/event-sink.ts';
import type { PlanEvent } from '../../../src/plan/types.ts';
import { NOW, pod, policy, SECOND, service } from '../../support/builders.ts';
import { plainService } from '../../support/policy-world.ts';
import { World } from '../../support/world.ts';

const A = pod('a').build();
const B = pod('b')
  .ip('10.0.0.2')
  .ready(NOW - SECOND)
  .build();

describe('two leader Services of one source', () => {
  const NAMES = ['web-ro', 'web-rw'];
  const twoOf = (...pods: Pod[]): World => {
    const world = new World(plainService().build(), ...pods);
    for (const [index, name] of NAMES.entries()) {
      world.applyPolicy(policy(`p${index}`).leaderService({ name }).build());
    }
    return world;
  };
  /** Of the Events on the source, which both concern. */
  const names = (events: readonly PlanEvent[], reason: string): string[] =>
    events.filter((event) => event.about.kind === 'Service' && event.reason === reason).map(eventName);
  const states = (world: World): PlanEvent[] => NAMES.flatMap((name) => world.step(name).plan.states);

  for (const reason of ['LeaderServiceCreated', 'LeaderElected']) {
    it(`have an Event ${reason} each, of one name in each replica`, () => {
      const [told = [], elsewhere] = [twoOf(A), twoOf(A)].map((world) => {
        world.settle();
        return names(world.told, reason);
      });
      expect(new Set(told)).to.have.property('size', 2);
      expect(elsewhere).to.deep.equal(told);
    });
  }

  it('have an Event NoReadyPods each where nobody ever led, of one name after a restart', () => {
    const world = twoOf(pod('a').notReady().build());
    world.settle();
    const told = names(states(world), 'NoReadyPods');
    world.restart();
    world.now += SECOND;
    expect(new Set(told)).to.have.property('size', 2);
    expect(names(states(world), 'NoReadyPods')).to.deep.equal(told);
  });

  it('have an Event NoReadyPods each where both lose the leader at once', () => {
    const world = twoOf(A);
    world.settle();
    world.pods = [pod('a').notReady().build()];
    world.settle();
    expect(new Set(names(states(world), 'NoReadyPods'))).to.have.property('size', 2);
  });
});

describe('a leader Service that a hand deletes', () => {
  it('is led by the same pod again, which does not lead instead of itself', () => {
    const world = new World(service('web').build(), A, B);
    const again = (): string[] => {
      world.settle();
      world.told.length = 0;
      world.now += SECOND;
      world.services.clear();
      world.slices.clear();
      world.settle();
      return world.told.slice(1).map(({ reason, note }) => `${reason}: ${note}`);
    };
    expect(again()).to.deep.equal(['LeaderElected: pod a leads']);
    world.pods = [pod('a').notReady().build(), B];
    expect(again()).to.deep.equal(['LeaderChanged: pod b leads']);
  });

  it('has the Event of the leader that it had, under the name that it had', () => {
    const world = new World(service('web').build(), A);
    world.settle();
    world.services.clear();
    world.slices.clear();
    world.settle();
    const elected = world.told.filter(({ reason }) => reason === 'LeaderElected').map(eventName);
    expect([elected.length, new Set(elected).size]).to.deep.equal([2, 1]);
  });
});
