/** `make bench`: how fast the operator moves a leader, next to what kube-controller-manager and a bare loop need. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KubeClient } from '../../src/kube/client.ts';
import { loadKubeConfig } from '../../src/kube/kubeconfig.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { ClusterError } from '../cluster/errors.ts';
import { Driver } from './driver.ts';
import { BenchError } from './errors.ts';
import { loopOf, startBareLoop, startOperator, type Loop } from './loops.ts';
import { observeMachine, type Machine } from './machine.ts';
import { measure, reported, type Measured } from './measure.ts';
import { parseOptions, sidesOf, type BenchOptions } from './options.ts';
import { reportOf } from './report.ts';
import { figuresOf, samplesOf, targetsOf } from './result.ts';
import { createUser, createWorkload, installCrd, waitForLeaders } from './setup.ts';
import { SliceBoard } from './slice-board.ts';
import { SliceWatch } from './slice-watch.ts';
import { SIDE_NAME } from './workload.ts';

const startedAt = performance.now();

function say(line: string): void {
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);
}

function fail(error: unknown): never {
  const known = error instanceof BenchError || error instanceof ClusterError;
  process.stderr.write(`${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}

interface Run {
  readonly measured: Measured;
  readonly machine: Machine;
}

async function run(options: BenchOptions, cluster: Cluster): Promise<Run> {
  const { kubeConfig } = loadKubeConfig({ KUBECONFIG: cluster.kubeconfigPath });
  const client = new KubeClient({ kubeConfig, version: 'bench' });
  const board = new SliceBoard();
  const stopped = new AbortController();
  const started: Loop[] = [];
  try {
    const watch = await SliceWatch.start({ client, board, signal: stopped.signal, onError: fail });
    if (options.policies) await installCrd(client);
    await createWorkload(client, board, options, say);
    const loop = { options, access: await createUser(cluster), directory: cluster.stateDir };
    const operator = await startOperator(loop);
    started.push(operator);
    const bare = startBareLoop(loop);
    started.push(bare);
    const loops = { operator, bare };
    for (const side of sidesOf(options)) {
      await waitForLeaders(side, loops[loopOf(side)], board, options.services);
      say(`all Services have a leader: ${SIDE_NAME[side]}`);
    }
    await reported(operator);
    const machineNow = observeMachine(cluster.stateDir, [operator.pid, bare.pid]);
    const driver = new Driver(client, board, options);
    const measured = await measure({ options, driver, board, watch, loops, say });
    return { measured, machine: machineNow() };
  } finally {
    stopped.abort();
    await Promise.all(started.map((one) => one.stop()));
    await client.close();
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  say('starting a control plane');
  const cluster = await startCluster({ controllerManagerQps: 1_000 });
  try {
    const { measured, machine } = await run(options, cluster);
    const figures = figuresOf(measured);
    process.stdout.write(`\n${reportOf(figures, options, machine)}`);
    if (options.json !== undefined) {
      const targets = targetsOf(figures, options);
      const result = { options, machine, figures, targets, samples: samplesOf(measured) };
      await mkdir(dirname(options.json), { recursive: true });
      await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
    }
  } finally {
    await cluster.stop();
  }
}

await main().catch(fail);
