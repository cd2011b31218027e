import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../errors.ts';
import { clustersRoot } from '../paths.ts';
import { isAlive, signal, waitGone } from './process.ts';
import type { ProcessId } from './process.ts';

/** What is recorded of a cluster, so that any later process can end it. */
export interface ClusterState {
  /** The process whose end is the cluster's end too; absent once a cluster is meant to outlive its starter. */
  owner?: ProcessId;
  /** By component: etcd, kube-apiserver ... */
  processes: Record<string, ProcessId>;
  /** URL of the API server. */
  server: string;
  kubeconfigPath: string;
  /** Fake nodes. */
  nodes: number;
}

const FILE = 'state.json';

/**
 * Writes are synchronous and atomic: a process must be on record from the moment that it exists, and a
 * reader never sees half a file.
 */
export function writeState(directory: string, state: ClusterState): void {
  const partial = join(directory, `${FILE}.partial`);
  writeFileSync(partial, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, join(directory, FILE));
}

export function readState(directory: string): ClusterState | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as ClusterState;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Makes the directory of a new cluster, with its first state in it. Fails when it exists. */
export function createState(directory: string, state: ClusterState): void {
  // Filled under another name, so that a directory without a state never counts as a cluster.
  const partial = `${directory}.new-${String(process.pid)}`;
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  writeState(partial, state);
  renameSync(partial, directory);
}

export function isRunning(state: ClusterState): boolean {
  const ids = Object.values(state.processes);
  return ids.length > 0 && ids.every(isAlive);
}

/** Kills without waiting: all that can be done while the process ends. */
export function killProcesses(state: ClusterState): void {
  for (const id of Object.values(state.processes)) signal(id, 'SIGKILL');
}

/** Ends the recorded processes, and only those, and removes the directory. Nothing in it is worth a soft end. */
export async function destroyCluster(directory: string): Promise<void> {
  const state = readState(directory);
  if (state !== undefined) {
    killProcesses(state);
    if (!(await waitGone(Object.values(state.processes)))) {
      throw new Error(`Some processes recorded in ${directory} survived SIGKILL`);
    }
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Ends the clusters whose owner is gone, and returns their directories.
 * @param destroy for what has more to be removed than processes and a directory
 */
export async function reapOrphans(root = clustersRoot(), destroy = destroyCluster): Promise<string[]> {
  const reaped: string[] = [];
  for (const directory of clusterDirectories(root)) {
    const state = readState(directory);
    if (state?.owner === undefined || isAlive(state.owner)) continue;
    await destroy(directory);
    reaped.push(directory);
  }
  return reaped;
}

function clusterDirectories(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(root, entry.name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
