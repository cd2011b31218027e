/** docs/leader-policy.md: what `kubectl explain` says, on one page. */
import { intro } from './intro.ts';
import { partOf, readDescription } from './schema.ts';
import type { Crd, Schema } from './schema.ts';

export function referenceOf(crd: Crd): string {
  const [spec, status] = [partOf(crd, 'spec'), partOf(crd, 'status')];
  return [
    intro,
    '## Spec',
    table(['field', 'type', 'default', 'accepted', 'description'], fieldsOf(spec).map(specRow)),
    '## Rules',
    'Beside what each field accepts. The API server refuses a policy that breaks one, with these words; zen-lead says them too, in the condition `Ready` with reason `InvalidPolicy`, of a policy that was stored under another version of the CRD.',
    table(['field', 'rule'], ruleRows(rulesOf('spec', spec))),
    '## Status',
    table(
      ['field', 'type', 'description'],
      fieldsOf(status).map(({ path, schema }) => [code(path), typeOf(schema), readDescription(schema).text]),
    ),
  ].join('\n\n');
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** All below, parents first. */
function fieldsOf(schema: Schema, prefix = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name;
    const required = schema.required?.includes(name) === true;
    const inside =
      field.items === undefined ? fieldsOf(field, `${path}.`) : fieldsOf(field.items, `${path}[].`);
    return [{ path, schema: field, required }, ...inside];
  });
}

function specRow({ path, schema, required }: Field): string[] {
  const { text, default: described, accepted } = readDescription(schema);
  const { default: value } = schema;
  const byDefault =
    value === undefined || typeof value === 'object' ? described : code(JSON.stringify(value));
  return [
    code(path),
    typeOf(schema),
    required ? 'required' : (byDefault ?? ''),
    acceptedBy(schema) ?? accepted ?? '',
    text,
  ];
}

function acceptedBy({ enum: values, type }: Schema): string | undefined {
  if (type === 'boolean') return '`true`, `false`';
  return values?.map(code).join(', ');
}

function typeOf(schema: Schema): string {
  if (schema['x-kubernetes-int-or-string']) return 'integer or string';
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}s`;
  if (schema.additionalProperties !== undefined) return 'map';
  return schema.format === 'date-time' ? 'time' : (schema.type ?? '');
}

interface RuleAt {
  readonly path: string;
  readonly message: string;
}

function rulesOf(path: string, schema: Schema): RuleAt[] {
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ fieldPath = '', message }) => ({
    path: `${path}${fieldPath}`,
    message,
  }));
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    rulesOf(`${path}.${name}`, each),
  );
  return [...own, ...below, ...(schema.items === undefined ? [] : rulesOf(`${path}[]`, schema.items))];
}

/** One that many fields have is one row. */
function ruleRows(rules: readonly RuleAt[]): string[][] {
  const rows = Map.groupBy(rules, ({ message }) => message);
  return [...rows].map(([message, places]) => [places.map(({ path }) => code(path)).join(', '), message]);
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // What looks like a tag, such as <serviceRef.name>, would not be shown.
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
