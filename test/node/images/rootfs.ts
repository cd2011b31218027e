/** Root file systems from Debian packages. */
import { run } from '../../cluster/build/go.ts';
import { SUITE } from './recipes.ts';
import type { Recipe } from './recipes.ts';

/** Documentation, and LLVM, which PostgreSQL compiles long queries with and goes without where it is absent: a third of the size. */
const LEFT_OUT = [
  '/usr/share/doc/*',
  '/usr/share/man/*',
  '/usr/share/locale/*',
  '/usr/lib/*/libLLVM*',
  '/usr/lib/llvm*',
  '/usr/lib/postgresql/*/lib/llvmjit*',
  '/usr/lib/postgresql/*/lib/bitcode/*',
];

/** What mmdebstrap is told. */
export function rootfsArguments({ packages, commands }: Recipe, output: string): string[] {
  return [
    '--quiet',
    // What the commands make there, such as the directory of the sockets, is to stay.
    '--skip=cleanup/run',
    '--variant=minbase',
    // Else the directory of PostgreSQL's sockets would go, which no init system makes in a container.
    '--skip=cleanup/run',
    `--include=${packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    ...commands.map((command) => `--customize-hook=chroot "$1" sh -ec ${quoted(command)}`),
    '--customize-hook=rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/*',
    SUITE,
    output,
  ];
}

/**
 * Makes the tar archive `output`. Where it is killed, no mount is left, since its mount namespace ends with it, and no files
 * but in `directory`.
 */
export async function makeRootfs(recipe: Recipe, output: string, directory: string): Promise<void> {
  const own = ['--mount', '--propagation', 'private', 'env', `TMPDIR=${directory}`];
  await run('unshare', [...own, 'mmdebstrap', ...rootfsArguments(recipe, output)]);
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
