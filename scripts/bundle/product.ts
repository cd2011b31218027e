/** What is built: from package.json and git, or, in an image build, where there is no git, from the environment. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Product {
  readonly name: string;
  /** ZEN_LEAD_VERSION, else that of package.json. */
  readonly version: string;
  /** ZEN_LEAD_COMMIT, else git's: abbreviated, "-dirty" with changes on top. "unknown" without either. */
  readonly commit: string;
  readonly licence: string;
  readonly description: string;
  /** Version of the Node.js that is pinned for tests and the image. */
  readonly node: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description: string;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** @throws Error where package.json pins no Node.js, or not the same for each platform */
export function productOf(root: string, env: NodeJS.ProcessEnv = process.env): Product {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  return {
    name: manifest.name,
    version: given(env['ZEN_LEAD_VERSION']) ?? manifest.version,
    commit: given(env['ZEN_LEAD_COMMIT']) ?? commitOf(root),
    licence: manifest.license,
    description: manifest.description,
    node: nodeOf(manifest),
  };
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function commitOf(directory: string): string {
  try {
    const args = ['-C', directory, 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

function nodeOf({ optionalDependencies }: Manifest): string {
  const pinned = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('node-linux-'));
  const [version, ...others] = new Set(pinned.map(([, each]) => each));
  if (version === undefined || others.length > 0) {
    throw new Error(`Expected package.json to pin one version of Node.js, got ${JSON.stringify(pinned)}`);
  }
  return version;
}
