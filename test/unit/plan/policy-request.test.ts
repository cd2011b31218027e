import { expect } from 'chai';
import { isFrozen, type Request } from '../../../src/plan/request.ts';
import { namesByPolicy, parsePolicy } from '../../../src/plan/policy-request.ts';
import {
  policy,
  policyPort,
  servicePort,
  type PolicyBuilder,
  type ServiceBuilder,
} from '../../support/builders.ts';
import { plainService } from '../../support/policy-world.ts';

const SOURCE = plainService().build();

function request(builder: PolicyBuilder, source = SOURCE): Request {
  return parsePolicy(builder.build(), source);
}

describe('a policy that says nothing but its Service', () => {
  it('asks for what annotation mode asks for by default', () => {
    const { policy: _, source: __, ...rest } = request(policy('lp').created(5));
    expect(rest).to.deep.equal({
      requester: {
        apiVersion: 'zen-lead.io/v1alpha1',
        kind: 'LeaderPolicy',
        namespace: 'shop',
        name: 'lp',
        uid: 'uid-lp',
        createdAt: 5,
        deleting: false,
      },
      sourceName: 'web',
      leaderServiceName: 'web-leader',
      shape: {
        headless: false,
        ports: [servicePort('', 80, 8080)],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        sessionAffinity: 'None',
        labels: {},
        annotations: {},
      },
      strategy: 'OldestReady',
      preferences: [],
      priorityAnnotation: 'zen-lead.io/priority',
      sticky: true,
      minReadyMs: 0,
      graceMs: 0,
      failbackDelayMs: 0,
      gapMs: 0,
      manual: false,
      paused: false,
      problems: [],
    });
  });

  it('knows itself and its source', () => {
    const parsed = request(policy());
    expect([parsed.policy?.name, parsed.source?.name]).to.deep.equal(['lp', 'web']);
  });
});

describe('a field of a policy', () => {
  const matchLabels = { role: 'primary' };
  const cases: [what: string, policy: PolicyBuilder, field: keyof Request, parsed: unknown][] = [
    ['leaderService.name', policy().leaderService({ name: 'db' }), 'leaderServiceName', 'db'],
    ['selection.strategy', policy().selection({ strategy: 'Ordinal' }), 'strategy', 'Ordinal'],
    ['selection.sticky', policy().selection({ sticky: false }), 'sticky', false],
    ['selection.minReadySeconds', policy().selection({ minReadySeconds: 3 }), 'minReadyMs', 3000],
    [
      'selection.priority',
      policy().selection({ priority: { annotation: 'x/y' } }),
      'priorityAnnotation',
      'x/y',
    ],
    [
      'selection.followLabel',
      policy().selection({ followLabel: { matchLabels } }),
      'followLabel',
      matchLabels,
    ],
    ['selection.exclude', policy().selection({ exclude: { matchLabels } }), 'exclude', matchLabels],
    [
      'selection.preferences',
      policy().selection({
        preferences: [
          { weight: 3, podSelector: { matchLabels }, zones: ['z1'] },
          { weight: 1, zones: ['z2'] },
          { weight: 2, podSelector: { matchLabels } },
        ],
      }),
      'preferences',
      [
        { weight: 3, matchLabels, zones: ['z1'] },
        { weight: 1, zones: ['z2'] },
        { weight: 2, matchLabels },
      ],
    ],
    ['failover.gracePeriodSeconds', policy().failover({ gracePeriodSeconds: 3 }), 'graceMs', 3000],
    [
      'failover.failbackDelaySeconds',
      policy().failover({ failbackDelaySeconds: 3 }),
      'failbackDelayMs',
      3000,
    ],
    ['failover.handoverGapSeconds', policy().failover({ handoverGapSeconds: 3 }), 'gapMs', 3000],
    ['failover.mode', policy().failover({ mode: 'Manual' }), 'manual', true],
    ['paused', policy().paused(), 'paused', true],
    ['switchover', policy().switchover('a', 'r1'), 'switchover', { id: 'r1', podName: 'a' }],
  ];
  for (const [what, builder, field, parsed] of cases) {
    it(`spec.${what} is ${field}`, () => {
      expect(request(builder)[field]).to.deep.equal(parsed);
      expect(request(builder).problems).to.deep.equal([]);
    });
  }

  it('spec.leaderService.type, labels and annotations are of the shape', () => {
    const [labels, annotations] = [{ team: 'x' }, { note: 'y' }];
    const { shape } = request(policy().leaderService({ type: 'Headless', labels, annotations }));
    expect(shape).to.deep.include({ headless: true, labels, annotations });
  });

  it('spec.ports are instead of those of the source, also where that has none', () => {
    const ports = [policyPort('write', 5432, 'postgres'), { name: 'x', port: 81, protocol: 'UDP' } as const];
    const source = plainService().ports().build();
    const { shape, problems } = request(policy().ports(...ports), source);
    expect(shape?.ports).to.deep.equal([
      { name: 'write', port: 5432, targetPort: 'postgres', protocol: 'TCP' },
      { name: 'x', port: 81, targetPort: 81, protocol: 'UDP' },
    ]);
    expect(problems).to.deep.equal([]);
  });
});

describe('a policy that cannot be followed', () => {
  it('because its Service is missing: InvalidService names it, and no shape is known', () => {
    const { problems, shape } = parsePolicy(policy().build(), undefined);
    expect(problems.map(({ reason }) => reason)).to.deep.equal(['InvalidService']);
    expect(problems[0]?.note).to.include('spec.serviceRef.name').and.include('"web"');
    expect(shape).to.equal(undefined);
  });

  const sources: [string, ServiceBuilder][] = [
    ['has no selector', plainService().without('selector')],
    ['has no ports', plainService().ports()],
    ['is an ExternalName', plainService().with({ type: 'ExternalName' })],
  ];
  for (const [what, source] of sources) {
    it(`because its Service ${what}: InvalidService`, () => {
      const parsed = request(policy(), source.build());
      expect(parsed.problems.map(({ reason }) => reason)).to.deep.equal(['InvalidService']);
      expect([parsed.shape, isFrozen(parsed)]).to.deep.equal([undefined, true]);
    });
  }

  it('because it is invalid: one InvalidPolicy for each problem, and it is as if paused', () => {
    const parsed = request(policy().invalid('spec.paused: ...', 'spec.ports: ...'));
    expect(parsed.problems).to.deep.equal([
      { reason: 'InvalidPolicy', note: 'spec.paused: ...' },
      { reason: 'InvalidPolicy', note: 'spec.ports: ...' },
    ]);
    expect([parsed.shape, isFrozen(parsed), parsed.sticky]).to.deep.equal([undefined, true, true]);
  });
});

describe('the leader Service names that a policy stands for', () => {
  it('are the one that it asks for, whatever it owns', () => {
    expect(namesByPolicy(policy().leaderService({ name: 'db' }).build(), ['old'])).to.deep.equal(['db']);
  });

  it('are those that it owns where that cannot be told, else one after its own name', () => {
    const lost = policy('lp').invalid('spec.serviceRef: required').without('leaderServiceName').build();
    expect(namesByPolicy(lost, ['old'])).to.deep.equal(['old']);
    expect(namesByPolicy(lost, [])).to.deep.equal(['lp-leader']);
  });
});
