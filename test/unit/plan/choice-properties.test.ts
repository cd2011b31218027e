import { expect } from 'chai';
import fc from 'fast-check';
import type { Pod } from '../../../src/api/objects.ts';
import { orderOf, type Ranking } from '../../../src/plan/order.ts';
import { plan } from '../../../src/plan/plan.ts';
import { STRATEGIES } from '../../../src/plan/request.ts';
import type { Input, Plan } from '../../../src/plan/types.ts';
import { anyPreferences } from '../../support/any-policy.ts';
import { anyPod } from '../../support/arbitraries.ts';
import { NOW } from '../../support/builders.ts';
import { histories } from '../../support/history.ts';
import { winnerOf } from '../../support/invariants.ts';
import { World } from '../../support/world.ts';

/** Histories for each property. */
const RUNS = Number(process.env['ZEN_LEAD_PROPERTY_RUNS'] ?? 150);
/** Of one leader Service, until there is nothing to write. */
const MAX_STEPS = 5;

describe('the order of candidates, with preferences', () => {
  for (const strategy of STRATEGIES) {
    const ranking: fc.Arbitrary<Ranking> = anyPreferences.map((preferences) => ({
      strategy,
      preferences,
      priorityAnnotation: 'zen-lead.io/priority',
    }));

    it(`by ${strategy} is total, antisymmetric and transitive`, () => {
      fc.assert(
        fc.property(ranking, anyPod, anyPod, anyPod, (ranking, a, b, c) => {
          const order = orderOf(ranking, NOW);
          expect(Math.sign(order(a, b))).to.equal(0 - Math.sign(order(b, a)));
          if (a.name !== b.name) expect(order(a, b)).not.to.equal(0);
          if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).to.be.at.most(0);
        }),
        { numRuns: 1000 },
      );
    });
  }
});

/** Lets the namespace come to rest after each act. */
function check(onRest: (world: World) => void, lossy = false): void {
  fc.assert(
    fc.property(histories({ lossy, policies: true }), (acts) => {
      const world = new World();
      for (const { run } of acts) {
        run(world);
        world.now += 1;
        world.settle();
        onRest(world);
      }
    }),
    { numRuns: RUNS },
  );
}

function leaderOf({ outlook }: Plan): string | undefined {
  return outlook?.pod;
}

describe('whatever has happened', () => {
  it('the plan does not depend on the order in which pods, claims and slices come', () => {
    check((world) => {
      for (const name of world.names()) {
        const input = world.gather(name);
        // Something is to be decided: nobody is remembered, and the slice is gone.
        for (const some of [input, { ...input, slices: [], remembered: { epoch: 0 } }]) {
          expect(sorted(plan(turned(some)))).to.deep.equal(sorted(plan(some)));
        }
      }
    });
  });

  /** What is told of several objects is told in any order. */
  function sorted(planned: Plan): object {
    const texts = (some: readonly object[]): string[] => some.map((one) => JSON.stringify(one)).sort();
    return { ...planned, states: texts(planned.states), statuses: texts(planned.statuses) };
  }

  function turned(input: Input): Input {
    const claims = input.claims.map((claim) => ({ ...claim, pods: claim.pods.toReversed() }));
    return { ...input, claims: claims.toReversed(), slices: input.slices.toReversed() };
  }

  it('the leader is that of a fresh start, where the request holds on to nobody and nothing is waited for', () => {
    let compared = 0;
    check((world) => {
      const fresh = startedAfresh(world);
      for (const name of world.names()) {
        const input = world.gather(name);
        const planned = plan(input);
        const request = winnerOf({ input, plan: planned });
        if (request === undefined || isHeld(request) || planned.againAfterMs !== undefined) continue;
        if (input.claims.length > 1 || fresh.service(name) === undefined) continue;
        const again = plan(fresh.gather(name));
        // A leader that is published need not have been Ready for minReady; a new one is waited for.
        if (again.againAfterMs !== undefined) continue;
        expect(leaderOf(planned), name).to.equal(leaderOf(again));
        compared += 1;
      }
    });
    expect(compared, 'comparisons').to.be.above(RUNS / 10);
  });

  type Held = NonNullable<ReturnType<typeof winnerOf>>;
  function isHeld({ sticky, followLabel, paused, manual, problems, switchover }: Held): boolean {
    const isFree = !sticky || followLabel !== undefined;
    return !isFree || paused || manual || problems.length > 0 || switchover !== undefined;
  }

  /** The same users' objects and pods, and nothing that the operator ever wrote. */
  function startedAfresh(world: World): World {
    const fresh = new World();
    fresh.now = world.now;
    fresh.pods = world.pods;
    for (const source of world.sources.values()) fresh.sources.set(source.name, source);
    for (const policy of world.policies.values()) fresh.applyPolicy({ ...policy, status: {} });
    fresh.settle();
    return fresh;
  }

  it('a fresh process owes the slice, the Service and the status nothing', () => {
    check((world) => {
      for (const name of world.names()) {
        const { remembered: _, history: __, ...forgotten } = world.gather(name);
        expect(plan(forgotten)).to.deep.include({ writes: [], again: false, statuses: [] });
      }
    });
  });

  for (const lossy of [false, true]) {
    it(`a status that is owed is written once${lossy ? ', other hands or not' : ''}`, () => {
      fc.assert(
        fc.property(histories({ lossy, policies: true }), (acts) => {
          const world = new World();
          for (const { run } of acts) {
            run(world);
            world.now += 1;
            for (const name of world.names()) {
              // The one after the last write sees Service and slice as they are now.
              for (let steps = 0; steps < MAX_STEPS; steps += 1) {
                if (world.step(name).plan.writes.length === 0) break;
              }
              expect(plan(world.gather(name))).to.deep.include({ writes: [], statuses: [] });
            }
            world.settle();
          }
        }),
        { numRuns: RUNS },
      );
    });
  }

  it('a history has each epoch once, newest first, and the newest is that of the leader', () => {
    check((world) => {
      for (const { status } of world.policies.values()) {
        const epochs = (status.history ?? []).map(({ epoch }) => epoch);
        expect(epochs).to.deep.equal([...new Set(epochs)].sort((a, b) => b - a));
        const [newest = 0] = epochs;
        if (newest > 0 && status.leader !== undefined) {
          expect(newest, 'the newest entry is of the leader').to.equal(status.leader.epoch);
        }
      }
    });
  });
});

describe('any pods', () => {
  const pods = fc.uniqueArray(anyPod, { maxLength: 6, selector: ({ name }) => name });

  it('are sorted alike in whatever order they come', () => {
    const ranking = fc.record({
      strategy: fc.constantFrom(...STRATEGIES),
      preferences: anyPreferences,
      priorityAnnotation: fc.constant('zen-lead.io/priority'),
    });
    const names = (some: readonly Pod[]): string[] => some.map(({ name }) => name);
    fc.assert(
      fc.property(ranking, pods, (ranking, pods) => {
        const order = orderOf(ranking, NOW);
        expect(names(pods.toReversed().sort(order))).to.deep.equal(names(pods.toSorted(order)));
      }),
    );
  });
});
