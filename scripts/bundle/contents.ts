/** Which packages are in the bundle, by esbuild's own account of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle } from './bundle.ts';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** What its package.json states, an SPDX expression as a rule; '' where it states nothing. */
  readonly licence: string;
  /** From the project's root: node_modules/… */
  readonly directory: string;
  /** Of its code in the bundle. */
  readonly bytes: number;
  /** Subresource integrity of its archive, from the lockfile: sha512-… in base64. */
  readonly integrity: string;
  /** Directories of the packages that its code in the bundle imports. */
  readonly imports: readonly string[];
}

export interface Contents {
  /** By name, then directory. */
  readonly packages: readonly BundledPackage[];
  /** Directories of the packages that our own code imports. */
  readonly imports: readonly string[];
}

type Lockfile = Readonly<{ packages: Readonly<Record<string, { integrity?: string } | undefined>> }>;

const OWN = '';
const NODE_MODULES = 'node_modules/';
const SHIMS = 'scripts/bundle/shims/';

/**
 * Bundles without writing anything.
 * @param root the project's directory, with its packages installed
 * @param entry under src: the operator, unless told otherwise
 */
export async function contentsOf(root: string, entry = 'main.ts'): Promise<Contents> {
  const options = { entry: join(root, 'src', entry), outfile: join(root, 'dist', 'bundle.js') };
  const unwritten = { write: false, absWorkingDir: root };
  return packagesIn(await bundle({ ...options, version: '', commit: '' }, unwritten), root);
}

/** @throws Error where a package is not in the lockfile */
export function packagesIn(metafile: Metafile, root: string): Contents {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const { packages: locked } = read('package-lock.json') as Lockfile;
  const imports = importsIn(metafile);
  const packages = [...sizesIn(metafile)].map(([directory, bytes]): BundledPackage => {
    const manifest = read(`${directory}/package.json`) as {
      name: string;
      version: string;
      license?: unknown;
    };
    const integrity = locked[directory]?.integrity;
    if (integrity === undefined) throw new Error(`Expected ${directory} to be in package-lock.json`);
    return {
      name: manifest.name,
      version: manifest.version,
      licence: typeof manifest.license === 'string' ? manifest.license : '',
      directory,
      bytes,
      integrity,
      imports: imports(directory),
    };
  });
  packages.sort((a, b) => compare(a.name, b.name) || compare(a.directory, b.directory));
  return { packages, imports: imports(OWN) };
}

/** Bytes in the output by the directory of the package; our own code is left out. */
function sizesIn({ outputs }: Metafile): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const [path, bytes] of inputsOf(outputs)) {
    const directory = directoryOf(path);
    if (directory !== OWN) sizes.set(directory, (sizes.get(directory) ?? 0) + bytes);
  }
  return sizes;
}

/** A shim imports for the sake of whoever imports the shim. */
function importsIn({ inputs, outputs }: Metafile): (directory: string) => readonly string[] {
  const bundled = inputsOf(outputs).map(([path]) => path);
  const behind = (path: string): string[] =>
    (inputs[path]?.imports ?? []).flatMap(({ path: target }) =>
      isShim(target) ? behind(target) : bundled.includes(target) ? [directoryOf(target)] : [],
    );
  const edges = new Map<string, Set<string>>();
  for (const path of bundled.filter((each) => !isShim(each))) {
    const from = directoryOf(path);
    const targets = edges.get(from) ?? new Set();
    edges.set(from, targets);
    for (const to of behind(path)) if (to !== from && to !== OWN) targets.add(to);
  }
  return (directory) => [...(edges.get(directory) ?? [])].sort(compare);
}

function isShim(path: string): boolean {
  return path.startsWith(SHIMS) || path.startsWith('lean:');
}

/** What of the input has left anything in the output. */
function inputsOf(outputs: Metafile['outputs']): [path: string, bytes: number][] {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .map(([path, { bytesInOutput }]): [string, number] => [path, bytesInOutput])
    .filter(([, bytes]) => bytes > 0);
}

/** Of the innermost package that a file belongs to; '' for our own. */
function directoryOf(path: string): string {
  const end = path.lastIndexOf(NODE_MODULES);
  if (end === -1) return OWN;
  const start = end + NODE_MODULES.length;
  const [first = '', second = ''] = path.slice(start).split('/');
  return path.slice(0, start) + (first.startsWith('@') ? `${first}/${second}` : first);
}

/** The same everywhere, unlike localeCompare. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
