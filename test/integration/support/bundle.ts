import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../../..');
const BUILT = join(ROOT, 'dist/zen-lead.js');
/** What users run; ZEN_LEAD_BUNDLE names another build, which is taken as it is. */
export const BUNDLE = process.env['ZEN_LEAD_BUNDLE'] ?? BUILT;
const BUILD = join(ROOT, 'scripts/build.ts');
/** What goes into the bundle. */
const SOURCES = ['src', 'scripts/build.ts', 'package-lock.json'];

let built: Promise<void> | undefined;

/** Builds dist/zen-lead.js where it is missing or older than its sources, once a process. */
export function ensureBundle(): Promise<void> {
  built ??= build();
  return built;
}

async function build(): Promise<void> {
  if (BUNDLE !== BUILT) return;
  if (modifiedAt(BUILT) > Math.max(...SOURCES.map((path) => newestUnder(join(ROOT, path))))) return;
  await promisify(execFile)(process.execPath, [BUILD], { cwd: ROOT });
}

function newestUnder(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return stat?.mtimeMs ?? 0;
  return Math.max(0, ...readdirSync(path).map((name) => newestUnder(join(path, name))));
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
