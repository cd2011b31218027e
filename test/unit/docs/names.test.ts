/** Names of the code that the pages mention outside of the tables that list them (test/unit/docs.test.ts). */
import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CONDITION_REASONS,
  CONDITION_TYPES,
  INELIGIBLE_REASONS,
  LEADER_REASONS,
  NORMAL_REASONS,
  WARNING_REASONS,
} from '../../../src/api/reasons.ts';
import * as names from '../../../src/names.ts';
import { STRATEGIES } from '../../../src/plan/request.ts';
import { metricsIn } from '../../monitoring/support/rules.ts';
import { metricsUnderTest, scrape } from '../../support/metrics.ts';
import { help } from '../../docs/support/help.ts';
import { PAGES, read, ROOT } from '../../docs/support/pages.ts';

/** Words in backticks that are written like reasons and are none. */
const OTHER_WORDS = [
  // Kubernetes
  'ClusterIP',
  'IfNotPresent',
  'InternalError',
  'RuntimeDefault',
  'ServiceUnavailable',
  'TooManyRequests',
  // classes
  'ClusterView',
  'KubeConfig',
  'ZenLeadOperator',
];

/** Of the Go zen-lead: migration.md says what has become of them. */
const OF_GO = [
  'EndpointSliceDeleted',
  'LeaderRoutingAvailable',
  'NamedPortResolutionFailed',
  'zen_lead_leader_services_total',
];
/** Variables of the build, of the tests and of the demo. */
const OTHER_VARIABLES = ['ZEN_LEAD_COMMIT', 'ZEN_LEAD_VERSION'];

/** Every match of a pattern's first group in all pages, as `page: name`, but for those that are known. */
function unknown(pattern: RegExp, isKnown: (name: string) => boolean): string[] {
  return PAGES.flatMap((page) =>
    [...read(page).matchAll(pattern)]
      .map(([, name = '']) => name)
      .filter((name) => !isKnown(name))
      .map((name) => `${page}: ${name}`),
  );
}

describe('names in README and docs', () => {
  it('that are written like reasons are reasons, conditions, strategies or alerts', () => {
    const known = new Set<string>([
      ...[NORMAL_REASONS, WARNING_REASONS, INELIGIBLE_REASONS, LEADER_REASONS].flat(),
      ...[CONDITION_TYPES, CONDITION_REASONS, STRATEGIES].flat(),
      ...readdirSync(join(ROOT, 'docs/runbooks')).map((file) => file.replace('.md', '')),
      ...OTHER_WORDS,
      ...OF_GO,
    ]);
    expect(unknown(/`([A-Z][a-z]+(?:[A-Z][a-zA-Z]*)+)`/g, (word) => known.has(word))).to.deep.equal([]);
  });

  it('of metrics are of ones that are exported', async () => {
    const text = await scrape(metricsUnderTest());
    const exported = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
    const isKnown = (name: string): boolean => exported.has(metricsIn(name)[0] ?? '') || OF_GO.includes(name);
    expect(unknown(/\b(zen_lead_\w+)/g, isKnown)).to.deep.equal([]);
  });

  it('of variables are in --help', () => {
    const known = new Set([...help().matchAll(/\[(ZEN_LEAD_\w+)/g)].map(([, name = '']) => name));
    const isKnown = (name: string): boolean => known.has(name) || OTHER_VARIABLES.includes(name);
    expect(unknown(/\b(ZEN_LEAD_\w+)/g, isKnown)).to.deep.equal([]);
  });

  it('of flags of the operator are in --help', () => {
    const known = new Set([...help().matchAll(/(--[\w-]+)/g)].map(([, flag = '']) => flag));
    expect(
      unknown(/(?:^|[`$] ?|\bor |dist\/)zen-lead(?:\.js)? (--[\w-]+)/gm, (flag) => known.has(flag)),
    ).to.deep.equal([]);
  });

  it('of npm scripts are in package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(unknown(/\bnpm run (?:--silent )?([\w:-]+)/g, (name) => name in scripts)).to.deep.equal([]);
  });

  it('of make targets are in the Makefile', () => {
    const targets = new Set([...read('Makefile').matchAll(/^([a-z0-9-]+):/gm)].map(([, target]) => target));
    expect(unknown(/(?:^|`|=\S+ )make ([a-z][a-z0-9-]*)/gm, (name) => targets.has(name))).to.deep.equal([]);
  });

  it('of zen-lead.io are annotations and labels that the code knows', () => {
    const tables = [names.ANNOTATION, names.SERVICE_ANNOTATION, names.SLICE_ANNOTATION, names.LABEL];
    const known = new Set<string>(tables.flatMap((table) => Object.values(table)));
    known.add(names.POD_PRIORITY_ANNOTATION).add(names.REPORTING_CONTROLLER).add(names.POLICY_API_VERSION);
    expect(unknown(/(?<![\w/.])(zen-lead\.io\/[\w-]*\w)/g, (name) => known.has(name))).to.deep.equal([]);
  });
});
