import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { metricsUnderTest, scrape } from '../support/metrics.ts';
import { installCrd } from '../integration/support/crd.ts';
import { eventually } from '../integration/support/eventually.ts';
import { namespace, type Namespace } from '../integration/support/namespace.ts';
import type { OperatorProcess } from '../integration/support/operator-process.ts';
import { ledByPolicy } from '../integration/support/policy.ts';
import { led, startReplicas } from '../integration/support/replicas.ts';
import { dashboard, filledIn, type Target } from './support/dashboard.ts';
import { drawn } from './support/drawing.ts';
import { Prometheus, type Series } from './support/prometheus.ts';
import { metricsIn, RULE_FILES, runbookLines } from './support/rules.ts';

const { panels, templating, uid } = dashboard();
const withQueries = panels.flatMap((panel) =>
  panel.targets === undefined ? [] : { ...panel, targets: panel.targets },
);
/** Seconds; Prometheus scrapes every second. */
const WINDOW = 600;

describe('config/grafana/zen-lead.json', () => {
  it('asks the data source that the user chooses, for the namespaces and Services that the user chooses', () => {
    expect(uid).to.equal('zen-lead');
    expect(templating.list.map(({ name, type }) => `${name} ${type}`)).to.deep.equal([
      'datasource datasource',
      'namespace query',
      'service query',
    ]);
    const sources = JSON.stringify(withQueries).match(/"uid":"[^"]*"/g) ?? [];
    expect(new Set(sources)).to.deep.equal(new Set([`"uid":"\${datasource}"`]));
    for (const { title, targets } of withQueries)
      for (const { expr } of targets.filter((target) => target.expr.includes('service,')))
        expect(expr, title).to.include('{namespace=~"$namespace", service=~"$service"}');
  });

  it('shows every metric that there is, and no other', async () => {
    const text = await scrape(metricsUnderTest());
    const exported = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const asked = withQueries.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr)));
    expect(new Set(asked)).to.deep.equal(new Set(exported));
  });

  it('has panels that do not lie upon one another', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).to.be.at.most(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.get(`${String(x)}/${String(y)}`), title).to.equal(undefined);
          taken.set(`${String(x)}/${String(y)}`, title);
        }
    }
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
  });
});

