import { expect } from 'chai';
import fc from 'fast-check';
import { sliceName } from '../../../src/names.ts';
import { plan } from '../../../src/plan/plan.ts';
import type { Input } from '../../../src/plan/types.ts';
import { MINUTE } from '../../support/builders.ts';
import { histories, type Act } from '../../support/history.ts';
import { checkOwnership, checkRest, checkSticky, checkWrites, Epochs } from '../../support/invariants.ts';
import { isQuiet, World, type Step } from '../../support/world.ts';

/** Histories of each kind. */
const RUNS = Number(process.env['ZEN_LEAD_PROPERTY_RUNS'] ?? 300);

const REST = 'the namespace comes to rest in four rounds, with nobody stale and nobody left out (I1, I4, I7)';

interface Property {
  /** Of every step on the way to rest. */
  readonly onStep?: (world: World, step: Step) => void;
  /** Of the namespace at rest, after each act. */
  readonly onRest?: (world: World) => void;
}

/** By what they say. For one history: some remember what was before. */
function properties(lossy: boolean): Record<string, Property> {
  return {
    'what is written names one live, Ready, selected pod by its own address, or nobody (I1, I2, I3, I7)': {
      onStep: checkWrites,
    },
    'a published leader that may lead stays while sticky (I5)': { onStep: checkSticky },
    'what is not ours is not written (I6)': { onStep: checkOwnership },
    [REST]: {
      onRest: ofEachName((world, input) => {
        checkRest(world, { input, plan: plan(input) });
      }),
    },
    ...(lossy ? {} : { 'nothing is written after a restart with nothing changed (I4)': RESTART }),
    'nothing is written by time alone before the plan asked to be made again (I4)': TIME,
    'the epoch goes up by one with every other pod that is published, and never back': epochs(),
    'the same input gives the same plan, and stays as it is': {
      onStep: (_, { input, plan: planned }) => {
        expect(plan(input)).to.deep.equal(planned);
      },
    },
  };
}

function ofEachName(check: (world: World, input: Input) => void): (world: World) => void {
  return (world) => {
    for (const name of world.names()) check(world, world.gather(name));
  };
}

const RESTART: Property = {
  onRest: ofEachName((_, { remembered: __, ...forgotten }) => {
    expect(isQuiet(plan(forgotten)), forgotten.name).to.equal(true);
  }),
};

const TIME: Property = {
  onRest: ofEachName(({ pods, now }, input) => {
    // With a clock ahead of ours the order changes by time, and that may wait for the next event.
    if (pods.some(({ readyChangedAt = now }) => readyChangedAt > now)) return;
    const ms = Math.min((plan(input).againAfterMs ?? Infinity) - 1, 10 * MINUTE);
    expect(isQuiet(plan({ ...input, now: input.now + ms })), input.name).to.equal(true);
  }),
};

function epochs(): Property {
  const known = new Epochs();
  return {
    onStep: (_, step) => {
      known.check(step);
      const { writes, memory } = step.plan;
      // The name goes to a source with other pods, which begins anew.
      const isLetGo = writes[0]?.kind === 'deleteService' && memory.epoch === 0;
      if (step.input.claims.length === 0 || isLetGo) known.forget(step.input.name);
    },
    onRest: (world) => {
      const { slices } = world;
      for (const name of ['web-leader', 'db']) {
        const hasSlice = slices.has(sliceName(name, 'IPv4')) || slices.has(sliceName(name, 'IPv6'));
        if (!hasSlice || !world.names().includes(name)) known.forget(name);
      }
    },
  };
}

/** All properties of one history, for living it is most of the work. Throws a Broken for the first that does not hold. */
function live(acts: readonly Act[], lossy: boolean): void {
  const checks = Object.entries(properties(lossy));
  const world = new World();
  for (const { run } of acts) {
    run(world);
    world.now += 1;
    const steps = held(REST, () => world.settle(4));
    for (const step of steps)
      for (const [title, { onStep }] of checks) held(title, () => onStep?.(world, step));
    for (const [title, { onRest }] of checks) held(title, () => onRest?.(world));
  }
}

function held<T>(title: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw new Broken(title, error);
  }
}

class Broken extends Error {
  readonly title: string;

  constructor(title: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.title = title;
  }
}

const KINDS = [false, true].flatMap((policies) => [false, true].map((lossy) => ({ lossy, policies })));

for (const { lossy, policies } of KINDS) {
  describe(`whatever happens${policies ? ' with LeaderPolicies' : ''}${lossy ? ' to slices and Services by other hands' : ', restarts too'}`, function () {
    this.timeout(60_000);
    let outcome: fc.RunDetails<[Act[]]>;

    before(() => {
      const property = fc.property(histories({ lossy, policies }), (acts) => {
        live(acts, lossy);
      });
      outcome = fc.check(property, { numRuns: RUNS });
    });

    for (const title of Object.keys(properties(lossy))) {
      it(title, () => {
        const { failed, errorInstance } = outcome;
        // What is thrown elsewhere is of none of them, and so of each.
        const isOther = errorInstance instanceof Broken && errorInstance.title !== title;
        if (failed && !isOther) throw new Error(fc.defaultReportMessage(outcome), { cause: errorInstance });
      });
    }
  });
}
