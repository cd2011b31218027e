/** What the end-to-end tests measured, for people and programs: out/e2e, and the docs where UPDATE_DOCS says so. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const OUT = join(ROOT, 'out/e2e');

export function write(name: string, content: string): void {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, name), content);
}

/** Times with a microsecond's precision: more was not measured. */
export function writeJson(name: string, value: unknown): void {
  const rounded = (_: string, each: unknown): unknown =>
    typeof each === 'number' ? Math.round(each * 1_000) / 1_000 : each;
  write(name, `${JSON.stringify(value, rounded, 1)}\n`);
}

/** With UPDATE_DOCS=1: what a run has measured becomes what the docs say. */
export function updatesDocs(): boolean {
  return process.env['UPDATE_DOCS'] === '1';
}

export function writeDoc(path: string, content: string): void {
  const file = join(ROOT, 'docs', path);
  mkdirSync(resolve(file, '..'), { recursive: true });
  writeFileSync(file, content);
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->` of a page. Throws where they are not there. */
export function replaceIn(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`Expected ${start} and ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${content}\n\n${page.slice(to)}`;
}

export function updateDoc(path: string, name: string, content: string): void {
  const file = join(ROOT, 'docs', path);
  writeDoc(path, replaceIn(readFileSync(file, 'utf8'), name, content));
}
