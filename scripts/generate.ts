/**
 * Makes from crds/leaderpolicies.yaml what follows from it: types, the copy that the operator carries, the validation
 * and the reference. With --check it writes nothing and fails where a file differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { referenceOf } from './generate/reference.ts';
import type { Crd } from './generate/schema.ts';
import { typesOf } from './generate/types.ts';
import { validationOf } from './generate/validation.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = 'crds/leaderpolicies.yaml';
const NOTE = `Generated from ${SOURCE} by scripts/generate.ts: do not edit.`;

const FILES: Readonly<Record<string, (crd: Crd) => string>> = {
  'src/api/leader-policy.ts': (crd) =>
    `/** The LeaderPolicy, with its defaults applied. ${NOTE} */\n\n${typesOf(crd)}`,
  'src/api/leader-policy-crd.ts': (crd) => `/* eslint-disable max-lines -- it is as long as the CRD */
    /** The CustomResourceDefinition. ${NOTE} */
    export const LEADER_POLICY_CRD = ${JSON.stringify(crd)} as const;`,
  'src/api/leader-policy-schema.ts': (crd) => `/* eslint-disable -- code of ajv */
    // @ts-nocheck
    /** The validation of spec against the schema of the CRD, by ajv. ${NOTE} */
    import type { SchemaValidation } from './leader-policy-validator.ts';
    ${validationOf(crd)}`,
  'docs/leader-policy.md': (crd) => `<!-- ${NOTE} -->\n\n${referenceOf(crd)}\n`,
};

async function generate(check: boolean): Promise<readonly string[]> {
  const crd = parse(readFileSync(join(ROOT, SOURCE), 'utf8')) as Crd;
  const different: string[] = [];
  for (const [path, make] of Object.entries(FILES)) {
    const file = join(ROOT, path);
    const text = path.endsWith('.ts')
      ? await format(make(crd), { ...(await resolveConfig(file)), filepath: file })
      : make(crd);
    if (text === contentOf(file)) continue;
    different.push(path);
    if (!check) writeFileSync(file, text);
  }
  return different;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const check = process.argv.includes('--check');
for (const path of await generate(check)) {
  if (check) {
    console.error(`${path} differs from what ${SOURCE} makes; run: npm run generate`);
    process.exitCode = 1;
  } else console.log(path);
}
