import { expect } from 'chai';
import type { Pod } from '../../../src/api/objects.ts';
import { NOW, pod, policy, SECOND, type PodBuilder, type PolicyBuilder } from '../../support/builders.ts';
import { PolicyWorld } from '../../support/policy-world.ts';

const STRATEGIES = ['OldestReady', 'Ordinal', 'Priority', 'FollowLabel'] as const;
const ROLE = { role: 'primary' };

interface Choice {
  readonly strategy: (typeof STRATEGIES)[number];
  readonly sticky: boolean;
  readonly graceSeconds: 0 | 10;
  readonly mode: 'Automatic' | 'Manual';
  readonly paused: boolean;
}

/** What happened to pod db-1, which leads, when the policy is as in the row. */
const SITUATIONS = [
  'nobody has led yet',
  'it may lead, and a better one is there',
  'it is NotReady for 4 s',
  'it is NotReady for 12 s',
  'it is terminating',
  'it is gone',
  'it was withdrawn, and may lead again',
] as const;
type Situation = (typeof SITUATIONS)[number];

/** The rules of api.md in words, once more: who is published afterwards. */
function expected(situation: Situation, choice: Choice): 'the best' | 'db-1' | 'nobody' {
  const { strategy, sticky, graceSeconds, mode, paused } = choice;
  const mayElect = !paused && mode === 'Automatic';
  switch (situation) {
    case 'nobody has led yet': // Manual elects the first leader
      return paused ? 'nobody' : 'the best';
    case 'it may lead, and a better one is there':
    case 'it was withdrawn, and may lead again':
      // The label stays with it, so with FollowLabel there is no better one.
      return mayElect && !sticky && strategy !== 'FollowLabel' ? 'the best' : 'db-1';
    case 'it is NotReady for 4 s': // a grace holds while paused and in Manual, too, but not against the application's own choice
      if (graceSeconds > 4 && strategy !== 'FollowLabel') return 'db-1';
      return mayElect ? 'the best' : 'nobody';
    case 'it is NotReady for 12 s':
    case 'it is terminating':
    case 'it is gone':
      return mayElect ? 'the best' : 'nobody';
  }
}

const BEST = { OldestReady: 'db-9', Ordinal: 'db-0', Priority: 'db-8', FollowLabel: 'db-7' } as const;

/** Each strategy has another best one. */
function others(claimant: boolean): Pod[] {
  const db = (n: number): PodBuilder =>
    pod(`db-${n}`)
      .ip(`10.0.0.${n + 1}`)
      .ready(NOW - 60 * SECOND);
  const [oldest, ordinal, priority, follow] = [db(9), db(0), db(8), db(7)];
  oldest.ready(NOW - 3600 * SECOND);
  priority.priority('9');
  if (claimant) follow.labelled(ROLE);
  return [oldest, ordinal, priority, follow].map((builder) => builder.build());
}

function leader(): PodBuilder {
  return pod('db-1')
    .ready(NOW - 120 * SECOND)
    .labelled(ROLE);
}

const AFTER: Readonly<Record<Situation, (at: number) => readonly Pod[]>> = {
  'nobody has led yet': () => others(true),
  'it may lead, and a better one is there': () => [leader().build(), ...others(false)],
  'it is NotReady for 4 s': (at) => [
    leader()
      .notReady(at - 4 * SECOND)
      .build(),
    ...others(true),
  ],
  'it is NotReady for 12 s': (at) => [
    leader()
      .notReady(at - 12 * SECOND)
      .build(),
    ...others(true),
  ],
  'it is terminating': (at) => [leader().notReady(at).terminating().build(), ...others(true)],
  'it is gone': () => others(true),
  'it was withdrawn, and may lead again': () => [leader().build(), ...others(false)],
};

function policyFor({ strategy, sticky, graceSeconds, mode, paused }: Choice): PolicyBuilder {
  const followLabel = strategy === 'FollowLabel' ? { followLabel: { matchLabels: ROLE } } : {};
  return policy()
    .selection({ strategy, sticky, ...followLabel })
    .failover({ gracePeriodSeconds: graceSeconds, mode })
    .spec({ paused });
}

function outcome(situation: Situation, choice: Choice): string {
  const isFirst = situation === 'nobody has led yet';
  const world = new PolicyWorld(
    isFirst ? policyFor(choice) : policy(),
    ...(isFirst ? [] : [leader().build()]),
  );
  if (!isFirst) world.settle();
  if (situation === 'it was withdrawn, and may lead again') {
    world.pods = [];
    world.settle();
  }
  world.pass(SECOND).ask(policyFor(choice));
  world.pods = AFTER[situation](world.now);
  world.settle();
  return world.leader ?? 'nobody';
}

const ROWS: readonly Choice[] = STRATEGIES.flatMap((strategy) =>
  [true, false].flatMap((sticky) =>
    ([0, 10] as const).flatMap((graceSeconds) =>
      (['Automatic', 'Manual'] as const).flatMap((mode) =>
        [false, true].map((paused) => ({ strategy, sticky, graceSeconds, mode, paused })),
      ),
    ),
  ),
).filter(({ strategy, sticky }) => sticky || strategy !== 'FollowLabel');

for (const situation of SITUATIONS) {
  describe(`who leads where ${situation}`, () => {
    for (const row of ROWS) {
      const { strategy, sticky, graceSeconds, mode, paused } = row;
      const who = expected(situation, row);
      const words = `${strategy}, ${sticky ? 'sticky' : 'not sticky'}, grace ${graceSeconds} s, ${mode}${paused ? ', paused' : ''}`;
      it(`${words}: ${who}`, () => {
        expect(outcome(situation, row)).to.equal(who === 'the best' ? BEST[strategy] : who);
      });
    }
  });
}
