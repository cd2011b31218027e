/**
 * For whoever has changed a version in test/cluster/go: has all families of tools take the modules that they share in one version,
 * the newest that one of them needs. Go compiles a package once for each version of what it imports, and a first build is nothing else.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirementsOf } from '../test/cluster/build/requirements.ts';
import { families } from '../test/cluster/build/tools.ts';

const GO = '1.26';

function go(cwd: string, args: readonly string[], workspace = 'off'): string {
  const env = { ...process.env, GOWORK: workspace };
  return execFileSync('go', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Module → version, as Go chooses them where everything is built together. */
function chosenTogether(directories: readonly string[]): Map<string, string> {
  const scratch = mkdtempSync(join(tmpdir(), 'zen-lead-go-'));
  try {
    const workspace = join(scratch, 'go.work');
    const uses = directories.map((directory) => `use ${JSON.stringify(directory)}\n`);
    writeFileSync(workspace, `go ${GO}\n${uses.join('')}`);
    go(scratch, ['work', 'use'], workspace); // raises its version of Go to what the modules ask for
    const lines = go(scratch, ['list', '-m', '-f', '{{.Path}} {{.Version}}', 'all'], workspace).split('\n');
    return new Map(lines.map((line) => line.split(' ') as [string, string]));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const chosen = chosenTogether(families().map(({ directory }) => directory));
for (const { name, directory } of families()) {
  const older = [...(await requirementsOf(directory))].filter(
    ([module, version]) => (chosen.get(module) ?? version) !== version,
  );
  console.log(`${name}: ${String(older.length)} to change`);
  if (older.length === 0) continue;
  go(directory, ['get', ...older.map(([module]) => `${module}@${chosen.get(module) ?? ''}`)]);
  go(directory, ['mod', 'tidy']);
}
