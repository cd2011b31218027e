import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterError } from '../errors.ts';
import { waitFor } from '../wait.ts';
import { identify } from './process.ts';
import type { ProcessId } from './process.ts';
import type { WaitOptions } from '../wait.ts';

/** What to run: everything but the binary's place. */
export interface Command {
  name: string;
  binary: string;
  args: readonly string[];
}

const LOG_TAIL_BYTES = 3_000;
/**
 * How much the heap of a component may grow before Go collects its garbage, in per cent of what is in use. With its own default of 100 a
 * start takes a fifth more CPU, and a collection of kube-apiserver holds up whoever shares its two cores for half a second.
 */
const GARBAGE_PERCENT = 400;

/** A process of the control plane, started by this process or by an earlier one. */
export interface Daemon {
  id: ProcessId;
  /** Waits until `probe` answers; fails at once, with the end of the log, when the process ends first. */
  ready: (probe: () => Promise<boolean>, options?: WaitOptions) => Promise<void>;
}

/**
 * Starts a process that writes to NAME.log in `directory`. It gets a session of its own: Ctrl-C in the
 * terminal reaches only the starter, which then ends its processes in its own way.
 */
export async function startDaemon({ name, binary, args }: Command, directory: string): Promise<Daemon> {
  const logFile = join(directory, `${name}.log`);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(binary, args, {
    cwd: directory,
    detached: true,
    stdio: ['ignore', log, log],
    // Nothing of the surroundings (proxies, KUBECONFIG, a home with a kube directory) may leak in.
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: directory,
      TMPDIR: directory,
      GOGC: String(GARBAGE_PERCENT),
    },
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject);
  });
  child.unref();
  const pid = child.pid ?? 0;
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const failure = async (): Promise<ClusterError> => {
    const how = child.signalCode ?? `exit code ${String(child.exitCode)}`;
    const end = await tail(logFile);
    return new ClusterError(`${name} ended while it was starting (${how}). The end of its log:\n${end}`);
  };
  const id = identify(pid);
  if (id === undefined) throw await failure();
  const ready: Daemon['ready'] = async (probe, options) => {
    await waitFor(
      `${name} to become ready (log: ${logFile})`,
      async () => {
        if (ended()) throw await failure();
        return probe();
      },
      options,
    );
  };
  return { id, ready };
}

async function tail(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const position = Math.max(0, size - LOG_TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(LOG_TAIL_BYTES), position });
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await handle.close();
  }
}
