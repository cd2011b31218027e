import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './errors.ts';
import { isAlive, self } from './run/process.ts';
import type { ProcessId } from './run/process.ts';

/** A lock without an owner is one whose taker is between two system calls, or died there. */
const OWNERLESS_GRACE_MS = 5_000;

/**
 * Runs `work` while holding the lock directory `path`. Waits for a living owner and takes over from a dead one.
 *
 * Two processes that find the same dead owner at the same instant may both go on. What the lock guards must
 * therefore stay correct without it (unique temporary names, atomic renames); it only saves doing work twice.
 *
 * @param onWait called once, with the owner's process id, when the lock is taken.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait?: (ownerPid: number) => void,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await take(path))) {
    const owner = await ownerOf(path);
    if (owner === 'stale') {
      await discard(path);
    } else {
      if (!told && owner !== undefined) onWait?.(owner.pid);
      told = told || owner !== undefined;
      await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  await writeFile(join(path, 'owner.json'), JSON.stringify(self()));
  return true;
}

/** The living owner, undefined when there is none to name (yet), or 'stale' when the lock may be taken over. */
async function ownerOf(path: string): Promise<ProcessId | undefined | 'stale'> {
  const owner = await readOwner(path);
  if (owner !== undefined) return isAlive(owner) ? owner : 'stale';
  try {
    const { mtimeMs } = await stat(path);
    return Date.now() - mtimeMs > OWNERLESS_GRACE_MS ? 'stale' : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function readOwner(path: string): Promise<ProcessId | undefined> {
  try {
    return JSON.parse(await readFile(join(path, 'owner.json'), 'utf8')) as ProcessId;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Renames first: only one of several discarders succeeds, and a lock taken meanwhile is not removed half. */
async function discard(path: string): Promise<void> {
  const grave = `${path}.stale-${String(process.pid)}`;
  try {
    await rename(path, grave);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  await rm(grave, { recursive: true, force: true });
}
