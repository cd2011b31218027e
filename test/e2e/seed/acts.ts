/** What befalls a leader. */
import type { PodProcess } from '../../node/node.ts';
import type { PodSighting } from '../measure/sightings.ts';
import { killOperator, operatorPods } from './operator.ts';
import type { Befalling, Stage } from './stage.ts';

/** SIGSTOP for all processes of the database, as a machine or a disk that hangs does it: the kernel goes on accepting connections. */
export function frozen(stage: Stage): Befalling<PodProcess[]> {
  return {
    prepare: (leader) => processesOf(stage, leader),
    befall: (processes) => {
      signal(processes, 'SIGSTOP');
    },
    undo: (processes) => {
      signal(processes, 'SIGCONT');
    },
  };
}

/** SIGKILL for the main process: the container ends, and the kubelet starts it again. */
export function killed(stage: Stage): Befalling<PodProcess[]> {
  return {
    prepare: (leader) => processesOf(stage, leader),
    befall: (processes) => {
      signal(processes, 'SIGKILL');
    },
  };
}

export function deleted(stage: Stage): Befalling<string> {
  return {
    prepare: ({ name }) => Promise.resolve(name),
    befall: async (name) => {
      await stage.node.api.call('DELETE', `/api/v1/namespaces/${stage.namespace}/pods/${name}`);
    },
  };
}

/** Frozen, and in the same moment the operator is killed: the replica that holds the Lease, or all of them. */
export function frozenWithout(
  stage: Stage,
  which: 'holder' | 'all',
): Befalling<{ database: PodProcess[]; pods: string[] }> {
  return {
    prepare: async (leader) => {
      const pods = await operatorPods(stage.node);
      return { database: await processesOf(stage, leader), pods: which === 'all' ? pods : pods.slice(0, 1) };
    },
    befall: async ({ database, pods }) => {
      signal(database, 'SIGSTOP');
      await killOperator(stage.node, pods);
    },
    undo: ({ database }) => {
      signal(database, 'SIGCONT');
    },
  };
}

/** The main process of the database: the processes of single connections come and go, and are frozen by waiting for it. */
async function processesOf(stage: Stage, { name }: PodSighting): Promise<PodProcess[]> {
  const all = await stage.node.podProcesses(stage.namespace, name);
  const main = all.filter(({ pidInContainer }) => pidInContainer === 1);
  if (main.length !== 1) throw new Error(`Expected one main process of ${name}, got ${all.length} processes`);
  return main;
}

function signal(processes: readonly PodProcess[], name: NodeJS.Signals): void {
  for (const { pid } of processes) process.kill(pid, name);
}
