import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError, hasCode } from '../errors.ts';
import { waitFor } from '../wait.ts';

/**
 * A process that can be recognised later. A process id alone is reused by the kernel; together with the
 * start time it names one process for as long as the machine runs.
 */
export interface ProcessId {
  pid: number;
  /** Clock ticks since boot: field 22 of /proc/PID/stat. */
  startTime: number;
}

/** The living process that has this id now, or undefined. A zombie counts as gone, once all its threads are. */
export function identify(pid: number): ProcessId | undefined {
  const fields = statOf(String(pid));
  if (fields === undefined) return undefined;
  const [state, threads, startTime] = [fields[0], Number(fields[17]), Number(fields[19])];
  // The first thread of a killed process is a zombie while the others may still hold its ports and files.
  if ((state === 'Z' && threads <= 1) || state === 'X') return undefined;
  return { pid, startTime };
}

/** What /proc says of a process or a thread, from its state on; undefined where it has ended. */
function statOf(path: string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${path}/stat`, 'utf8');
    // The second field is the command in parentheses and may itself contain spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

/** This very process. */
export function self(): ProcessId {
  const me = identify(process.pid);
  if (me === undefined) throw new Error('/proc does not know this process');
  return me;
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.startTime === id.startTime;
}

/** Sends a signal to exactly this process. Returns false, and does nothing, when it is gone or its id was reused. */
export function signal(id: ProcessId, name: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false;
  try {
    return process.kill(id.pid, name);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}

/**
 * Stops it in its tracks; resolves when all its threads stand. The kernel hands the signal to one of them, which stops the others
 * when its turn comes: on a busy machine they go on for some milliseconds.
 */
export async function freeze(id: ProcessId): Promise<void> {
  if (!signal(id, 'SIGSTOP'))
    throw new ClusterError(`Process ${String(id.pid)} has ended: it cannot be frozen.`);
  await waitFor(
    `process ${String(id.pid)} to stop`,
    () => threadStates(id.pid).every((state) => state === 'T'),
    {
      intervalMs: 2,
    },
  );
}

function threadStates(pid: number): string[] {
  const threads = readdirSync(`/proc/${String(pid)}/task`);
  return threads.flatMap((thread) => statOf(`${String(pid)}/task/${thread}`)?.[0] ?? []);
}

/** Resolves with true once all are gone, or with false after `timeoutMs`. */
export async function waitGone(ids: readonly ProcessId[], timeoutMs = 10_000): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (ids.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}
