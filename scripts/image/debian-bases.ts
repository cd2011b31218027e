/** Both bases of the image from Debian packages and the machine's npm, for where no registry of images can be reached. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SUITE = 'bookworm';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

export interface Bases {
  readonly base: string;
  readonly buildBase: string;
}

/** Needs root and mmdebstrap; takes about 20 seconds. @param node the executable that the build runs on */
export function makeDebianBases(engine: readonly string[], node: string): Bases {
  const directory = mkdtempSync(join(tmpdir(), 'zen-lead-image-'));
  const archive = join(directory, 'root.tar');
  try {
    // Extracted, not installed: no shell, no package manager, no user. As little as in the base that it stands for.
    run('mmdebstrap', ['--variant=extract', '--include=libc6,libstdc++6,libgcc-s1', SUITE, archive]);
    const base = imported(engine, archive, 'localhost/zen-lead-base:debian', []);
    rmSync(archive);
    run('mmdebstrap', ['--variant=essential', '--include=libstdc++6', ...hooks(node), SUITE, archive]);
    const trusted = [`ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}`];
    return { base, buildBase: imported(engine, archive, 'localhost/zen-lead-build-base:debian', trusted) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Node.js, npm and the certificates that the machine trusts, put into the root file system. */
function hooks(node: string): string[] {
  const npm = realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim());
  const steps = [
    'mkdir -p "$1/usr/local/bin" "$1/usr/local/lib/node_modules" "$1/etc/ssl/certs"',
    `copy-in ${node} /usr/local/bin`,
    `copy-in ${resolve(npm, '../..')} /usr/local/lib/node_modules`,
    `copy-in ${CERTIFICATES} /etc/ssl/certs`,
    'ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"',
  ];
  return steps.map((step) => `--customize-hook=${step}`);
}

function imported(
  [command = '', ...options]: readonly string[],
  archive: string,
  name: string,
  changes: readonly string[],
): string {
  const flags = changes.flatMap((change) => ['--change', change]);
  run(command, [...options, 'import', ...flags, archive, name]);
  return name;
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
