/** What Linux tells of processes and of the machine: https://docs.kernel.org/filesystems/proc.html */
import { readFileSync } from 'node:fs';

/** USER_HZ is 100 on every architecture that Node.js runs on. */
const TICK_MS = 10;
const KIB_PER_MB = 1024;

/** Milliseconds of CPU that a process has had, all threads, user and system. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may itself contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** MB (2^20 bytes) of physical memory: now, and the most there ever was. */
export interface Memory {
  readonly rss: number;
  readonly peak: number;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (field: string): number => {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return Number(kib) / KIB_PER_MB;
  };
  return { rss: read('VmRSS'), peak: read('VmHWM') };
}

/** CPU time of the whole machine, milliseconds. */
export interface MachineTime {
  readonly busy: number;
  readonly total: number;
}

export function machineTime(): MachineTime {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  const [, , , idle = 0, iowait = 0] = ticks;
  return { busy: (total - idle - iowait) * TICK_MS, total: total * TICK_MS };
}
