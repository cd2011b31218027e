import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { parseSettings } from '../../src/settings.ts';
import { LEASE_RULES, RULES } from '../integration/support/rbac.ts';
import { CHART, helm, helmOk, kindsIn, objectsIn, template, type Rendered } from './support/helm.ts';
import { argumentsOf } from './support/install.ts';
import { modes, render, RELEASE } from './support/modes.ts';

const GOLDEN = resolve(import.meta.dirname, 'golden');
const ROOT = resolve(import.meta.dirname, '../..');

async function refusal(values: object): Promise<string> {
  const args = ['template', 'x', CHART, '--namespace', 'shop', '-f', '-'];
  const { code, stderr } = await helm(args, JSON.stringify(values));
  expect(code, 'exit status').to.not.equal(0);
  return stderr;
}

describe('the chart', function () {
  this.timeout(20_000);

  it('passes helm lint --strict', async () => {
    await helmOk(['lint', '--strict', CHART]);
  });

  it('is a package that holds all it needs, the CRD among it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'zen-lead-package-'));
    try {
      await helmOk(['package', CHART, '--destination', directory]);
      const [file = ''] = readdirSync(directory);
      const [crd] = objectsIn(await helmOk(['show', 'crds', join(directory, file)]));
      expect(crd).to.deep.equal(parse(readFileSync(join(ROOT, 'crds/leaderpolicies.yaml'), 'utf8')));
      expect(await template(RELEASE, '', join(directory, file))).to.equal(await template(RELEASE));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('has the version of package.json', () => {
    const { version, appVersion } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as Rendered;
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect([version, appVersion]).to.deep.equal([manifest.version, manifest.version]);
  });

  for (const mode of modes) {
    it(`renders what is in golden/${mode.name}.yaml (UPDATE_GOLDEN=1 writes it)`, async () => {
      const file = join(GOLDEN, `${mode.name}.yaml`);
      const text = await render(mode);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
      expect(existsSync(file), file).to.equal(true);
      expect(text).to.equal(readFileSync(file, 'utf8'));
    });

    it(`gives the operator arguments that it takes, and no object twice (${mode.name})`, async () => {
      const objects = objectsIn(await render(mode));
      const [deployment] = kindsIn(objects, 'Deployment');
      const settings = parseSettings(argumentsOf(deployment!), {}, { terminal: false });
      expect(settings.leaderElect).to.equal(true);
      const names = objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].join('/'));
      expect(names).to.have.lengthOf(new Set(names).size);
    });
  }

  it('has a golden file for each mode, and no other', () => {
    expect(readdirSync(GOLDEN).sort()).to.deep.equal(modes.map(({ name }) => `${name}.yaml`).sort());
  });

  it('grants what config/rbac grants', async () => {
    for (const scope of ['namespace', 'cluster']) {
      const objects = objectsIn(await template(RELEASE, `scope: ${scope}`));
      const kind = scope === 'cluster' ? 'ClusterRole' : 'Role';
      const [role] = kindsIn(objects, kind).filter(({ metadata }) =>
        /^leader.*[.]operators$/.test(metadata.name),
      );
      expect(role?.['rules']).to.deep.equal(RULES);
      const [lease] = kindsIn(objects, 'Role').filter(({ metadata }) => /-lease$/.test(metadata.name));
      expect(lease?.['rules']).to.deep.equal(LEASE_RULES);
    }
  });

  it('asks for none of the rights of the whole cluster where it works in namespaces', async () => {
    const objects = objectsIn(await template(RELEASE, 'namespaces: [shop, billing]'));
    expect(kindsIn(objects, 'ClusterRoleBinding')).to.deep.equal([]);
    const roles = kindsIn(objects, 'RoleBinding').map(({ metadata }) => metadata.namespace);
    expect(roles).to.have.members(['shop', 'billing', 'operators']);
  });

  it('tells three commands to try', async () => {
    const notes = await helmOk(['install', 'x', CHART, '--namespace', 'shop', '--dry-run=client']);
    expect(notes.match(/^ {2}kubectl -n shop /gm)).to.have.lengthOf(3);
  });
});

