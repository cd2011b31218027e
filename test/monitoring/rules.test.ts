import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { metricsUnderTest, scrape } from '../support/metrics.ts';
import { promtool } from './support/promtool.ts';
import { alertNames, metricsIn, ROOT, RULE_FILES, RULE_TESTS, rules } from './support/rules.ts';

describe('config/prometheus', function () {
  // The first time, promtool is built.
  this.timeout(900_000);

  it('is what Prometheus takes, without a word of its lint', async () => {
    const { code, output } = await promtool('check', 'rules', '--lint=all', '--lint-fatal', ...RULE_FILES);
    expect(code, output).to.equal(0);
  });

  for (const file of RULE_TESTS) {
    it(`fires where it is to fire, and only there: ${file.slice(ROOT.length + 1)}`, async () => {
      const { code, output } = await promtool('test', 'rules', file);
      expect(code, output).to.equal(0);
    });
  }

  it('has a test of each alert, with all that it says', () => {
    const fired = RULE_TESTS.flatMap((file) => {
      const { tests } = parse(readFileSync(file, 'utf8')) as {
        tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[];
      };
      return tests.flatMap((each) => each.alert_rule_test).filter(({ exp_alerts: alerts }) => alerts);
    });
    expect(new Set(fired.map(({ alertname }) => alertname))).to.deep.equal(new Set(alertNames()));
  });

  it('asks for metrics that the operator has', async () => {
    const exported = [...(await scrape(metricsUnderTest())).matchAll(/^# TYPE (\S+)/gm)].map(
      ([, name]) => name,
    );
    const asked = rules().flatMap(({ expr }) => metricsIn(expr));
    expect(asked.length).to.be.greaterThan(rules().length / 2);
    for (const name of asked) expect(exported).to.include(name);
  });

  it('records nothing in vain, and asks for nothing that is not recorded', () => {
    const asked = rules()
      .filter(({ alert }) => alert !== undefined)
      .flatMap(({ expr }) => [...expr.matchAll(/\w+:\w+:\w+/g)].map(([name]) => name));
    expect(new Set(asked)).to.deep.equal(new Set(rules().flatMap(({ record }) => record ?? [])));
  });
});

describe('docs/runbooks', () => {
  const directory = join(ROOT, 'docs/runbooks');
  const pages = readdirSync(directory).filter((name) => name !== 'README.md');

  it('has a page for each alert, and none for what is no alert', () => {
    expect(pages).to.have.members(alertNames().map((name) => `${name}.md`));
  });

  it('is where each alert says that its page is, with the severity that the page says', () => {
    for (const { alert, labels, annotations } of rules()) {
      if (alert === undefined) continue;
      expect(annotations?.['runbook_url']).to.equal(`docs/runbooks/${alert}.md`);
      const page = readFileSync(join(directory, `${alert}.md`), 'utf8');
      expect(page).to.match(new RegExp(`^# ${alert}\n\n\\*\\*${String(labels?.['severity'])}`));
      expect(page)
        .to.match(/^## First look$/m)
        .and.to.match(/^## Likely causes/m);
      expect(page, `${alert}: what to do`).to.match(/what to do$/im);
    }
  });

  it('lists all alerts with their severity', () => {
    const listed = [
      ...readFileSync(join(directory, 'README.md'), 'utf8').matchAll(/^\| \[(\w+)\]\(\1\.md\) \| (\w+) \|/gm),
    ].map(([, alert, severity]) => `${alert} ${severity}`);
    const known = rules().flatMap(({ alert, labels }) =>
      alert === undefined ? [] : `${alert} ${String(labels?.['severity'])}`,
    );
    expect(listed).to.have.members(known);
  });
});
