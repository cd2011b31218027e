/** Random LeaderPolicies: such as the API server lets through, and such as an older CRD left behind. */
import fc from 'fast-check';
import type {
  LeaderPolicyFailover,
  LeaderPolicyPort,
  LeaderPolicyPreference,
  LeaderPolicySelection,
} from '../../src/api/leader-policy.ts';
import type { LeaderPolicy } from '../../src/api/objects.ts';
import type { Preference } from '../../src/plan/request.ts';
import { mostly, POD_NAMES } from './arbitraries.ts';
import { policy, policyPort, type PolicyBuilder } from './builders.ts';

const PRIMARY = { matchLabels: { role: 'primary' } };
const REPLICA = { matchLabels: { role: 'replica' } };

const preference: fc.Arbitrary<LeaderPolicyPreference> = fc
  .tuple(
    fc.constantFrom(1, 5, 5, 10),
    fc.constantFrom<Omit<LeaderPolicyPreference, 'weight'>>(
      { zones: ['z1'] },
      { zones: ['z1', 'z2'] },
      { podSelector: REPLICA },
      { podSelector: PRIMARY, zones: ['z2'] },
    ),
  )
  .map(([weight, rest]) => ({ weight, ...rest }));

/** As in a request. */
export const anyPreferences: fc.Arbitrary<Preference[]> = fc
  .array(preference, { maxLength: 3 })
  .map((some) => some.map(({ podSelector, ...rest }) => ({ ...rest, ...(podSelector ?? {}) })));

const exclude = mostly([{}], [{ exclude: { matchLabels: { out: 'yes' } } }]);

const selection: fc.Arbitrary<Partial<LeaderPolicySelection>> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        strategy: fc.constantFrom('OldestReady' as const, 'Ordinal' as const, 'Priority' as const),
        sticky: fc.constantFrom(true, true, false),
        minReadySeconds: mostly([0], [10, 60]),
        preferences: fc.oneof(fc.constant([]), fc.array(preference, { maxLength: 2 })),
        exclude,
      })
      .map(({ exclude, ...rest }) => ({ ...rest, ...exclude })),
  },
  {
    weight: 1,
    arbitrary: exclude.map((more) => ({ strategy: 'FollowLabel' as const, followLabel: PRIMARY, ...more })),
  },
);

function failover({
  sticky = true,
}: Partial<LeaderPolicySelection>): fc.Arbitrary<Partial<LeaderPolicyFailover>> {
  return fc.record({
    gracePeriodSeconds: mostly([0, 0, 10], [60]),
    failbackDelaySeconds: sticky ? fc.constant(0) : fc.constantFrom(0, 10, 60),
    mode: mostly(['Automatic' as const], ['Manual' as const]),
    handoverGapSeconds: fc.constantFrom(0, 0, 5),
  });
}

const ports: fc.Arbitrary<LeaderPolicyPort[] | undefined> = mostly(
  [
    undefined,
    undefined,
    [policyPort('', 81, 'web')],
    [policyPort('write', 5432, 8080), policyPort('web', 80, 'web')],
  ],
  [[policyPort('x', 1, 'nowhere')]],
);

const leaderService = fc
  .record({
    name: mostly([undefined, undefined, 'db'], ['web-leader']),
    type: mostly(['ClusterIP' as const], ['Headless' as const]),
    labels: fc.constantFrom({}, {}, { team: 'x' }),
    annotations: fc.constantFrom({}, { note: 'y' }),
  })
  .map(({ name, ...rest }) => ({ ...rest, ...(name === undefined ? {} : { name }) }));

const switchover = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...POD_NAMES), fc.constantFrom('r1', 'r2')) },
);

/** "lp" or "second", for Service web or other, for leader Service web-leader, other-leader or db. */
export const anyPolicy: fc.Arbitrary<LeaderPolicy> = selection.chain((chosen) =>
  fc
    .record({
      name: mostly(['lp', 'lp', 'second'], ['lp']),
      incarnation: mostly([0], [1]),
      created: fc.constantFrom(1, 2),
      of: mostly(['web'], ['other']),
      leaderService,
      ports,
      failover: failover(chosen),
      paused: mostly([false], [true]),
      switchover,
      historyLimit: fc.constantFrom(0, 2, 10),
      deleting: mostly([false], [true]),
      invalid: mostly<'no' | 'yes' | 'nameless'>(['no'], ['yes', 'nameless']),
    })
    .map(({ name, incarnation, created, of, invalid, switchover, ports, ...rest }) => {
      const builder = policy(name)
        .uid(`uid-${name}-${incarnation}`)
        .created(created)
        .with({ deleting: rest.deleting })
        .of(of)
        .leaderService(rest.leaderService)
        .selection(chosen)
        .failover(rest.failover)
        .spec({ paused: rest.paused, historyLimit: rest.historyLimit });
      if (ports !== undefined) builder.ports(...ports);
      if (switchover !== undefined && chosen.strategy !== 'FollowLabel') builder.switchover(...switchover);
      return spoiled(builder, invalid).build();
    }),
);

function spoiled(builder: PolicyBuilder, invalid: 'no' | 'yes' | 'nameless'): PolicyBuilder {
  if (invalid === 'no') return builder;
  builder.invalid('spec.selection.strategy: "Best" is not accepted');
  return invalid === 'yes' ? builder : builder.without('leaderServiceName').without('serviceName');
}
