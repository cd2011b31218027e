/** The operator's own image, by the project's Dockerfile and podman, as `make image BASE=debian` makes it. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from '../../cluster/build/go.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** What the Dockerfile copies and the bundle is made from. */
const SOURCES = [
  'Dockerfile',
  'LICENSE',
  '.npmrc',
  'package-lock.json',
  'src',
  'scripts/build.ts',
  'scripts/licences.ts',
  'scripts/sbom.ts',
  'scripts/image.ts',
  'scripts/bundle',
  'scripts/image',
];
/** With the chart's own values a pod asks for zen-lead, and that is short for this. */
const NAME = 'docker.io/library/zen-lead';
/** In a mount namespace of its own, since podman wants a short path. */
const STORAGE = '/mnt';

export interface OperatorInputs {
  readonly version: string;
  /** Stands for the content of all sources. */
  readonly hash: string;
}

export async function operatorInputs(root = ROOT): Promise<OperatorInputs> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const path of await filesUnder(join(root, source))) {
      hash.update(`${path.slice(root.length)}\0`).update(await readFile(path));
    }
  }
  const text = await readFile(join(root, 'package.json'), 'utf8');
  // Commands for developers change often, and make no other image.
  const { scripts: _, ...manifest } = JSON.parse(text) as { version: string; scripts?: object };
  hash.update(JSON.stringify(manifest));
  const { version } = manifest;
  return { version, hash: hash.digest('hex').slice(0, 12) };
}

/**
 * Writes the image's archive. Podman keeps its images in `directory` and mounts only in a mount namespace that ends with it:
 * nothing is left among the user's images, nor mounted.
 */
export async function makeOperatorImage(
  output: string,
  directory: string,
  { version, hash }: OperatorInputs,
): Promise<void> {
  const storage = ['root', 'runroot', 'tmpdir'].map((name) => `--${name}=${STORAGE}/${name}`);
  // For machines without systemd.
  const engine = ['podman', ...storage, '--runtime=runc', '--cgroup-manager=cgroupfs'].join(' ');
  const build = [process.execPath, join(ROOT, 'scripts/image.ts')];
  const variables = {
    ENGINE: engine,
    IMAGE: NAME,
    BASE: 'debian',
    BUILD_BASE: '',
    // The same sources make the same image, whatever has been committed.
    ZEN_LEAD_COMMIT: `sources-${hash}`,
    ZEN_LEAD_VERSION: version,
  };
  const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const script = `mount --bind "$STORAGE" ${STORAGE} && "$@" >&2 && exec ${engine} save --quiet --output "$OUTPUT" ${NAME}:${version}`;
  const shell = ['sh', '-ec', script, 'sh', ...build];
  const own = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'env',
    `OUTPUT=${output}`,
    `STORAGE=${directory}`,
  ];
  const [command = '', ...args] = [...own, ...environment, ...shell];
  await run(command, args);
}

/** In one order on every machine. */
async function filesUnder(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).sort();
  return (await Promise.all(names.map((name) => filesUnder(join(path, name))))).flat();
}
