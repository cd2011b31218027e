/**
 * The embedded control plane from the command line. Progress goes to standard error; the last line of
 * standard output of `up` is meant for the shell: eval "$(node test/cluster/main.ts up)".
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureTools, toolNames } from './build/builder.ts';
import { startCluster } from './cluster.ts';
import { ClusterError } from './errors.ts';
import { withLock } from './lock.ts';
import { clustersRoot } from './paths.ts';
import { destroyCluster, isRunning, readState, reapOrphans } from './run/state.ts';
import type { ClusterState } from './run/state.ts';

const USAGE = `Usage: node test/cluster/main.ts COMMAND

  up [--nodes N]   start a Kubernetes control plane with N fake nodes (3) in the background and print
                   how to use it; with 0 nodes pods stay as they are made
  down             stop it, and whatever clusters of killed test runs are left
  build [TOOL]...  only build the binaries, and those of further tools, such as helm (needs Go; several
                   minutes the first time)

Everything is kept in \${XDG_CACHE_HOME:-~/.cache}/zen-lead and listens on 127.0.0.1 only.
`;

const NAME = 'default';
const directory = join(clustersRoot(), NAME);

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { nodes: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [command, ...rest] = positionals;
  if (values.help === true) {
    process.stdout.write(USAGE);
  } else if ((rest.length > 0 && command !== 'build') || (command !== 'up' && values.nodes !== undefined)) {
    throw new ClusterError(USAGE);
  } else if (command === 'up') {
    await locked(() => up(nodeCount(values.nodes)));
  } else if (command === 'down') {
    await locked(down);
  } else if (command === 'build') {
    await build(rest);
  } else {
    throw new ClusterError(USAGE);
  }
}

async function build(names: readonly string[]): Promise<void> {
  const further = names.map((name) => {
    const known = toolNames().find((tool) => tool === name);
    if (known === undefined)
      throw new ClusterError(`Expected a tool to be one of ${toolNames().join(', ')}, got ${name}.`);
    return known;
  });
  await ensureTools();
  await ensureTools(further);
  say('All binaries are built.');
}

function nodeCount(text = '3'): number {
  if (!/^\d{1,4}$/.test(text)) throw new ClusterError(`Expected --nodes to be a number from 0, got ${text}.`);
  return Number(text);
}

/** One `up` or `down` at a time. */
async function locked(work: () => Promise<void>): Promise<void> {
  await withLock(`${clustersRoot()}.lock`, work, (pid) => {
    say(`Waiting for process ${String(pid)}, which is starting or stopping the cluster.`);
  });
}

async function up(nodes: number): Promise<void> {
  const started = performance.now();
  const existing = readState(directory);
  let kubeconfigPath = existing?.kubeconfigPath;
  if (existing !== undefined && existing.owner === undefined && isRunning(existing)) {
    say(`The cluster is already up, with ${describe(existing)}.`);
  } else {
    await destroyCluster(directory); // what is left of one that lost a process, or of an interrupted start
    const log = (line: string): void => {
      say(`${((performance.now() - started) / 1000).toFixed(1)} s: ${line}`);
    };
    ({ kubeconfigPath } = await startCluster({ nodes, outlivingName: NAME, log }));
  }
  process.stdout.write(`export KUBECONFIG=${quote(kubeconfigPath ?? '')}\n`);
}

async function down(): Promise<void> {
  const found = readState(directory) !== undefined;
  await destroyCluster(directory);
  const orphans = await reapOrphans();
  say(found ? 'The cluster is stopped.' : 'No cluster is running.');
  if (orphans.length > 0)
    say(`Also stopped, their starters being gone: ${String(orphans.length)} cluster(s).`);
}

const describe = ({ nodes, server }: ClusterState): string => `${String(nodes)} fake nodes, at ${server}`;

/** For the shell: as it is where that is safe, else in single quotes. */
function quote(path: string): string {
  return /^[\w/.:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

try {
  await main();
  // Kept connections of a cluster that outlives this process would keep it alive.
  process.exit(0);
} catch (error) {
  const known = error instanceof ClusterError || (error instanceof TypeError && 'code' in error);
  say(known ? error.message : String(error instanceof Error ? error.stack : error));
  process.exit(1);
}
