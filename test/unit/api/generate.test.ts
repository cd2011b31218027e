import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { differing, filesFrom, SOURCE } from '../../../scripts/generate/files.ts';
import { readDescription } from '../../../scripts/generate/schema.ts';
import type { Crd, Schema } from '../../../scripts/generate/schema.ts';
import { typesOf } from '../../../scripts/generate/types.ts';

const ROOT = join(import.meta.dirname, '../../..');
const YAML = readFileSync(join(ROOT, SOURCE), 'utf8');

/** Needs nothing else of a CRD. */
function crdWith(spec: Schema, status: Schema = { type: 'object', properties: {} }): Crd {
  const openAPIV3Schema: Schema = { type: 'object', properties: { spec, status } };
  return { metadata: { name: 'x' }, spec: { versions: [{ schema: { openAPIV3Schema } }] } };
}

describe('what is generated from the CRD', () => {
  let directory: string;
  let files: ReadonlyMap<string, string>;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'zen-lead-generate-'));
    files = await filesFrom(YAML);
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it('is what is in the repository', () => {
    expect(differing(ROOT, files)).to.deep.equal([]);
  });

  it('differs where a file was edited or is missing', () => {
    const [edited = '', missing = ''] = files.keys();
    expect(differing(directory, files)).to.deep.equal([]);
    writeFileSync(join(directory, edited), `${files.get(edited) ?? ''}\n`);
    rmSync(join(directory, missing));
    expect(differing(directory, files)).to.deep.equal([edited, missing]);
  });

  it('follows the CRD: types, copy, validation and reference', async () => {
    const changed = await filesFrom(YAML.replace('enum: [Automatic, Manual]', 'enum: [Automatic, Never]'));
    const different = [...changed].filter(([path, text]) => files.get(path) !== text);
    expect(different.map(([path]) => path)).to.deep.equal([...files.keys()]);
    for (const [path, text] of different) expect(text, path).to.include('Never');
  });
});

describe('the types', () => {
  it('have for certain what is required or has a default', () => {
    const text: Schema = { type: 'string' };
    const spec: Schema = {
      type: 'object',
      required: ['a'],
      properties: { a: text, b: { ...text, default: 'x' }, c: text },
    };
    expect(typesOf(crdWith(spec))).to.include(
      'readonly a: string;\nreadonly b: string;\nreadonly c?: string;',
    );
  });

  it('name an object of status after that of spec where both have the field', () => {
    const part: Schema = { type: 'object', properties: { move: { type: 'object', properties: {} } } };
    const text = typesOf(crdWith(part, part));
    expect(text).to.include('readonly move?: LeaderPolicyMove;');
    expect(text).to.include('readonly move?: LeaderPolicyMoveStatus;');
  });

  it('ask for a name for the elements of a list of objects', () => {
    const items: Schema = { type: 'object', properties: {} };
    const spec: Schema = { type: 'object', properties: { geese: { type: 'array', items } } };
    expect(() => typesOf(crdWith(spec))).to.throw('Expected a name for an element of the list geese');
  });
});

describe('a description', () => {
  for (const [description, parts] of [
    ['What it is.', { text: 'What it is.' }],
    ['What it is. Default: none.', { text: 'What it is.', default: 'none' }],
    ['What it is. Accepted: 1 to 5, "." too.', { text: 'What it is.', accepted: '1 to 5, "." too' }],
    ['What. It is. Default: a b. Accepted: c.', { text: 'What. It is.', default: 'a b', accepted: 'c' }],
  ] as const)
    it(`is taken apart: ${description}`, () => {
      expect(readDescription({ description })).to.deep.equal(parts);
    });

  it('is there for every field, and says what a field accepts that has limits', () => {
    const { openAPIV3Schema } = (parse(YAML) as Crd).spec.versions[0].schema;
    const { spec, status } = openAPIV3Schema.properties ?? {};
    expect(missing('spec', spec ?? {}, true).concat(missing('status', status ?? {}, false))).to.deep.equal(
      [],
    );
  });
});

/** Limits that only a description can put into words. */
const LIMITS = ['pattern', 'minimum', 'maxItems', 'maxLength', 'maxProperties'];

function missing(path: string, schema: Schema, isSpec: boolean): string[] {
  const { text, accepted } = readDescription(schema);
  const needsAccepted = isSpec && LIMITS.some((limit) => limit in schema);
  const own = text === '' || (needsAccepted && accepted === undefined) ? [path] : [];
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    missing(`${path}.${name}`, each, isSpec),
  );
  const elements = [schema.items, schema.additionalProperties].filter((each) => each !== undefined);
  return [...own, ...below, ...elements.flatMap((each) => missing(`${path}[]`, each, isSpec))];
}
