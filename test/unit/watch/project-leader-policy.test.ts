import { expect } from 'chai';
import { ZenLeadError } from '../../../src/errors.ts';
import { projectLeaderPolicy } from '../../../src/watch/project-leader-policy.ts';
import { deepFreeze } from '../../support/freeze.ts';
import { kept, metadata } from '../support/raw-objects.ts';

function names(spec: unknown): (string | undefined)[] {
  const { serviceName, leaderServiceName } = projectLeaderPolicy({ metadata, spec });
  return [serviceName, leaderServiceName];
}

describe('projectLeaderPolicy', () => {
  it('keeps the spec with its defaults, and the status', () => {
    const status = { observedGeneration: 3, failovers: 2 };
    const raw = deepFreeze({
      metadata: { ...metadata, generation: 4, managedFields: [{ manager: 'kubectl' }] },
      spec: { serviceRef: { name: 'db' }, selection: { strategy: 'Ordinal' } },
      status,
    });
    const { spec, ...rest } = projectLeaderPolicy(raw);
    expect(rest).to.deep.equal({
      ...kept,
      generation: 4,
      serviceName: 'db',
      leaderServiceName: 'db-leader',
      problems: [],
      status,
    });
    expect(spec?.selection).to.include({ strategy: 'Ordinal', sticky: true, minReadySeconds: 0 });
    expect(spec?.failover.mode).to.equal('Automatic');
  });

  it('has an empty status and generation 0 where the API server sends none', () => {
    expect(projectLeaderPolicy({ metadata, spec: {} })).to.deep.include({ generation: 0, status: {} });
    expect(projectLeaderPolicy({ metadata, spec: {}, status: null }).status).to.deep.equal({});
  });

  it('keeps one that is invalid, with its problems and without a spec', () => {
    const policy = projectLeaderPolicy({
      metadata,
      spec: { serviceRef: { name: 'db' }, selection: { strategy: 'Newest' } },
    });
    expect(policy).to.include({ serviceName: 'db', leaderServiceName: 'db-leader' });
    expect(policy).not.to.have.property('spec');
    expect(policy.problems.join()).to.match(/^spec\.selection\.strategy: "Newest" is not accepted/);
  });

  const cases: [what: string, spec: unknown, expected: (string | undefined)[]][] = [
    ['by default after the Service', { serviceRef: { name: 'db' } }, ['db', 'db-leader']],
    ['as given', { serviceRef: { name: 'db' }, leaderService: { name: 'main' } }, ['db', 'main']],
    ['as given, of a spec without a Service', { leaderService: { name: 'main' } }, [undefined, 'main']],
    [
      'by default with a part of the leader Service',
      { serviceRef: { name: 'db' }, leaderService: { type: 'Headless' } },
      ['db', 'db-leader'],
    ],
    [
      'nothing where it is no DNS label',
      { serviceRef: { name: 'db' }, leaderService: { name: 'Main' } },
      ['db', undefined],
    ],
    [
      'nothing where it is too long',
      { serviceRef: { name: 'db' }, leaderService: { name: 'm'.repeat(64) } },
      ['db', undefined],
    ],
    [
      '63 characters',
      { serviceRef: { name: 'db' }, leaderService: { name: 'm'.repeat(63) } },
      ['db', 'm'.repeat(63)],
    ],
    [
      'nothing where it is the Service itself',
      { serviceRef: { name: 'db' }, leaderService: { name: 'db' } },
      ['db', undefined],
    ],
    [
      'nothing where it is no text',
      { serviceRef: { name: 'db' }, leaderService: { name: 7 } },
      ['db', undefined],
    ],
    [
      'nothing where the default is too long',
      { serviceRef: { name: 'd'.repeat(57) } },
      ['d'.repeat(57), undefined],
    ],
    ['nothing of nothing', undefined, [undefined, undefined]],
    ['nothing of a wrong shape', { serviceRef: ['db'], leaderService: 'main' }, [undefined, undefined]],
  ];
  for (const [what, spec, expected] of cases) {
    it(`tells the name of the leader Service: ${what}`, () => {
      expect(names(spec)).to.deep.equal(expected);
    });
  }

  it('is an InvalidAnswer where there is no name', () => {
    expect(() => projectLeaderPolicy({ spec: {} }))
      .to.throw(ZenLeadError, /^the LeaderPolicy \?\/\? has no metadata.namespace$/)
      .with.property('code', 'InvalidAnswer');
  });
});