describe('a value that makes no sense', function () {
  this.timeout(20_000);

  const cases: [title: string, values: object, sentence: string][] = [
    ['is unknown', { replica: 2 }, "at '': additional properties 'replica' not allowed"],
    [
      'is unknown, further in',
      { image: { name: 'x' } },
      "at '/image': additional properties 'name' not allowed",
    ],
    ['is of another type', { kubeApiQps: 'many' }, "at '/kubeApiQps': got string, want integer"],
    [
      'is none of the choices',
      { scope: 'galaxy' },
      "at '/scope': value must be one of 'namespace', 'cluster'",
    ],
    ['is too small', { replicas: 0 }, "at '/replicas': minimum: got 0, want 1"],
    ['is too big', { concurrency: 999 }, "at '/concurrency': maximum: got 999, want 256"],
    ['is a label that is no text', { podLabels: { a: 1 } }, "at '/podLabels/a': got number, want string"],
    ['is no name of a namespace', { namespaces: ['Shop'] }, 'namespaces: expected names of namespaces: '],
    ['names a namespace twice', { namespaces: ['a', 'a'] }, "at '/namespaces': items at 0 and 1 are equal"],
    [
      'is no digest',
      { image: { digest: 'x' } },
      'image.digest: expected sha256: and 64 hexadecimal digits, got "x"',
    ],
    [
      'is a tag within the repository',
      { image: { repository: 'a:b' } },
      'image.repository: expected a repository without tag',
    ],
    ['is no name', { fullnameOverride: 'a.b' }, 'fullnameOverride: expected at most 50 of a-z, 0-9 and "-"'],
    [
      'is no quantity',
      { resources: { limits: { memory: 'much' } } },
      'resources.limits.memory: expected a quantity',
    ],
    [
      'is no duration',
      { monitoring: { podMonitor: { interval: 'soon' } } },
      'monitoring.podMonitor.interval: expected a duration',
    ],
    [
      'is no range of addresses',
      { networkPolicy: { apiServer: { cidrs: ['x'] } } },
      'networkPolicy.apiServer.cidrs: expected ranges',
    ],
    [
      'lists namespaces and is the cluster',
      { scope: 'cluster', namespaces: ['a'] },
      'namespaces: expected an empty list with scope "cluster"',
    ],
    [
      'scrapes twice',
      { monitoring: { podMonitor: { enabled: true }, serviceMonitor: { enabled: true } } },
      'expected podMonitor or serviceMonitor to be enabled, not both',
    ],
    [
      'has runbooks at no directory',
      { monitoring: { prometheusRule: { runbookUrl: 'https://example.com/x' } } },
      'monitoring.prometheusRule.runbookUrl: expected a URL or path that ends in "/"',
    ],
    [
      'takes a label of the chart',
      { commonLabels: { 'app.kubernetes.io/name': 'x' } },
      'commonLabels: expected labels of your own, got app.kubernetes.io/name',
    ],
    [
      'leaves the ServiceAccount open',
      { serviceAccount: { create: false } },
      'serviceAccount.name: expected the name of a ServiceAccount that is there',
    ],
  ];
  for (const [title, values, sentence] of cases) {
    it(`${title}: refused with a sentence`, async () => {
      expect(await refusal(values)).to.include(sentence);
    });
  }

  it('is refused wherever it is: no part of the schema takes additional ones', () => {
    const open: string[] = [];
    const visit = (schema: Schema, path: string): void => {
      if (
        schema.properties !== undefined &&
        schema.additionalProperties !== false &&
        schema.required === undefined
      )
        open.push(path);
      for (const [name, part] of Object.entries(schema.properties ?? {})) visit(part, `${path}.${name}`);
    };
    visit(JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as Schema, '');
    expect(open).to.deep.equal([]);
  });
});

interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  required?: unknown;
}
