import { readFileSync } from 'node:fs';
import { hasCode } from '../cluster/errors.ts';
import { processesOf } from './cgroups.ts';
import type { ApiClient } from '../cluster/run/api.ts';

/** A process of a container of a pod. */
export interface PodProcess {
  readonly container: string;
  /** As the machine, and so this process, knows it. */
  readonly pid: number;
  /** As the container knows it: its main process is 1. */
  readonly pidInContainer: number;
  /** With arguments, or what the process calls itself. */
  readonly command: string;
}

interface Pod {
  status?: { containerStatuses?: { name: string; containerID?: string }[] };
}

/** Processes of the running containers of a pod, the main process of a container first. */
export async function podProcesses(
  api: ApiClient,
  cgroup: string,
  namespace: string,
  pod: string,
): Promise<PodProcess[]> {
  const { status } = await api.call<Pod>('GET', `/api/v1/namespaces/${namespace}/pods/${pod}`);
  return (status?.containerStatuses ?? []).flatMap(({ name, containerID = '' }) =>
    processesOf(cgroup, containerID.replace(/^containerd:\/\//, ''))
      .flatMap((pid) => described(name, pid))
      .sort((one, other) => one.pidInContainer - other.pidInContainer),
  );
}

/** Nothing where it has ended meanwhile. */
function described(container: string, pid: number): PodProcess[] {
  try {
    const proc = (file: string): string => readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
    const ids = /^NSpid:\s*(.+)$/m.exec(proc('status'))?.[1]?.split(/\s+/) ?? [];
    const command = proc('cmdline').replaceAll('\0', ' ').trim();
    return [{ container, pid, pidInContainer: Number(ids.at(-1)), command }];
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return [];
    throw error;
  }
}
