/** The licences of what is in the bundle: which we accept, and their texts, which most of them ask to be passed on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundledPackage } from './contents.ts';

/** All ask for no more than that their text and notices stay with the copy. */
export const ACCEPTED: ReadonlySet<string> = new Set([
  'Apache-2.0',
  'MIT',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
]);

/** Of an SPDX expression: of the terms of OR one must be accepted, of those of AND all. Inner brackets are refused. */
export function isAccepted(licence: string): boolean {
  const terms = licence.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return terms.some((term) => term.split(' AND ').every((each) => ACCEPTED.has(each)));
}

/** One sentence for each package whose licence we do not accept. */
export function objections(packages: readonly BundledPackage[]): readonly string[] {
  return packages
    .filter(({ licence }) => !isAccepted(licence))
    .map(
      ({ name, version, licence }) =>
        `${name} ${version}: expected one of ${[...ACCEPTED].join(', ')}, got "${licence}"`,
    );
}

const TEXTS = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;

/** The texts of all packages, one after the other. @throws Error where a package brings none */
export function licenceTexts(packages: readonly BundledPackage[], root: string): string {
  const chapters = packages.map(({ name, version, licence, directory }) => {
    const path = join(root, directory);
    const texts = readdirSync(path)
      .filter((file) => TEXTS.test(file))
      .sort()
      .map((file) => readFileSync(join(path, file), 'utf8').trim());
    if (texts.length === 0) throw new Error(`Expected ${directory} to bring the text of its licence`);
    const title = `${name} ${version} (${licence})`;
    return `${title}\n${'-'.repeat(title.length)}\n\n${texts.join('\n\n')}\n`;
  });
  return `Third-party software in zen-lead.js\n\n${chapters.join('\n\n')}`;
}
