import { run } from './go.ts';

/** The part of `go mod edit -json` that is read here. */
interface GoMod {
  readonly Require?: readonly { readonly Path: string; readonly Version: string }[] | null;
  readonly Replace?: readonly { readonly Old: { readonly Path: string } }[] | null;
}

/** Module → version, of all that the go.mod of this directory requires and does not replace. */
export async function requirementsOf(directory: string): Promise<Map<string, string>> {
  const { Require, Replace } = JSON.parse(
    await run('go', ['mod', 'edit', '-json'], { cwd: directory }),
  ) as GoMod;
  const replaced = new Set(Replace?.map(({ Old }) => Old.Path));
  const kept = Require?.filter(({ Path }) => !replaced.has(Path)) ?? [];
  return new Map(kept.map(({ Path, Version }) => [Path, Version]));
}
