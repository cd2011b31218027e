/** No link of the pages, or to them, leads nowhere. Addresses outside of the repository are not asked. */
import { expect } from 'chai';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { anchorsIn, linksIn, pathsIn } from '../../docs/support/links.ts';
import { PAGES, read, ROOT } from '../../docs/support/pages.ts';

/** Text that is no page and names pages and files. */
const OTHERS = [
  'config/chart',
  'config/prometheus',
  'config/rbac',
  'crds',
  'src',
  'scripts',
  'Dockerfile',
  'Makefile',
];

function filesIn(path: string): string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path), { encoding: 'utf8', recursive: true })
    .map((name) => join(path, name))
    .filter((file) => statSync(join(ROOT, file)).isFile());
}

/** Why a link of a file does not lead anywhere. */
function problemOf(file: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : relative(ROOT, join(ROOT, dirname(file), decodeURIComponent(path)));
  if (target.startsWith('..')) return 'outside of the repository';
  if (!existsSync(join(ROOT, target))) return `there is no ${target}`;
  if (anchor === undefined) return undefined;
  const text = read(target);
  const there = target.endsWith('.md') ? anchorsIn(text).includes(anchor) : text.includes(`id="${anchor}"`);
  return there ? undefined : `${target} has no #${anchor}`;
}

function problemsOf(file: string): string[] {
  return linksIn(read(file))
    .filter((link) => !/^[a-z]+:/.test(link))
    .flatMap((link) => problemOf(file, link) ?? [])
    .map((problem) => `${file}: ${problem}`);
}

describe('links', () => {
  for (const page of PAGES)
    it(`${page}: every one leads to a file or a heading`, () => {
      expect(problemsOf(page)).to.deep.equal([]);
    });

  it('of pictures lead somewhere', () => {
    const pictures = filesIn('docs').filter((file) => file.endsWith('.svg'));
    expect(pictures.flatMap(problemsOf)).to.deep.equal([]);
  });

  it('are of addresses outside only by https', () => {
    const outside = PAGES.flatMap((page) => linksIn(read(page)).filter((link) => /^[a-z]+:/.test(link)));
    expect(outside.length).to.be.greaterThan(3);
    expect(outside.filter((link) => !link.startsWith('https://'))).to.deep.equal([]);
  });
});

describe('names of files', () => {
  const missing = (path: string): boolean => !existsSync(join(ROOT, path));

  it('in the text of the pages are of files that are there', () => {
    for (const page of PAGES) expect(pathsIn(read(page)).filter(missing), page).to.deep.equal([]);
  });

  it('of pages in code, chart and manifests are of pages that are there', () => {
    const files = OTHERS.flatMap(filesIn);
    const named = files.flatMap((file) =>
      [...read(file).matchAll(/\bdocs\/[\w/-]+\.(?:md|svg)\b/g)].map(([path]) => path),
    );
    expect(named.length).to.be.greaterThan(20);
    expect(named.filter(missing)).to.deep.equal([]);
  });
});
