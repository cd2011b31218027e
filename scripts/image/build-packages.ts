/**
 * In an image build: takes from package.json and package-lock.json, in the current directory, the development packages that
 * bundling does not need, so that `npm ci` does not install them. What is left keeps its version and hash.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const NEEDED: ReadonlySet<string> = new Set(['esbuild', '@cyclonedx/cyclonedx-library']);

interface Manifest {
  devDependencies: Readonly<Record<string, string>>;
}

function prune(manifest: Manifest): void {
  const all = Object.entries(manifest.devDependencies);
  manifest.devDependencies = Object.fromEntries(all.filter(([name]) => NEEDED.has(name)));
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: { '': Manifest } };
prune(manifest);
prune(lockfile.packages['']);
writeFileSync('package.json', JSON.stringify(manifest));
writeFileSync('package-lock.json', JSON.stringify(lockfile));
