import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { differing } from '../../scripts/generate/files.ts';
import { chartFilesFrom } from '../../scripts/generate/chart.ts';
import { kindsIn, objectsIn, template, type Rendered } from '../chart/support/helm.ts';
import { sharedCluster } from '../integration/support/shared.ts';
import { promtool } from './support/promtool.ts';
import { groupsIn, ROOT, RULE_FILES } from './support/rules.ts';

const RELEASE = { name: 'zen-lead', namespace: 'default' };

async function rendered(kind: string, monitoring: object): Promise<Rendered> {
  const [object] = kindsIn(objectsIn(await template(RELEASE, JSON.stringify({ monitoring }))), kind);
  if (object === undefined) throw new Error(`Expected the chart to render a ${kind}`);
  return object;
}

describe("the chart's alerts and dashboard", function () {
  // The first time, helm and promtool are built.
  this.timeout(900_000);

  it('are those of config/', () => {
    expect(differing(ROOT, chartFilesFrom(ROOT))).to.deep.equal([]);
  });

  it('are all rules of config/prometheus, as a PrometheusRule whose groups promtool takes', async () => {
    const { spec, metadata } = await rendered('PrometheusRule', {
      prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
    });
    const groups = RULE_FILES.flatMap((file) => groupsIn(readFileSync(file, 'utf8')));
    expect(spec).to.deep.equal({ groups });
    expect(metadata.labels).to.include({ release: 'prometheus' });
    const directory = mkdtempSync(join(tmpdir(), 'zen-lead-rules-'));
    try {
      const file = join(directory, 'rules.yaml');
      writeFileSync(file, stringify(spec));
      const { code, output } = await promtool('check', 'rules', '--lint=all', '--lint-fatal', file);
      expect(code, output).to.equal(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('link to the runbooks where the user has them', async () => {
    const runbookUrl = 'https://runbooks.example:8443/zen-lead/';
    const { spec } = await rendered('PrometheusRule', { prometheusRule: { enabled: true, runbookUrl } });
    const urls = groupsIn(JSON.stringify(spec)).flatMap(({ rules }) =>
      rules.flatMap(({ alert, annotations }) =>
        alert === undefined ? [] : [alert, annotations?.['runbook_url']],
      ),
    );
    expect(urls.length).to.be.greaterThan(0);
    for (let i = 0; i < urls.length; i += 2)
      expect(urls[i + 1]).to.equal(`${runbookUrl}${String(urls[i])}.md`);
  });

  it("are a ConfigMap with the dashboard, which Grafana's sidecar finds and the API server takes", async () => {
    const object = await rendered('ConfigMap', { dashboard: { enabled: true } });
    expect(object.metadata.labels).to.include({ grafana_dashboard: '1' });
    const { 'zen-lead.json': json = '' } = object['data'] as Record<string, string>;
    const source = readFileSync(join(ROOT, 'config/grafana/zen-lead.json'), 'utf8');
    expect(JSON.parse(json)).to.deep.equal(JSON.parse(source));
    await sharedCluster().kubectl(
      ['apply', '--dry-run=server', '--validate=strict', '-f', '-'],
      stringify(object),
    );
  });
});
