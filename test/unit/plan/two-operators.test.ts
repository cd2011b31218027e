/** Two operators that write as they like, without a Lease between them: each has a memory of its own. */
import fc from 'fast-check';
import type { LeaderPolicyHistoryEntry } from '../../../src/api/leader-policy.ts';
import type { Memory } from '../../../src/plan/types.ts';
import { histories } from '../../support/history.ts';
import { World, isQuiet, type Step } from '../../support/world.ts';

const RUNS = Number(process.env['ZEN_LEAD_PROPERTY_RUNS'] ?? 150);

class TwoOperators extends World {
  #memories = new Map<string, Memory>();
  #histories = new Map<string, readonly LeaderPolicyHistoryEntry[]>();

  /** Each plans and applies, one after the other; the step of the one that still had something to do. */
  override step(name: string): Step {
    const first = super.step(name);
    this.#swap();
    const second = super.step(name);
    this.#swap();
    return isQuiet(first.plan) ? second : first;
  }

  #swap(): void {
    this.#memories = exchange(this.memories, this.#memories);
    this.#histories = exchange(this.histories, this.#histories);
  }
}

/** @returns what was in the map */
function exchange<V>(map: Map<string, V>, other: ReadonlyMap<string, V>): Map<string, V> {
  const before = new Map(map);
  map.clear();
  for (const [key, value] of other) map.set(key, value);
  return before;
}

describe('two operators', () => {
  for (const lossy of [false, true]) {
    it(`come to rest${lossy ? ', whatever other hands do to slices and Services' : ''} (I4)`, () => {
      fc.assert(
        fc.property(histories({ lossy, policies: true }), (acts) => {
          const world = new TwoOperators();
          for (const { run } of acts) {
            run(world);
            world.now += 1;
            world.settle(6);
          }
        }),
        { numRuns: 2 * RUNS },
      );
    });
  }
});
