/** The kubectl plugin as kubectl finds it: `kubectl leader` runs an executable kubectl-leader in PATH. */
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PLUGIN = 'kubectl-leader.js';
const COMMAND = 'kubectl-leader';
/** What kubectl's own completion, of any shell, asks for the rest of a line that begins with `kubectl leader`. */
const COMPLETION = 'kubectl_complete-leader';

/** Beside the bundle, in the same directory. */
export function placePlugin(directory: string): void {
  const command = join(directory, COMMAND);
  rmSync(command, { force: true });
  symlinkSync(PLUGIN, command);
  const completion = join(directory, COMPLETION);
  writeFileSync(completion, `#!/bin/sh\nexec ${COMMAND} __complete "$@"\n`);
  chmodSync(completion, 0o755);
}
