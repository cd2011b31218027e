/** Builds the container image; ENGINE, IMAGE, BASE, BUILD_BASE and SOURCE are told in docs/image.md. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { productOf } from './bundle/product.ts';
import { makeDebianBases } from './image/debian-bases.ts';
import { buildArguments, DEBIAN, imageOptions, tagOf } from './image/options.ts';

const ROOT = join(import.meta.dirname, '..');

function originOf(directory: string): string {
  try {
    const args = ['-C', directory, 'remote', 'get-url', 'origin'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

const product = productOf(ROOT);
const { engine, ...options } = imageOptions(process.env, originOf(ROOT));
const [command = '', ...flags] = engine;
const bases = options.base === DEBIAN ? makeDebianBases(engine, process.execPath) : {};
const args = buildArguments({ ...options, ...bases }, product);
const { status } = spawnSync(command, [...flags, ...args], { cwd: ROOT, stdio: 'inherit' });
if (status === 0) {
  const { version, commit } = product;
  console.log(`${options.image}:${tagOf(version)}: zen-lead ${version} (commit ${commit})`);
} else {
  console.error(`expected ${command} build to succeed, got exit status ${String(status)}`);
  process.exitCode = 1;
}
