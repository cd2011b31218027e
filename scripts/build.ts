/** Bundles the operator, dist/zen-lead.js, and the kubectl plugin, dist/kubectl-leader.js with what kubectl finds it by. */
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle/bundle.ts';
import { PLUGIN, placePlugin } from './bundle/plugin.ts';
import { productOf } from './bundle/product.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { version, commit } = productOf(root);

async function build(entry: string, file: string): Promise<void> {
  const started = performance.now();
  const outfile = join(dist, file);
  await bundle({ entry: join(root, 'src', entry), outfile, version, commit });
  chmodSync(outfile, 0o755);
  const size = (statSync(outfile).size / 1e6).toFixed(2);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`dist/${file}: zen-lead ${version} (commit ${commit}), ${size} MB, in ${seconds} s`);
}

await build('plugin/main.ts', PLUGIN);
placePlugin(dist);
await build('main.ts', 'zen-lead.js');
