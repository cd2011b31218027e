/** Several operators side by side, ranked by a Lease in the namespace that they look after. */
import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { eventually } from './eventually.ts';
import type { Namespace } from './namespace.ts';
import { startOperator, type OperatorProcess } from './operator-process.ts';
import type { PodHandle } from './pod.ts';
import { grantIn, LEASE_RULES, OPERATOR, operatorKubeconfig } from './rbac.ts';
import { isTold } from './told.ts';

/**
 * A failover is to be served within 1.5 s by whichever replica: half a second of rank, a look, a write. What is on top of
 * it is for a machine that is busy with other things.
 */
export const SERVED_MS = 2_500;
/** The Lease lasts 15 s, and is looked at every 2 s. */
export const TAKEOVER_MS = 20_000;

export const HOLDS = 'holds the Lease: this replica acts first';
export const STANDS_BY = 'stands by: another replica holds the Lease';

/** The same way to the API server from within a namespace: there the Lease is. */
async function within(ns: Namespace, kubeconfig: string): Promise<string> {
  const config = parse(await readFile(kubeconfig, 'utf8')) as { contexts: { context: object }[] };
  for (const each of config.contexts) each.context = { ...each.context, namespace: ns.name };
  const path = kubeconfig.replace(/\.kubeconfig$/, `-${ns.name}.kubeconfig`);
  await writeFile(path, stringify(config), { mode: 0o600 });
  return path;
}

/** The right to a Lease, for the user that operators are by default. */
export async function grantLease(ns: Namespace): Promise<void> {
  await grantIn(ns.cluster, ns.name, OPERATOR.user, LEASE_RULES);
}

export async function startReplica(ns: Namespace, kubeconfig?: string): Promise<OperatorProcess> {
  const way = kubeconfig ?? (await operatorKubeconfig(ns.cluster));
  const operator = await startOperator({
    namespaces: [ns.name],
    kubeconfig: await within(ns, way),
    args: ['--leader-elect', '--log-level', 'debug'],
  });
  return operator.ready();
}

/** The first one holds the Lease, the others stand by. */
export async function startReplicas(
  ns: Namespace,
  count: number,
  kubeconfigs: readonly string[] = [],
): Promise<OperatorProcess[]> {
  await grantLease(ns);
  const replicas: OperatorProcess[] = [];
  for (let index = 0; index < count; index += 1) {
    const replica = await startReplica(ns, kubeconfigs[index]);
    await replica.waitForLog(({ message }) => message === (index === 0 ? HOLDS : STANDS_BY));
    replicas.push(replica);
  }
  return replicas;
}

interface LeaseObject {
  spec: { holderIdentity: string; leaseTransitions: number };
}

export async function lease(ns: Namespace): Promise<LeaseObject['spec']> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${ns.name}/leases/zen-lead`;
  return (await ns.cluster.api.call<LeaseObject>('GET', path)).spec;
}

/** How the replica calls itself in the Lease. */
export function identityOf(replica: OperatorProcess): string {
  const line = replica.logs.find(({ message }) => message === HOLDS || message === STANDS_BY);
  return String(line?.['identity']);
}

/** The one of these replicas that holds the Lease, as soon as one does. */
export async function holderAmong(
  ns: Namespace,
  replicas: readonly OperatorProcess[],
  timeout: number,
): Promise<OperatorProcess> {
  return eventually(
    async () => {
      const { holderIdentity } = await lease(ns);
      const holder = replicas.find((replica) => identityOf(replica) === holderIdentity);
      if (holder === undefined) throw new Error(`it is held by "${holderIdentity}"`);
      return holder;
    },
    { timeout, describe: 'the Lease to be held' },
  );
}

/** The replica's own picture of who leads, as it shows it on /metrics. */
export async function sees(replica: OperatorProcess, leaderService: string, pod: string): Promise<void> {
  await eventually(
    async () => {
      const labels = { leader_service: leaderService, pod };
      expect((await replica.metrics()).value('zen_lead_leader_info', labels)).to.equal(1);
    },
    { describe: `${replica.name} to see that ${pod} leads`, timeout: 10_000 },
  );
}

/** Changes of leaders that the replicas have counted, each for itself. */
export async function failovers(replicas: readonly OperatorProcess[]): Promise<number[]> {
  const texts = await Promise.all(replicas.map((replica) => replica.metrics()));
  return texts.map((text) =>
    text.samples('zen_lead_failover_count_total').reduce((sum, { value }) => sum + value, 0),
  );
}

/** How often it has read a pod at the API server itself, which is what it does before it acts in another's place. */
export async function looksAtPods(replica: OperatorProcess): Promise<number> {
  const labels = { verb: 'get', resource: 'pods' };
  const counted = (await replica.metrics()).samples('zen_lead_api_call_duration_seconds_count', labels);
  return counted.reduce((sum, { value }) => sum + value, 0);
}

/** A Service whose leader `<name>-0` has been told of. */
export async function led(ns: Namespace, name: string, count = 3): Promise<PodHandle[]> {
  await ns.createService(name);
  const pods = await ns.createPods(name, count);
  await ns.leads(`${name}-leader`, `${name}-0`);
  await isTold(ns, `${name}-leader`, `${name}-0`);
  return pods;
}

/** Notes of the Events LeaderChanged; each is one Event, and none is counted up. */
export async function changes(ns: Namespace, service: string): Promise<string[]> {
  const events = (await ns.events(service)).filter(({ reason }) => reason === 'LeaderChanged');
  expect(events.filter(({ series }) => series !== undefined)).to.deep.equal([]);
  return events.map(({ note }) => note.replace(/:.*/, ''));
}
