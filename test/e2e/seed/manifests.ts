/** The samples as they are, but for the image: no registry is asked. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RECIPES } from '../../node/images/recipes.ts';

const SAMPLES = resolve(import.meta.dirname, '../../../config/samples');
const IMAGE = /^(\s*(?:- )?image:) \S+/gm;

/** @param file name of a sample of PostgreSQL */
export function sample(file: string): string {
  const text = readFileSync(`${SAMPLES}/${file}`, 'utf8');
  const local = text.replace(IMAGE, `$1 ${RECIPES.postgres.name}`);
  if (local === text) throw new Error(`Expected ${file} to name an image`);
  return local;
}
