/**
 * Asks npm's registry about each package of the bundles: is it deprecated, has it a known advisory, is there a newer version.
 * Ends with 0 where all is well, 1 where something was found, 3 where nothing was found but not everything could be asked.
 */
import { join } from 'node:path';
import { ask } from './audit/ask.ts';
import { verdictOf } from './audit/verdict.ts';
import { contentsOf } from './bundle/contents.ts';

const ROOT = join(import.meta.dirname, '..');

const bundles = await Promise.all(['main.ts', 'plugin/main.ts'].map((entry) => contentsOf(ROOT, entry)));
const packages = new Map(bundles.flatMap((each) => each.packages).map((each) => [each.directory, each]));
const { lines, status } = verdictOf(
  [...packages.values()],
  await ask([...packages.values()], { root: ROOT, env: process.env }),
);
for (const line of lines) console.log(line);
process.exitCode = status;
