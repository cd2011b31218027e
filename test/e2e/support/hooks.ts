/** Root hooks of the end-to-end tests: what a failed test leaves to be looked at, before the node is gone. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RootHookObject } from 'mocha';
import { runningNodes } from '../../node/running.ts';
import type { RealNode } from '../../node/node.ts';
import { stopSharedNode } from './shared-node.ts';

/** Of each log. */
const SHOWN_LINES = 8;
const QUESTIONS = [
  ['get', 'pods', '--all-namespaces', '--output', 'wide'],
  ['get', 'endpointslices', '--all-namespaces'],
  ['get', 'events', '--all-namespaces', '--sort-by', '.lastTimestamp'],
  [
    'logs',
    '--namespace',
    'zen-lead',
    '--selector',
    'app.kubernetes.io/name=zen-lead',
    '--tail',
    '15',
    '--prefix',
  ],
];

interface Pod {
  metadata: { name: string; namespace: string };
  status: { containerStatuses?: { ready: boolean }[] };
}

export const mochaHooks: RootHookObject = {
  async afterEach(this: Mocha.Context) {
    if (this.currentTest?.state !== 'failed') return;
    this.timeout(60_000);
    for (const node of runningNodes()) console.log(indented(await described(node)));
  },

  async afterAll(this: Mocha.Context) {
    this.timeout(60_000);
    await stopSharedNode();
  },
};

async function described(node: RealNode): Promise<string> {
  const questions = [...QUESTIONS, ...(await notReady(node).catch(() => []))];
  const answers = await Promise.all(
    questions.map(async (args) => `kubectl ${args.join(' ')}\n${await node.kubectl(args).catch(String)}`),
  );
  const logs = readdirSync(node.stateDir).filter((name) => name.endsWith('.log'));
  return [...answers, ...logs.map((name) => `${name}\n${endOf(join(node.stateDir, name))}`)].join('\n');
}

/** What the pods whose containers do not become ready, or end again and again, say themselves. */
async function notReady(node: RealNode): Promise<string[][]> {
  const { items } = await node.api.call<{ items: Pod[] }>('GET', '/api/v1/pods');
  return items
    .filter(({ status }) => status.containerStatuses?.some(({ ready }) => !ready) === true)
    .map(({ metadata: { namespace, name } }) => ['logs', '--namespace', namespace, name, '--tail', '8']);
}

function endOf(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}

const indented = (text: string): string => text.replaceAll(/^/gm, '      ');
