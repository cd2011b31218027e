import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { PAGES, read } from '../docs/support/pages.ts';
import { CHART, kindsIn, objectsIn, template } from './support/helm.ts';
import { RELEASE } from './support/modes.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const install = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');
const security = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

interface Schema {
  properties?: Record<string, Schema>;
}

/** Path and default of each value; a map whose keys are the user's counts as one. */
function* valuesOf(schema: Schema, value: unknown, path = ''): Generator<[path: string, value: unknown]> {
  const isFree = path === 'resources' || schema.properties === undefined;
  if (isFree) yield [path, value];
  else
    for (const [name, part] of Object.entries(schema.properties ?? {}))
      if (name !== 'global')
        yield* valuesOf(
          part,
          (value as Record<string, unknown>)[name],
          path === '' ? name : `${path}.${name}`,
        );
}

/** First and second cell of the rows of a section's tables that begin with code. */
function rowsOf(page: string, heading: string): [first: string, second: string][] {
  const [, rest = ''] = page.split(`\n## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  return [...section.matchAll(/^\| `([^`]+)` \| (.*?) ?\|/gm)].map(([, first = '', second = '']) => [
    first,
    second,
  ]);
}

describe('docs/install.md', () => {
  const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as Schema;
  const values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as object;
  const known = [...valuesOf(schema, values)];
  const rows = rowsOf(install, 'Values');

  it('lists exactly the values of the chart', () => {
    expect(known.length).to.be.greaterThan(40);
    expect(rows.map(([name]) => name)).to.have.members(known.map(([path]) => path));
  });

  it('values.yaml has exactly the values of the schema', () => {
    expect(known.filter(([, value]) => value === undefined)).to.deep.equal([]);
    const top = Object.keys(schema.properties ?? {}).filter((name) => name !== 'global');
    expect(Object.keys(values)).to.have.members(top);
  });

  it('lists all that other pages name', () => {
    const paths = known.map(([path]) => path);
    const isKnown = (name: string): boolean =>
      paths.some((path) => `${path}.`.startsWith(`${name}.`) || name.startsWith(`${path}.`));
    const groups = [...new Set(paths.filter((path) => path.includes('.')).map((path) => path.split('.')[0]))];
    const named = new RegExp(
      `(?:\`|--set[= ]'?|,)((?:${groups.join('|')}|resources)\\.[\\w.]*\\w)(?=[\`=:])`,
      'g',
    );
    for (const page of PAGES)
      for (const [, name = ''] of read(page).matchAll(named))
        expect(name, page).to.satisfy(isKnown, 'Expected a value of the chart');
  });

  it('gives their defaults', () => {
    for (const [path, value] of known) {
      const cell = rows.find(([name]) => name === path)?.[1];
      if (['resources', 'topologySpreadConstraints'].includes(path)) continue;
      if (value === '') expect(cell, path).to.equal('');
      else expect(parse((cell ?? '').replaceAll('`', '')), path).to.deep.equal(value);
    }
  });

  it('names the versions that the tests run on', () => {
    for (const [family, module] of [
      ['kubernetes', 'k8s.io/kubernetes'],
      ['helm', 'helm.sh/helm/v4'],
    ] as const) {
      const pinned = readFileSync(join(ROOT, `test/cluster/go/${family}/go.mod`), 'utf8');
      const [, version = '?'] = new RegExp(`^\\s*(?:require )?${module} v(\\S+)`, 'm').exec(pinned) ?? [];
      expect(install, module).to.include(version);
    }
  });
});

describe('docs/security.md', function () {
  this.timeout(10_000);

  it('lists exactly the rights of the default', async () => {
    const listed = rowsOf(security, 'Rights').flatMap(([resource, verbs]) =>
      [...verbs.matchAll(/\b(get|list|watch|create|update|patch|delete)\b/g)].map(
        ([verb]) => `${verb} ${resource}`,
      ),
    );
    const granted = kindsIn(objectsIn(await template(RELEASE)), 'Role').flatMap((role) =>
      (role['rules'] as Rule[]).flatMap(({ apiGroups: [group = ''], resources: [resource = ''], verbs }) =>
        verbs.map((verb) => `${verb} ${named(group, resource)}`),
      ),
    );
    expect(listed).to.have.members(granted);
  });
});

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

function named(group: string, resource: string): string {
  const [name = '', subresource] = resource.split('/');
  return [group === '' ? name : `${name}.${group}`, ...(subresource === undefined ? [] : [subresource])].join(
    '/',
  );
}
