/** Running things in the namespaces of a node. */
import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { ClusterError, hasCode } from '../cluster/errors.ts';
import { fullPath } from './machine.ts';

/** All namespaces of the node. What runs is a child of nsenter, which waits for it, and ends with nsenter. */
export function inNode(init: number, command: string, args: readonly string[]): string[] {
  const target = ['--target', String(init), '--mount', '--pid', '--net', '--uts'];
  return ['nsenter', ...target, '--', ...withStarter(['env', `PATH=${fullPath()}`, command, ...args])];
}

/** The node's network alone: the process keeps its files and its place among the processes of the machine. */
export function inNetwork(init: number, command: string, args: readonly string[]): string[] {
  return ['nsenter', '--target', String(init), '--net', '--uts', '--', command, ...args];
}

/** The same command, killed when the process (strictly: the thread) that starts it ends, however that is. */
export function withStarter(command: readonly string[]): string[] {
  return ['setpriv', '--pdeathsig', 'KILL', ...command];
}

export interface RunOptions {
  /** For its standard input. */
  input?: string;
  /** Milliseconds after which it is killed, 60 s unless told otherwise. */
  timeoutMs?: number;
}

/** Runs a command in all namespaces of the node to its end. @returns its standard output @throws ClusterError where it fails */
export async function runIn(
  init: number,
  command: string,
  args: readonly string[],
  { input = '', timeoutMs = 60_000 }: RunOptions = {},
): Promise<string> {
  const [nsenter = '', ...all] = inNode(init, command, args);
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 1 << 28, timeout: timeoutMs };
    const child = execFile(nsenter, all, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(new ClusterError(`${basename(command)}: ${stderr.trim() || error.message}`, { cause: error }));
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** The one child of a process that waits for it, once it runs `binary`; undefined until then. */
export function childOf(parent: number, binary: string): number | undefined {
  try {
    const children = readFileSync(`/proc/${String(parent)}/task/${String(parent)}/children`, 'utf8');
    const child = children.trim().split(' ')[0] ?? '';
    if (child === '' || readlinkSync(`/proc/${child}/exe`) !== binary) return undefined;
    return Number(child);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}
