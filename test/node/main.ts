/** A real node from the command line, to look at. Progress goes to standard error. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterError, hasCode } from '../cluster/errors.ts';
import { nodesRoot } from '../cluster/paths.ts';
import { readState } from '../cluster/run/state.ts';
import { RECIPES } from './images/recipes.ts';
import { machineFacts, obstacle, prepareMachine } from './machine.ts';
import { inNode } from './namespaces.ts';
import { NodeProcesses } from './processes.ts';
import { prepareNode, startNode } from './start.ts';
import { destroyNode, reapNodes } from './state.ts';
import type { ImageName } from './images/images.ts';

const USAGE = `Usage: node test/node/main.ts COMMAND

  up             start a Kubernetes of one real node in the background, with all images, and print how to use it
  sh [COMMAND]   run a command, or a shell, in its namespaces
  down           stop it, and whatever killed test runs have left
  packages       install the Debian packages that it needs
  build          make all that it needs
  check          say whether this machine can run one; exit status 1: it cannot

Needs Linux and root. Everything is kept in \${XDG_CACHE_HOME:-~/.cache}/zen-lead.
`;

const IMAGES: readonly ImageName[] = [...(Object.keys(RECIPES) as ImageName[]), 'zen-lead'];

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main([command, ...rest]: readonly string[]): Promise<number> {
  if (command === 'sh') return shell(rest);
  if (rest.length > 0) throw new ClusterError(USAGE);
  if (command === 'up') await up();
  else if (command === 'down') await down();
  else if (command === 'build') await prepareNode(IMAGES);
  else if (command === 'packages') await prepareMachine();
  else if (command === 'check') return check();
  else throw new ClusterError(USAGE);
  return 0;
}

async function up(): Promise<void> {
  const started = performance.now();
  let kubeconfigPath = standing().map(({ state }) => state.kubeconfigPath)[0];
  if (kubeconfigPath !== undefined) say('A node is up already.');
  else {
    const log = (line: string): void => {
      say(`${((performance.now() - started) / 1000).toFixed(1)} s: ${line}`);
    };
    ({ kubeconfigPath } = await startNode({ images: IMAGES, outlives: true, log }));
  }
  process.stdout.write(`export KUBECONFIG='${kubeconfigPath}'\n`);
}

async function down(): Promise<void> {
  const all = standing();
  for (const { directory } of all) await destroyNode(directory);
  const orphans = await reapNodes();
  say(`Stopped: ${String(all.length)} node(s); of killed starters: ${String(orphans.length)}.`);
}

function shell(command: readonly string[]): number {
  const [node] = standing();
  if (node === undefined) throw new ClusterError('No node is up: node test/node/main.ts up');
  const [program = 'sh', ...args] = command;
  const [nsenter = '', ...all] = inNode(new NodeProcesses(node.directory).init, program, args);
  return spawnSync(nsenter, all, { stdio: 'inherit' }).status ?? 1;
}

function check(): number {
  const facts = machineFacts();
  const reason = obstacle(facts);
  const packages = facts.missing.map((each) => each.package).join(', ');
  say(reason ?? (packages === '' ? 'Nothing is missing.' : `To be installed: ${packages}.`));
  return reason === undefined ? 0 : 1;
}

/** Nodes that have outlived their starters on purpose. */
function standing(): { directory: string; state: NonNullable<ReturnType<typeof readState>> }[] {
  return directories().flatMap((directory) => {
    const state = readState(directory);
    return state === undefined || state.owner !== undefined ? [] : [{ directory, state }];
  });
}

function directories(): string[] {
  try {
    return readdirSync(nodesRoot()).map((name) => join(nodesRoot(), name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(error instanceof ClusterError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exit(1);
}
