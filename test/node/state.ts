/** Ending nodes: the recorded processes, then the control groups, then the directory, which is the record. */
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { nodesRoot } from '../cluster/paths.ts';
import { isAlive, waitGone } from '../cluster/run/process.ts';
import { killProcesses, readState, reapOrphans } from '../cluster/run/state.ts';
import { waitFor } from '../cluster/wait.ts';
import { removeCgroup } from './cgroups.ts';

const PAUSE_MS = 20;

/** The control group of a node, below the root of each hierarchy: the directory's name is random. */
export function cgroupOf(directory: string): string {
  return `zen-lead-${basename(directory)}`;
}

/** Ends what is recorded in the directory, and only that, and removes all that it has made. */
export async function destroyNode(directory: string): Promise<void> {
  const state = readState(directory);
  if (state !== undefined) {
    killProcesses(state);
    // All others of the pid namespace end before its first process does.
    if (!(await waitGone(Object.values(state.processes), 30_000)))
      throw new Error(`Some processes recorded in ${directory} survived SIGKILL`);
    await waitFor(`the control groups of ${directory} to be empty`, () => removeCgroup(cgroupOf(directory)));
  }
  remove(directory);
}

/** The same for when this process ends: it blocks, for some seconds at most. What is left then, the next start removes. */
export function destroyNodeNow(directory: string): void {
  const state = readState(directory);
  if (state === undefined) return;
  killProcesses(state);
  const done = (): boolean =>
    !Object.values(state.processes).some(isAlive) && removeCgroup(cgroupOf(directory));
  const deadline = performance.now() + 5_000;
  while (!done()) {
    if (performance.now() > deadline) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  remove(directory);
}

/** Ends the nodes whose starters are gone, and returns their directories. */
export async function reapNodes(): Promise<string[]> {
  return reapOrphans(nodesRoot(), destroyNode);
}

function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
