/**
 * Fails where a package of the bundle has a licence that we do not accept; else writes docs/bundle.md and the texts of all
 * licences, dist/zen-lead.licences.txt. With --check it writes nothing and fails where docs/bundle.md is out of date.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { contentsOf } from './bundle/contents.ts';
import { licenceTexts, objections } from './bundle/licences.ts';
import { factsOf, pageOf } from './bundle/page.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = 'docs/bundle.md';
const TEXTS = 'dist/zen-lead.licences.txt';

function write(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

const contents = await contentsOf(ROOT);
const objected = objections(contents.packages);
for (const objection of objected) console.error(objection);
if (objected.length > 0) process.exit(1);

const page = pageOf(contents);
if (!process.argv.includes('--check')) {
  write(PAGE, page);
  write(TEXTS, licenceTexts(contents.packages, ROOT));
  console.log(`${PAGE}, ${TEXTS}: ${String(contents.packages.length)} packages`);
} else if (!isDeepStrictEqual(factsOf(readFileSync(join(ROOT, PAGE), 'utf8')), factsOf(page))) {
  console.error(`${PAGE} is not what is in the bundle; run: make licences`);
  process.exitCode = 1;
}
