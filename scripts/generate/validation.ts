/**
 * ajv's validation of spec as code. ajv itself stays out of the operator: with its compiler it takes 22 MB of memory, and
 * it would have to compile while a failover waits.
 */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { partOf } from './schema.ts';
import type { Crd, Schema } from './schema.ts';

/** The one helper that the code asks ajv for: the length in Unicode characters, as the API server counts it. */
const UCS2LENGTH = 'require("ajv/dist/runtime/ucs2length").default';

export function validationOf(crd: Crd): string {
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: true,
    strict: true,
    allowUnionTypes: true,
    messages: false,
    // The range is stated by minimum and maximum, which are checked.
    formats: { int32: true },
    code: { source: true, esm: true },
  });
  const code = standalone
    .default(ajv, ajv.compile(forAjv(partOf(crd, 'spec')) as object))
    .replace('"use strict";', '')
    .replace(/export const validate = (\w+);export default \w+;/, '')
    .replaceAll(UCS2LENGTH, '(text) => [...text].length');
  const [, main] = /^const schema\d+ = .*?function (validate\d+)\(/s.exec(code) ?? [];
  if (main === undefined || code.includes('require(')) {
    throw new Error('Expected code of ajv that needs nothing, look at what this version makes');
  }
  return `${code}\nexport const validateSchema = ${main} as unknown as SchemaValidation;`;
}

/** What ajv knows: descriptions and x-kubernetes-* are left out. Their twins are in leader-policy-rules.ts. */
function forAjv(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forAjv);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(
    ([key, each]) => !key.startsWith('x-kubernetes-') && !(key === 'description' && typeof each === 'string'),
  );
  const intOrString = (value as Schema)['x-kubernetes-int-or-string'] === true;
  return {
    ...(intOrString ? { type: ['integer', 'string'] } : {}),
    ...Object.fromEntries(known.map(([key, each]) => [key, forAjv(each)])),
  };
}
