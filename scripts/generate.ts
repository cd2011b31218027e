/**
 * Makes from crds/leaderpolicies.yaml what follows from it: types, the copy that the operator carries, the validation
 * and the reference; and the chart's copies of rules and dashboard. With --check it writes nothing and fails where a
 * file differs.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chartFilesFrom } from './generate/chart.ts';
import { differing, filesFrom, SOURCE } from './generate/files.ts';

const ROOT = join(import.meta.dirname, '..');

const files = new Map([
  ...(await filesFrom(readFileSync(join(ROOT, SOURCE), 'utf8'))),
  ...chartFilesFrom(ROOT),
]);
for (const path of differing(ROOT, files)) {
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what its source makes; run: npm run generate`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), files.get(path) ?? '');
    console.log(path);
  }
}
