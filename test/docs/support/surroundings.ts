/** What a reader's shell finds: the repository, the tools in PATH, a kubeconfig. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from './pages.ts';

/** Stand-ins for tools; they find the real ones by variables. */
const WRAPPERS = join(import.meta.dirname, '..', 'bin');
const DIST = join(ROOT, 'dist');

export interface Surroundings {
  /** Has all that the root of the repository has, so that what a command writes or deletes there is not the repository's. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Tools {
  readonly kubectl: string;
  readonly helm: string;
}

/** A directory with what is in PATH. */
export function makeBin(parent: string, { helm }: Tools): string {
  const bin = join(parent, 'bin');
  mkdirSync(bin);
  const targets = {
    helm,
    node: process.execPath,
    'zen-lead': join(DIST, 'zen-lead.js'),
    'kubectl-leader': join(DIST, 'kubectl-leader.js'),
    'kubectl_complete-leader': join(DIST, 'kubectl_complete-leader'),
    kubectl: join(WRAPPERS, 'kubectl'),
    make: join(WRAPPERS, 'make'),
  };
  for (const [name, target] of Object.entries(targets)) symlinkSync(target, join(bin, name));
  return bin;
}

export interface SurroundingsOptions {
  /** Where the directory is made. */
  readonly parent: string;
  readonly bin: string;
  readonly tools: Tools;
  /** The admin's. */
  readonly kubeconfig: string;
  readonly namespace: string;
}

export function makeSurroundings(options: SurroundingsOptions): Surroundings {
  const root = mkdtempSync(join(options.parent, `${options.namespace}-`));
  for (const name of readdirSync(ROOT)) symlinkSync(join(ROOT, name), join(root, name));
  const home = join(root, '.home');
  mkdirSync(home);
  const kubeconfig = join(home, 'kubeconfig');
  writeFileSync(kubeconfig, inNamespace(options.kubeconfig, options.namespace), { mode: 0o600 });
  const path = process.env['PATH'] ?? '';
  const env = {
    HOME: home,
    KUBECONFIG: kubeconfig,
    PATH: [options.bin, path].join(delimiter),
    LANG: 'C.UTF-8',
    REAL_KUBECTL: options.tools.kubectl,
    REAL_MAKE: inPath('make', path),
  };
  return { root, env };
}

/** The kubeconfig with another namespace in its contexts. */
function inNamespace(path: string, namespace: string): string {
  const config = parse(readFileSync(path, 'utf8')) as { contexts: { context: object }[] };
  const contexts = config.contexts.map((each) => ({ ...each, context: { ...each.context, namespace } }));
  return stringify({ ...config, contexts });
}

function inPath(name: string, path: string): string {
  const found = path
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`Expected ${name} to be in PATH, got ${path}`);
  return found;
}
