/**
 * Makes from crds/leaderpolicies.yaml what follows from it: types, the copy that the operator carries, the validation
 * and the reference. With --check it writes nothing and fails where a file differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differing, filesFrom, SOURCE } from './generate/files.ts';

const ROOT = join(import.meta.dirname, '..');

const files = await filesFrom(readFileSync(join(ROOT, SOURCE), 'utf8'));
for (const path of differing(ROOT, files)) {
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what ${SOURCE} makes; run: npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(ROOT, path), files.get(path) ?? '');
    console.log(path);
  }
}
