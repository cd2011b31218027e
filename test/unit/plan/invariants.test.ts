import { expect } from 'chai';
import fc from 'fast-check';
import { sliceName } from '../../../src/names.ts';
import { plan } from '../../../src/plan/plan.ts';
import { MINUTE } from '../../support/builders.ts';
import { histories, type Act } from '../../support/history.ts';
import { checkOwnership, checkRest, checkSticky, checkWrites, Epochs } from '../../support/invariants.ts';
import { isQuiet, World, type Step } from '../../support/world.ts';

/** Histories for each property. */
const RUNS = Number(process.env['ZEN_LEAD_PROPERTY_RUNS'] ?? 150);

/** Does the acts one after the other, lets the namespace come to rest after each, and hands over every step on the way. */
function live(
  acts: readonly Act[],
  onStep: (world: World, step: Step) => void,
  onRest?: (world: World) => void,
): void {
  const world = new World();
  for (const { run } of acts) {
    run(world);
    world.now += 1;
    for (const step of world.settle(4)) onStep(world, step);
    onRest?.(world);
  }
}

const KINDS = [false, true].flatMap((policies) => [false, true].map((lossy) => ({ lossy, policies })));

for (const { lossy, policies } of KINDS) {
  const check = (onStep: (world: World, step: Step) => void, onRest?: (world: World) => void): void => {
    fc.assert(
      fc.property(histories({ lossy, policies }), (acts) => {
        live(acts, onStep, onRest);
      }),
      { numRuns: RUNS },
    );
  };

  describe(`whatever happens${policies ? ' with LeaderPolicies' : ''}${lossy ? ' to slices and Services by other hands' : ', restarts too'}`, () => {
    it('what is written names one live, Ready, selected pod by its own address, or nobody (I1, I2, I3, I7)', () => {
      check(checkWrites);
    });

    it('a published leader that may lead stays while sticky (I5)', () => {
      check(checkSticky);
    });

    it('what is not ours is not written (I6)', () => {
      check(checkOwnership);
    });

    it('the namespace comes to rest in four rounds, with nobody stale and nobody left out (I1, I4, I7)', () => {
      check(
        () => undefined,
        (world) => {
          for (const name of world.names()) {
            const input = world.gather(name);
            checkRest(world, { input, plan: plan(input) });
          }
        },
      );
    });

    if (!lossy) {
      it('nothing is written after a restart with nothing changed (I4)', () => {
        check(
          () => undefined,
          (world) => {
            for (const name of world.names()) {
              const { remembered: _, ...forgotten } = world.gather(name);
              expect(isQuiet(plan(forgotten)), name).to.equal(true);
            }
          },
        );
      });
    }

    it('nothing is written by time alone before the plan asked to be made again (I4)', () => {
      check(
        () => undefined,
        (world) => {
          // With a clock ahead of ours the order changes by time, and that may wait for the next event.
          if (
            world.pods.some(
              ({ readyChangedAt }) => readyChangedAt !== undefined && readyChangedAt > world.now,
            )
          )
            return;
          for (const name of world.names()) {
            const input = world.gather(name);
            const ms = Math.min((plan(input).againAfterMs ?? Infinity) - 1, 10 * MINUTE);
            expect(isQuiet(plan({ ...input, now: input.now + ms })), name).to.equal(true);
          }
        },
      );
    });

    it('the epoch goes up by one with every other pod that is published, and never back', () => {
      const epochs = new Map<World, Epochs>();
      const of = (world: World): Epochs => {
        const known = epochs.get(world) ?? new Epochs();
        epochs.set(world, known);
        return known;
      };
      check(
        (world, step) => {
          of(world).check(step);
          if (step.input.claims.length === 0) of(world).forget(step.input.name);
        },
        (world) => {
          for (const name of ['web-leader', 'db']) {
            const hasSlice =
              world.slices.has(sliceName(name, 'IPv4')) || world.slices.has(sliceName(name, 'IPv6'));
            if (!hasSlice || !world.names().includes(name)) of(world).forget(name);
          }
        },
      );
    });

    it('the same input gives the same plan, and stays as it is', () => {
      check((_, { input, plan: planned }) => {
        expect(plan(input)).to.deep.equal(planned);
      });
    });
  });
}
