/** What follows from crds/leaderpolicies.yaml: file by file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { referenceOf } from './reference.ts';
import type { Crd } from './schema.ts';
import { typesOf } from './types.ts';
import { validationOf } from './validation.ts';

export const SOURCE = 'crds/leaderpolicies.yaml';
const NOTE = `Generated from ${SOURCE} by scripts/generate.ts: do not edit.`;

const FILES: Readonly<Record<string, (crd: Crd, yaml: string) => string>> = {
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
  // A package of the chart holds nothing from outside of its directory.
  'config/chart/crds/leaderpolicies.yaml': (_, yaml) => `# ${NOTE}\n${yaml.replace(/^#.*\n/gm, '')}`,
};

/** Content by path. @param yaml the CRD */
export async function filesFrom(yaml: string): Promise<ReadonlyMap<string, string>> {
  const crd = parse(yaml) as Crd;
  const options = await resolveConfig(import.meta.filename);
  const files = new Map<string, string>();
  for (const [path, make] of Object.entries(FILES)) {
    const text = make(crd, yaml);
    files.set(path, path.endsWith('.ts') ? await format(text, { ...options, filepath: path }) : text);
  }
  return files;
}

/** Paths of those that are missing under `root` or not the same there. */
export function differing(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].filter(([path, text]) => contentOf(join(root, path)) !== text).map(([path]) => path);
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
