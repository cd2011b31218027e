/** Bundles the operator: dist/zen-lead.js. */
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle/bundle.ts';
import { productOf } from './bundle/product.ts';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'dist', 'zen-lead.js');

const { version, commit } = productOf(root);
const started = performance.now();
await bundle({ entry: join(root, 'src', 'main.ts'), outfile, version, commit });
chmodSync(outfile, 0o755);
const size = (statSync(outfile).size / 1e6).toFixed(2);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`dist/zen-lead.js: zen-lead ${version} (commit ${commit}), ${size} MB, in ${seconds} s`);
