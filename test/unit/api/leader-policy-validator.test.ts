import { expect } from 'chai';
import { CEL_TWINS } from '../../../src/api/leader-policy-rules.ts';
import { LEADER_POLICY_CRD } from '../../../src/api/leader-policy-crd.ts';
import { validateSchema } from '../../../src/api/leader-policy-schema.ts';
import { validateSpec } from '../../../src/api/leader-policy-validator.ts';
import { deepFreeze } from '../../support/freeze.ts';
import { ACCEPTED, REFUSED } from '../../support/leader-policy-cases.ts';

const NAME = { serviceRef: { name: 'db' } };
const SPEC = LEADER_POLICY_CRD.spec.versions[0].schema.openAPIV3Schema.properties.spec;

describe('validateSpec', () => {
  describe('accepts', () => {
    for (const { name, spec } of ACCEPTED)
      it(name, () => {
        const validated = validateSpec(deepFreeze(spec));
        expect(validated.problems).to.deep.equal([]);
        expect('spec' in validated && validated.spec.serviceRef).to.deep.equal(
          (spec as typeof NAME).serviceRef,
        );
      });
  });

  describe('refuses', () => {
    for (const { name, spec, field, says } of REFUSED)
      it(name, () => {
        const validated = validateSpec(deepFreeze(spec));
        expect(validated).not.to.have.property('spec');
        const [problem, ...others] = validated.problems;
        expect(others).to.deep.equal([]);
        expect(problem).to.match(/^spec[\w.[\]]*(\["[^\]]*"\])?: /);
        expect(problem?.startsWith(field), `${String(problem)} begins with ${field}`).to.equal(true);
        expect(problem).to.include(says);
      });
  });

  it('applies the defaults', () => {
    expect(validateSpec(deepFreeze({ ...NAME, ports: [{ port: 1 }] }))).to.deep.equal({
      spec: {
        ...NAME,
        leaderService: { type: 'ClusterIP' },
        ports: [{ name: '', port: 1, protocol: 'TCP' }],
        selection: { strategy: 'OldestReady', sticky: true, minReadySeconds: 0 },
        failover: {
          gracePeriodSeconds: 0,
          failbackDelaySeconds: 0,
          mode: 'Automatic',
          handoverGapSeconds: 0,
        },
        paused: false,
        historyLimit: 10,
      },
      problems: [],
    });
  });

  it('leaves alone what only a newer CRD knows', () => {
    const newer = { ...NAME, quorum: 2, failover: { jitterSeconds: 1 } };
    const validated = validateSpec(deepFreeze(newer));
    expect(validated.problems).to.deep.equal([]);
    expect(validated).to.have.nested.property('spec.failover.mode', 'Automatic');
  });

  for (const raw of [undefined, null, 5, 'text', []])
    it(`refuses ${JSON.stringify(raw)} for a spec`, () => {
      const text = raw === undefined ? 'nothing' : JSON.stringify(raw);
      expect(validateSpec(raw).problems).to.deep.equal([
        `spec: ${text} is not accepted; accepted is an object with ${Object.keys(SPEC.properties).join(', ')}`,
      ]);
    });

  it('names at most five problems', () => {
    const ports = Array.from({ length: 9 }, () => ({ port: 0 }));
    expect(validateSpec({ ...NAME, ports }).problems).to.deep.equal(
      [0, 1, 2, 3, 4].map((index) => `spec.ports[${index}].port: 0 is not accepted; accepted is 1 to 65535`),
    );
  });

  it('names a value once that is wrong in several ways', () => {
    expect(validateSpec({ serviceRef: { name: '-'.repeat(64) } }).problems).to.have.lengthOf(1);
  });

  it('abbreviates what it shows', () => {
    const labels = { ['k'.repeat(300)]: '-'.repeat(300) };
    const { problems } = validateSpec({ ...NAME, leaderService: { labels } });
    expect(problems[0]).to.match(
      /^spec\.leaderService\.labels\["k{76}\.\.\.\]: "-{76}\.\.\. is not accepted; /,
    );
  });

  it('names the key as it was written', () => {
    const labels = { 'a~/b': '-' };
    const { problems } = validateSpec({ ...NAME, leaderService: { labels } });
    expect(problems[0]).to.match(/^spec\.leaderService\.labels\["a~\/b"\]: "-" is not accepted/);
  });

  it('is through in no time with values of a megabyte, which an older CRD may have let pass', () => {
    const text = `${'a'.repeat(1_000_000)}!`;
    const { problems } = validateSpec({
      serviceRef: { name: text },
      leaderService: { name: text, labels: { a: text, [text]: '' } },
      ports: [{ name: text, port: 1, targetPort: text, appProtocol: text }],
      selection: { priority: { annotation: text }, preferences: [{ weight: 1, zones: [text] }] },
      switchover: { podName: text, requestId: text },
    });
    expect(problems).to.have.lengthOf(5);
  });

  it('is through in no time with a key of a megabyte', () => {
    const labels = { [`${'a'.repeat(1_000_000)}!`]: '' };
    expect(validateSpec({ ...NAME, leaderService: { labels } }).problems).to.have.lengthOf(1);
  });
});

describe('the cases of LeaderPolicies', () => {
  it('hold each rule of the CRD, and each has a twin with the same words', () => {
    const messages = [...found(SPEC, 'x-kubernetes-validations')].flatMap(({ value }) =>
      (value as readonly { message: string }[]).map(({ message }) => message),
    );
    expect(new Set(CEL_TWINS.map(({ message }) => message))).to.deep.equal(new Set(messages));
    for (const message of messages)
      expect(
        REFUSED.some(({ says, apiSays }) => apiSays === says && message.includes(says)),
        message,
      ).to.equal(true);
  });

  it('hold each limit of the schema', () => {
    const reached = new Set(
      REFUSED.flatMap(({ spec }) => {
        validateSchema(structuredClone(spec));
        return (validateSchema.errors ?? []).map(({ schemaPath }) => schemaPath.replace(/^#\//, ''));
      }),
    );
    const limits = ['required', 'enum', 'pattern', 'minimum', 'maximum'].concat(
      ['Length', 'Items', 'Properties'].flatMap((what) => [`min${what}`, `max${what}`]),
    );
    const all = limits.flatMap((limit) => [...found(SPEC, limit)].map(({ path }) => path));
    expect(all).to.have.lengthOf.above(60);
    expect(all.filter((path) => !reached.has(path))).to.deep.equal([]);
  });
});

/** Where a schema has a keyword, by the path that ajv gives: properties/ports/maxItems. */
function* found(schema: object, keyword: string, path = ''): Generator<{ path: string; value: unknown }> {
  for (const [key, value] of Object.entries(schema)) {
    if (key === keyword && !path.endsWith('properties/')) yield { path: path + key, value };
    else if (typeof value === 'object' && value !== null)
      yield* found(value as object, keyword, `${path}${key}/`);
  }
}
