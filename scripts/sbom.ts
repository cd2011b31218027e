/** Writes a software bill of materials of the bundle and the Node.js that the image runs it on: dist/zen-lead.cdx.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf } from './bundle/contents.ts';
import { productOf } from './bundle/product.ts';
import { sbomOf } from './bundle/sbom.ts';

const ROOT = join(import.meta.dirname, '..');
const FILE = 'dist/zen-lead.cdx.json';

const contents = await contentsOf(ROOT);
const product = productOf(ROOT);
mkdirSync(join(ROOT, 'dist'), { recursive: true });
writeFileSync(join(ROOT, FILE), sbomOf(contents, product));
console.log(`${FILE}: ${String(contents.packages.length)} packages and Node.js ${product.node}`);
