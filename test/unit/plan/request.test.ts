import { expect } from 'chai';
import { ANNOTATION } from '../../../src/names.ts';
import {
  namesByAnnotation,
  parseAnnotations,
  serviceRequester,
} from '../../../src/plan/annotation-request.ts';
import { isFrozen, type Request } from '../../../src/plan/request.ts';
import { service, servicePort, type ServiceBuilder } from '../../support/builders.ts';

function request(source: ServiceBuilder): Request {
  const parsed = parseAnnotations(source.build());
  if (parsed === undefined) throw new Error('expected the Service to be opted in');
  return parsed;
}

describe('a request', () => {
  it('has the documented defaults', () => {
    const { source: _, ...rest } = request(service('web'));
    expect(rest).to.deep.equal({
      requester: serviceRequester(service('web').build()),
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

  for (const value of ['false', 'True', 'yes', '1', '', ' true']) {
    it(`is none where enabled is "${value}"`, () => {
      expect(
        parseAnnotations(
          service()
            .annotated({ [ANNOTATION.enabled]: value })
            .build(),
        ),
      ).to.equal(undefined);
    });
  }

  it('is none where the annotation is absent', () => {
    expect(parseAnnotations(service().with({ annotations: {} }).build())).to.equal(undefined);
  });
});

describe('an annotation with an accepted value', () => {
  const label63 = 'l'.repeat(63);
  const name253 = Array(4).fill('p'.repeat(62)).join('.') + '.p';
  const cases: [name: string, value: string, field: keyof Request, parsed: unknown][] = [
    [ANNOTATION.leaderServiceName, 'db', 'leaderServiceName', 'db'],
    [ANNOTATION.leaderServiceName, 'd', 'leaderServiceName', 'd'],
    [ANNOTATION.leaderServiceName, label63, 'leaderServiceName', label63],
    [ANNOTATION.strategy, 'OldestReady', 'strategy', 'OldestReady'],
    [ANNOTATION.strategy, 'Ordinal', 'strategy', 'Ordinal'],
    [ANNOTATION.strategy, 'Priority', 'strategy', 'Priority'],
    [ANNOTATION.sticky, 'false', 'sticky', false],
    [ANNOTATION.sticky, 'true', 'sticky', true],
    [ANNOTATION.minReadyDuration, '5s', 'minReadyMs', 5000],
    [ANNOTATION.minReadyDuration, '1m30s', 'minReadyMs', 90_000],
    [ANNOTATION.failoverMinDelay, '250ms', 'graceMs', 250],
    [ANNOTATION.paused, 'true', 'paused', true],
    [ANNOTATION.paused, 'false', 'paused', false],
    [ANNOTATION.switchoverTo, 'web-1', 'switchover', { id: 'web-1', podName: 'web-1' }],
    [ANNOTATION.switchoverTo, '0.a-b.c', 'switchover', { id: '0.a-b.c', podName: '0.a-b.c' }],
    [ANNOTATION.switchoverTo, name253, 'switchover', { id: name253, podName: name253 }],
  ];
  for (const [name, value, field, parsed] of cases) {
    it(`${name}: "${value.slice(0, 20)}" gives ${field} ${JSON.stringify(parsed).slice(0, 20)}`, () => {
      const result = request(service().annotated({ [name]: value }));
      expect(result[field]).to.deep.equal(parsed);
      expect(result.problems).to.deep.equal([]);
    });
  }
});

describe('an annotation with a value that is not accepted', () => {
  const dnsLabel = "a DNS label of at most 63 characters other than the Service's own name";
  const duration = 'a duration such as 5s, 500ms or 1m30s, at most 24h';
  const cases: [name: string, values: string[], field: keyof Request, absent: unknown, accepted: string][] = [
    [
      ANNOTATION.leaderServiceName,
      ['', 'Db', '1db', '-db', 'db-', 'd.b', 'd_b', 'l'.repeat(64), 'web'],
      'leaderServiceName',
      undefined,
      dnsLabel,
    ],
    [
      ANNOTATION.strategy,
      ['', 'ordinal', 'FollowLabel'],
      'strategy',
      'OldestReady',
      'OldestReady, Ordinal, Priority',
    ],
    [ANNOTATION.sticky, ['', 'no', 'True', '1'], 'sticky', true, '"true" or "false"'],
    [ANNOTATION.minReadyDuration, ['', '5', '-1s', '25h'], 'minReadyMs', 0, duration],
    [ANNOTATION.failoverMinDelay, ['soon', '1d'], 'graceMs', 0, duration],
    [ANNOTATION.paused, ['', 'yes', 'TRUE'], 'paused', false, '"true" or "false"'],
    [
      ANNOTATION.switchoverTo,
      ['', 'Web-1', 'a/b', '.a', 'a..b', 'p'.repeat(254)],
      'switchover',
      undefined,
      'the name of a pod',
    ],
  ];
  for (const [name, values, field, absent, accepted] of cases) {
    for (const value of values) {
      it(`${name}: "${value.slice(0, 20)}" (${value.length}) is one problem that says what is accepted`, () => {
        const result = request(service('web').annotated({ [name]: value }));
        expect(result[field]).to.equal(absent);
        expect(result.problems).to.have.length(1);
        const [problem] = result.problems;
        expect(problem?.reason).to.equal('InvalidAnnotation');
        expect(problem?.note)
          .to.include(name)
          .and.include(`"${value.slice(0, 77)}`)
          .and.include(accepted);
        expect(isFrozen(result)).to.equal(true);
      });
    }
  }

  it('is shortened in the note, which holds 1,024 characters', () => {
    const [problem] = request(service().annotated({ [ANNOTATION.strategy]: 'x'.repeat(5000) })).problems;
    expect(problem?.note).to.have.length.below(300).and.include('xxx...');
  });

  it('does not hide another one', () => {
    const bad = { [ANNOTATION.strategy]: 'Best', [ANNOTATION.sticky]: 'maybe', [ANNOTATION.paused]: 'maybe' };
    expect(request(service().annotated(bad)).problems).to.have.length(3);
  });
});

describe('a source that cannot be led to', () => {
  const cases: [string, ServiceBuilder, string][] = [
    ['has no selector', service().without('selector'), 'no selector'],
    ['has no ports', service().ports(), 'no ports'],
    ['is of type ExternalName', service().with({ type: 'ExternalName' }), 'ExternalName'],
  ];
  for (const [what, source, words] of cases) {
    it(`${what}: InvalidService`, () => {
      const { problems } = request(source);
      expect(problems.map(({ reason }) => reason)).to.deep.equal(['InvalidService']);
      expect(problems[0]?.note).to.include(words);
    });
  }

  it('of any other type is accepted, headless too', () => {
    for (const type of ['ClusterIP', 'NodePort', 'LoadBalancer']) {
      expect(request(service().with({ type, clusterIP: 'None' })).problems).to.deep.equal([]);
    }
  });
});

describe('the leader Service names that a source wants', () => {
  const long = 'l'.repeat(57);

  it('are none where it is not opted in', () => {
    expect(namesByAnnotation(service().with({ annotations: {} }).build(), ['web-leader'])).to.deep.equal([]);
  });

  it('are the one that it asks for, whatever it owns', () => {
    const source = service('web')
      .annotated({ [ANNOTATION.leaderServiceName]: 'db' })
      .build();
    expect(namesByAnnotation(source, ['web-leader'])).to.deep.equal(['db']);
  });

  it('are those that it owns while the one that it asks for is not possible', () => {
    const source = service('web')
      .annotated({ [ANNOTATION.leaderServiceName]: 'D B' })
      .build();
    expect(namesByAnnotation(source, ['old-name'])).to.deep.equal(['old-name']);
    expect(namesByAnnotation(source, [])).to.deep.equal(['web-leader']);
  });

  it('need an annotation where the default name would be too long', () => {
    expect(request(service('l'.repeat(56))).leaderServiceName).to.have.length(63);
    const { leaderServiceName, problems } = request(service(long));
    expect(leaderServiceName).to.equal(undefined);
    expect(problems[0]?.note).to.include(`${long}-leader`).and.include(ANNOTATION.leaderServiceName);
  });
});
