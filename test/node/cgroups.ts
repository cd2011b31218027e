/**
 * Control groups of a node: one of its own below the root of each hierarchy, in which the kubelet keeps those of the pods.
 * On a machine with version 1 each controller has a hierarchy, with version 2 there is one.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hasCode } from '../cluster/errors.ts';

export const CGROUP_ROOT = '/sys/fs/cgroup';
/** The part of version 2 on a machine that has mostly version 1. It has no controllers. */
const UNIFIED = 'unified';

/** Version of the controllers at hand; undefined where there are none. */
export function cgroupVersion(root = CGROUP_ROOT): 1 | 2 | undefined {
  const names = namesIn(root);
  if (names.includes('cgroup.controllers')) return 2;
  return names.includes('memory') ? 1 : undefined;
}

/** Makes the group in each hierarchy. */
export function createCgroup(name: string, root = CGROUP_ROOT): void {
  if (cgroupVersion(root) === 2) enableControllers(root);
  for (const hierarchy of hierarchies(root)) {
    if (basename(hierarchy) !== UNIFIED) mkdirSync(join(hierarchy, name), { recursive: true });
  }
  if (cgroupVersion(root) === 2) enableControllers(join(root, name));
  else allowAllCpus(join(root, 'cpuset'), name);
}

/**
 * Removes the group and those below it, in each hierarchy.
 * @returns whether it is gone; not while one of its processes is still ending
 */
export function removeCgroup(name: string, root = CGROUP_ROOT): boolean {
  return hierarchies(root)
    .map((hierarchy) => removeTree(join(hierarchy, name)))
    .every(Boolean);
}

/**
 * Process ids, as the machine sees them, of the processes in the group of a container below the group `name`. The kubelet
 * makes and removes groups of other pods meanwhile.
 */
export function processesOf(name: string, containerId: string, root = CGROUP_ROOT): number[] {
  const group = findBelow(join(root, cgroupVersion(root) === 2 ? '' : 'memory', name), containerId);
  if (group === undefined) return [];
  return unlessGone(() => readFileSync(join(group, 'cgroup.procs'), 'utf8'), '')
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function findBelow(group: string, name: string): string | undefined {
  for (const child of groupsIn(group)) {
    const path = join(group, child);
    const found = child === name ? path : findBelow(path, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function groupsIn(group: string): string[] {
  const entries = unlessGone(() => readdirSync(group, { withFileTypes: true }), []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function hierarchies(root: string): string[] {
  if (cgroupVersion(root) === 2) return [root];
  return namesIn(root).map((name) => join(root, name));
}

function enableControllers(group: string): void {
  for (const name of readFileSync(join(group, 'cgroup.controllers'), 'utf8').trim().split(' ')) {
    try {
      writeFileSync(join(group, 'cgroup.subtree_control'), `+${name}`);
    } catch {
      // One that cannot be passed on; where the kubelet needs it, it says so.
    }
  }
}

/** Without them a new group of version 1 may hold no process. */
function allowAllCpus(cpuset: string, name: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems'])
    writeFileSync(join(cpuset, name, file), readFileSync(join(cpuset, file)));
}

function removeTree(group: string): boolean {
  try {
    // Each is tried, also after one that is still busy.
    const below = groupsIn(group).map((name) => removeTree(join(group, name)));
    if (!below.every(Boolean)) return false;
    rmdirSync(group);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return true;
    if (hasCode(error, 'EBUSY')) return false;
    throw error;
  }
}

function namesIn(directory: string): string[] {
  return unlessGone(() => readdirSync(directory), []);
}

function unlessGone<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    // ENODEV: it was there when it was opened.
    if (hasCode(error, 'ENOENT', 'ENODEV')) return otherwise;
    throw error;
  }
}