describe('a Prometheus that scrapes two replicas', function () {
  // The first time, Prometheus is built.
  this.timeout(900_000);
  let ns: Namespace;
  let replicas: OperatorProcess[];
  let prometheus: Prometheus;

  before(async () => {
    await installCrd();
    ns = await namespace('dashboard');
    replicas = await startReplicas(ns, 2);
    const targets = replicas.map((replica) => replica.addressOf('/metrics'));
    prometheus = await Prometheus.start({ targets, ruleFiles: RULE_FILES });
    await arrange(ns, prometheus);
  });

  after(async () => {
    if (process.env['DASHBOARD_SVG'] !== undefined) await draw(process.env['DASHBOARD_SVG']);
    await Promise.all([...replicas.map((replica) => replica.stop()), prometheus.stop()]);
  });

  for (const panel of withQueries) {
    it(`has what the panel "${panel.title}" asks for`, async () => {
      for (const target of panel.targets) {
        await ask(target);
        await eventually(
          async () => {
            const answers = await ask(unfiltered(target));
            const values = answers.flatMap(({ samples }) => samples.map(([, value]) => value));
            expect(
              values.filter((value) => Number.isFinite(value)),
              target.expr,
            ).not.to.deep.equal([]);
            const shown = [...target.legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
            for (const { metric } of answers)
              expect(Object.keys(metric), target.expr).to.include.members(shown);
          },
          { timeout: 15_000, interval: 500, describe: panel.title },
        );
      }
    });
  }

  async function ask({ expr, instant }: Target): Promise<Series[]> {
    const values = {
      namespace: ns.name,
      service: '.*',
      __rate_interval: '15s',
      __range: `${String(WINDOW)}s`,
    };
    const query = filledIn(expr, values);
    return instant === true ? prometheus.query(query) : prometheus.range(query, WINDOW);
  }

  async function draw(file: string): Promise<void> {
    const answers = new Map<string, Series[]>();
    for (const { id, targets } of withQueries)
      for (const target of targets) answers.set(`${String(id)}${target.refId}`, await ask(target));
    writeFileSync(file, drawn(panels, answers));
  }

  it('tells which one holds the Lease', async () => {
    const held = await prometheus.query('zen_lead_lease_held');
    expect(held.map(({ samples }) => samples[0]?.[1])).to.have.members([0, 1]);
  });

  it('tells who leads where, once for each leader Service', async () => {
    const [table] = withQueries.filter(({ title }) => title === 'Who leads where');
    const [info, duration, , available] = await Promise.all((table?.targets ?? []).map(ask));
    const leaders = info?.map(({ metric }) => `${metric['leader_service'] ?? ''} ${metric['pod'] ?? ''}`);
    expect(leaders).to.have.members(['db-leader db-1', 'policy-leader policy-1']);
    expect(duration).to.have.length(4);
    const counts = available?.map(({ metric, samples }) => [metric['service'], samples[0]?.[1]]);
    expect(counts).to.have.deep.members([
      ['db', 2],
      ['policy', 1],
      ['empty', 0],
      ['portless', 1],
    ]);
  });

  it('offers the namespaces and Services as values of the variables', async () => {
    for (const { name, definition = '' } of templating.list.filter(({ type }) => type === 'query')) {
      const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(definition) ?? [];
      const match = encodeURIComponent(filledIn(selector, { namespace: ns.name }));
      const values = await prometheus.get<string[]>(`/api/v1/label/${label}/values?match[]=${match}`);
      expect(values, name).to.include(name === 'namespace' ? ns.name : 'portless');
    }
  });

  it('takes every query of the runbooks', async () => {
    const queries = runbookLines('promql');
    expect(queries).to.have.length.greaterThan(3);
    for (const query of queries) {
      expect(metricsIn(query), query).to.have.length(1);
      // A rate needs two samples.
      await eventually(async () => {
        expect(await prometheus.query(query.replace(/ > 0$/, '')), query).not.to.deep.equal([]);
      });
    }
  });

  it('evaluates every rule without an error', async () => {
    interface Rules {
      groups: { rules: { name: string; health: string; lastError?: string }[] }[];
    }
    const { groups } = (await prometheus.get<Rules>('/api/v1/rules'))!;
    const evaluated = groups.flatMap((group) => group.rules);
    expect(evaluated).to.have.length.greaterThan(10);
    for (const { name, health, lastError } of evaluated)
      expect(health, `${name}: ${lastError ?? ''}`).to.equal('ok');
  });

  it('is about to alert of what is the matter, and of nothing else', async () => {
    await eventually(
      async () => {
        const alerts = await prometheus.query('ALERTS');
        const told = alerts.map(({ metric }) => `${metric['alertname'] ?? ''} ${metric['service'] ?? ''}`);
        expect(told).to.have.members([
          'ZenLeadNoLeader empty',
          'ZenLeadNoLeader portless',
          'ZenLeadPortsUnresolved portless',
          'ZenLeadNoStandby policy',
        ]);
      },
      { timeout: 15_000, interval: 250, describe: 'four alerts' },
    );
  });
});

/** A failover in annotation mode and one of a policy, a Service without pods, and one whose pod lacks the port. */
async function arrange(ns: Namespace, prometheus: Prometheus): Promise<void> {
  const pods = await led(ns, 'db');
  const policy = await ledByPolicy(ns, 'policy');
  await ns.createService('empty');
  await ns.createPods('portless', 1);
  await ns.createService('portless', { ports: [{ name: 'web', port: 80, targetPort: 'http' }] });
  await ns.leads('empty-leader', null);
  await ns.leads('portless-leader', null);
  // An increase needs a sample of before.
  await eventually(
    async () => {
      expect(await prometheus.query('zen_lead_leader_epoch{service=~"db|policy"} == 1')).to.have.length(4);
      expect(await prometheus.query('zen_lead_leader_ports_unresolved == 1')).to.have.length(2);
    },
    { timeout: 20_000, describe: 'two replicas to be scraped' },
  );
  await pods[0]!.setReady(false);
  await policy.pods[0]!.setReady(false);
  await ns.leads('db-leader', 'db-1');
  await ns.leads('policy-leader', 'policy-1');
  await eventually(
    async () => {
      expect(await prometheus.query('zen_lead_leader_epoch{service=~"db|policy"} == 2')).to.have.length(4);
    },
    { timeout: 20_000, describe: 'the failovers to be scraped' },
  );
}

/** Panels of what goes wrong are empty while all is well; then it is the series at zero that must be there. */
function unfiltered(target: Target): Target {
  return { ...target, expr: target.expr.replace(/ > 0$/, '') };
}
