/**
 * Whether a LeaderPolicy is one that this operator understands. The API server has checked it against the CRD that was
 * there when it was written, which may be an older or a newer one than ours.
 */
import { LEADER_POLICY_CRD } from './leader-policy-crd.ts';
import { RULES } from './leader-policy-rules.ts';
import { validateSchema } from './leader-policy-schema.ts';
import type { LeaderPolicySpec } from './leader-policy.ts';

/** What ajv says of one value that its schema does not accept. */
export interface SchemaError {
  /** JSON pointer: /ports/0/port */
  readonly instancePath: string;
  /** JSON pointer: #/properties/ports/items/properties/port/maximum */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Applies the defaults to the data in place. */
export interface SchemaValidation {
  (data: unknown): boolean;
  /** Of the last call. */
  readonly errors?: readonly SchemaError[] | null;
}

export type Validated =
  | { readonly spec: LeaderPolicySpec; readonly problems: readonly [] }
  | { readonly problems: readonly string[] };

/** A schema of the CRD, as far as it is read here. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

const SPEC: Schema = LEADER_POLICY_CRD.spec.versions[0].schema.openAPIV3Schema.properties.spec;
/** More would not be read, and an Event holds 1,024 characters. */
const MAX_PROBLEMS = 5;
const MAX_SHOWN = 80;

/**
 * @param raw `spec` of a LeaderPolicy as read from the API server; it is not changed
 * @returns the spec with its defaults, or at most 5 problems, each a sentence that names the field, its value and what
 *   is accepted. Fields that this operator does not know are left alone.
 */
export function validateSpec(raw: unknown): Validated {
  const data: unknown = structuredClone(raw);
  const found = validateSchema(data)
    ? rulesBroken(data as LeaderPolicySpec)
    : (validateSchema.errors ?? []).map((error) => describe(error, data));
  if (found.length === 0) return { spec: data as LeaderPolicySpec, problems: [] };
  // A value that is too short, too large and of the wrong form is one problem.
  const problems = new Set(found.map(({ path, text }) => `${path}: ${text}`));
  return { problems: [...problems].slice(0, MAX_PROBLEMS) };
}

interface Problem {
  readonly path: string;
  readonly text: string;
}

function rulesBroken(spec: LeaderPolicySpec): readonly Problem[] {
  return RULES.flatMap(({ message, broken }) =>
    broken(spec).map(({ at, value }) => ({
      path: pathOf(at),
      text: value === undefined ? message : `${show(value)} is not accepted; ${message}`,
    })),
  );
}

function describe({ instancePath, keyword, params }: SchemaError, data: unknown): Problem {
  const at = instancePath.split('/').slice(1).map(unescapePointer);
  if (keyword === 'required') {
    const missing = [...at, String(params['missingProperty'])];
    return { path: pathOf(missing), text: `it is required; ${accepted(schemaAt(missing))}` };
  }
  return { path: pathOf(at), text: `${show(valueAt(data, at))} is not accepted; ${accepted(schemaAt(at))}` };
}

function accepted({ enum: values, type, description = '', properties }: Schema): string {
  if (values !== undefined) return `accepted are ${values.join(', ')}`;
  if (type === 'boolean') return 'accepted are true, false';
  const [, text] = /\bAccepted: (.*)\.$/s.exec(description) ?? [];
  if (text !== undefined) return `accepted is ${text}`;
  return properties === undefined
    ? `accepted is a value of type ${String(type)}`
    : `accepted is an object with ${Object.keys(properties).join(', ')}`;
}

function schemaAt(at: readonly string[]): Schema {
  return at.reduce<Schema>(
    (schema, key) => schema.properties?.[key] ?? schema.additionalProperties ?? schema.items ?? {},
    SPEC,
  );
}

function valueAt(data: unknown, at: readonly string[]): unknown {
  return at.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], data);
}

/** spec.ports[0].port, spec.leaderService.labels["example.com/team"] */
function pathOf(at: readonly string[]): string {
  const steps = at.map((key, index) => {
    const { properties, items } = schemaAt(at.slice(0, index));
    if (items !== undefined) return `[${key}]`;
    return properties === undefined ? `[${show(key)}]` : `.${key}`;
  });
  return `spec${steps.join('')}`;
}

function unescapePointer(text: string): string {
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A value may be as large as the API server takes. */
function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 3).toWellFormed()}...`;
}
