/** Bundles the operator: dist/zen-lead.js. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle/bundle.ts';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'dist', 'zen-lead.js');

/** Abbreviated, "-dirty" with changes on top; ZEN_LEAD_COMMIT where there is no git (an image build). */
function commitOf(directory: string): string {
  const given = process.env['ZEN_LEAD_COMMIT'] ?? '';
  if (given !== '') return given;
  try {
    const args = ['-C', directory, 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const started = performance.now();
const commit = commitOf(root);
await bundle({ entry: join(root, 'src', 'main.ts'), outfile, version, commit });
chmodSync(outfile, 0o755);
const size = (statSync(outfile).size / 1e6).toFixed(2);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`dist/zen-lead.js: zen-lead ${version} (commit ${commit}), ${size} MB, in ${seconds} s`);
