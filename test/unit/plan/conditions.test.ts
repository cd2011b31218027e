import { expect } from 'chai';
import { CONDITION_TYPES } from '../../../src/api/reasons.ts';
import { LABEL } from '../../../src/names.ts';
import {
  NAMESPACE,
  NOW,
  pod,
  policy,
  policyPort,
  SECOND,
  type PolicyBuilder,
} from '../../support/builders.ts';
import { LEADER, plainService, PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const B = pod('b').ip('10.0.0.2').build();
const ROLE = { role: 'primary' };

/** Type → status and reason. */
function conditions({ status }: PolicyWorld): Record<string, string> {
  return Object.fromEntries(
    (status.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  );
}

function messageOf({ status }: PolicyWorld, type: string): string | undefined {
  return status.conditions?.find((condition) => condition.type === type)?.message;
}

const FINE = {
  Ready: 'True LeaderPublished',
  LeaderElected: 'True Elected',
  PortsResolved: 'True Resolved',
  NameConflict: 'False NameIsOurs',
  ForeignEndpoints: 'False NoForeignEndpoints',
  Paused: 'False NotPaused',
};
/** Nobody leads, for that reason. */
function nobody(reason: string): Partial<Record<keyof typeof FINE, string>> {
  return { Ready: `False ${reason}`, LeaderElected: `False ${reason}`, PortsResolved: 'Unknown NoLeader' };
}

interface Case {
  readonly policy?: PolicyBuilder;
  /** From the beginning; the leader is the first that may lead. Default: a. */
  readonly pods?: readonly (typeof A)[];
  /** What happens once somebody leads. */
  readonly then?: (world: PolicyWorld) => unknown;
  readonly expected: Partial<Record<keyof typeof FINE, string>>;
  /** Type and a part of its message. */
  readonly words?: readonly [type: string, part: string];
}

const CASES: Readonly<Record<string, Case>> = {
  'a leader': { expected: {}, words: ['LeaderElected', 'pod a leads since 2026-03-01T12:00:00.000000Z'] },
  'no pod': { pods: [], expected: nobody('NoPodsFound'), words: ['Ready', 'no pod matches the selector'] },
  'no pod that may lead': {
    pods: [pod('a').notReady().build()],
    expected: nobody('NoReadyPods'),
    words: ['Ready', 'a is not Ready'],
  },
  'two claimants': {
    policy: policy().selection({ strategy: 'FollowLabel', followLabel: { matchLabels: ROLE } }),
    pods: [pod('a').labelled(ROLE).build(), pod('b').labelled(ROLE).build()],
    expected: nobody('AmbiguousLeader'),
    words: ['LeaderElected', 'role=primary: a, b'],
  },
  'no claimant': {
    policy: policy().selection({ strategy: 'FollowLabel', followLabel: { matchLabels: ROLE } }),
    expected: nobody('NoReadyPods'),
    words: ['LeaderElected', 'a does not carry role=primary'],
  },
  'a port that the leader lacks': {
    policy: policy().ports(policyPort('x', 1, 'nowhere')),
    expected: { Ready: 'False PortResolutionFailed', PortsResolved: 'False PortResolutionFailed' },
    words: ['PortsResolved', 'port x: targetPort "nowhere"/TCP is not a container port of pod a'],
  },
  'a pause': {
    then: (world) => world.ask(policy().paused()),
    expected: { Paused: 'True Paused' },
    words: ['Paused', 'spec.paused'],
  },
  'a pause before the first leader': {
    policy: policy().paused(),
    expected: { ...nobody('NoReadyPods'), Paused: 'True Paused' },
    words: ['Ready', 'nobody is elected while the policy is paused or invalid, and nobody led before'],
  },
  'mode Manual after the loss of the leader': {
    policy: policy().failover({ mode: 'Manual' }),
    then: (world) => (world.pods = [B]),
    expected: nobody('NoReadyPods'),
    words: ['Ready', 'in mode Manual but by spec.switchover, and the last leader is gone'],
  },
  'a policy that has become invalid': {
    then: (world) => world.ask(policy().invalid('spec.paused: "x" is not accepted')),
    expected: { Ready: 'False InvalidPolicy', Paused: 'True InvalidPolicy' },
    words: ['Paused', 'treated as paused until it is right: spec.paused: "x" is not accepted'],
  },
  'a source that is gone': {
    then: (world) => {
      world.sources.clear();
    },
    expected: { ...nobody('InvalidService'), Paused: 'True InvalidService' },
    words: ['Ready', 'there is no Service "web"'],
  },
  'a source without a selector': {
    then: (world) => world.sources.set('web', plainService().without('selector').build()),
    expected: { ...nobody('InvalidService'), Paused: 'True InvalidService' },
    words: ['Ready', 'Service web has no selector'],
  },
  'a slice of another hand that feeds the leader Service': {
    then: (world) => {
      const metadata = { name: 'theirs', namespace: NAMESPACE, labels: { [LABEL.serviceName]: LEADER } };
      world.create(world.slices, { metadata, addressType: 'IPv4', endpoints: [], ports: [] });
    },
    expected: { Ready: 'False ForeignEndpoints', ForeignEndpoints: 'True ForeignEndpoints' },
    words: ['ForeignEndpoints', '"theirs"'],
  },
  'a slice of another hand under our name': {
    then: (world) => {
      const name = `${LEADER}-zen-lead-ipv4`;
      world.slices.delete(name);
      const metadata = { name, namespace: NAMESPACE, labels: {} };
      world.create(world.slices, { metadata, addressType: 'IPv4', endpoints: [], ports: [] });
    },
    expected: { ...nobody('NameConflict'), NameConflict: 'True NameConflict' },
    words: ['NameConflict', `"${LEADER}-zen-lead-ipv4"`],
  },
  'a handover gap': {
    policy: policy().failover({ handoverGapSeconds: 5 }),
    then: (world) => (world.pods = [B]),
    expected: nobody('HandoverGap'),
    words: ['Ready', 'nobody is published until pod b follows'],
  },
};

describe('the conditions of a policy', () => {
  for (const [what, { policy: builder, pods = [A], then, expected, words }] of Object.entries(CASES)) {
    it(`with ${what}`, () => {
      const world = new PolicyWorld(builder, ...pods);
      world.settle();
      then?.(world);
      world.settle();
      expect(conditions(world)).to.deep.equal({ ...FINE, ...expected });
      if (words !== undefined) expect(messageOf(world, words[0])).to.include(words[1]);
    });
  }

  it('are all there from the first status on, in one order', () => {
    const world = new PolicyWorld(policy().invalid('spec: ...'));
    world.settle();
    expect(world.status.conditions?.map(({ type }) => type)).to.deep.equal(CONDITION_TYPES);
    for (const { lastTransitionTime } of world.status.conditions ?? [])
      expect(lastTransitionTime).to.equal('2026-03-01T12:00:00Z');
  });
});

describe('lastTransitionTime', () => {
  const times = ({ status }: PolicyWorld): Record<string, string> =>
    Object.fromEntries(
      (status.conditions ?? []).map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
    );

  it('changes with the status of the condition, not with its reason or message', () => {
    const world = new PolicyWorld(policy(), A);
    world.settle();
    const first = times(world);
    world.pass(SECOND).pods = [];
    world.settle();
    const empty = times(world);
    expect(empty).to.deep.equal({
      ...first,
      Ready: '2026-03-01T12:00:01Z',
      LeaderElected: '2026-03-01T12:00:01Z',
      PortsResolved: '2026-03-01T12:00:01Z',
    });
    world.pass(SECOND).pods = [pod('a').notReady().build()];
    world.settle();
    expect(conditions(world)['Ready']).to.equal('False NoReadyPods');
    expect(times(world)).to.deep.equal(empty);
  });

  it('is new where another hand has taken the condition out', () => {
    const world = new PolicyWorld(policy(), A);
    world.settle();
    const conditions = world.status.conditions?.filter(({ type }) => type !== 'Paused') ?? [];
    world.policies.set('lp', { ...world.policy, status: { ...world.status, conditions } });
    world.pass(SECOND).settle();
    expect(times(world)).to.deep.include({
      Paused: '2026-03-01T12:00:01Z',
      Ready: new Date(NOW).toISOString().replace('.000', ''),
    });
  });
});
