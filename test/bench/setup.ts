/** Makes what the bench works on: a user for both loops, and on each side Services and their pods, all of them Ready. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LEADER_POLICY_CRD } from '../../src/api/leader-policy-crd.ts';
import { isStatus } from '../../src/errors.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { POLICY_API_VERSION } from '../../src/names.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { waitFor } from '../cluster/wait.ts';
import type { Loop } from './loops.ts';
import { sidesOf, type BenchOptions } from './options.ts';
import type { SliceBoard } from './slice-board.ts';
import {
  apiTime,
  leaderServiceBody,
  NAMESPACE,
  podBody,
  podName,
  PODS_PER_SERVICE,
  policyBody,
  runningStatus,
  serviceBody,
  serviceNames,
  SIDE_NAME,
  type Side,
} from './workload.ts';

type Say = (line: string) => void;

const CONCURRENCY = 16;
const PROGRESS_MS = 5_000;
const SETTLED_MS = 300_000;
const CRD_SERVED_MS = 30_000;
/** As in a cluster: no administrator, whom the API server would neither authorize nor queue. */
const USER = 'system:serviceaccount:zen-lead-system:zen-lead';

export interface Access {
  readonly kubeconfig: string;
  /** The same as JSON: server, ca, cert and key. */
  readonly json: string;
}

/** One user for both loops. @returns the files with its credentials */
export async function createUser(cluster: Cluster): Promise<Access> {
  const rbac = 'rbac.authorization.k8s.io';
  await cluster.api.call('POST', `/apis/${rbac}/v1/clusterrolebindings`, {
    body: {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'bench' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: rbac, kind: 'User', name: USER }],
    },
  });
  const credentials = await cluster.clientCertificate({ user: USER, groups: ['system:serviceaccounts'] });
  const json = join(cluster.stateDir, 'bare-loop.json');
  const { server, adminConfig } = cluster;
  await writeFile(json, JSON.stringify({ server, ca: adminConfig.ca, ...credentials }), { mode: 0o600 });
  return { kubeconfig: await cluster.createKubeconfig(credentials), json };
}

export async function createWorkload(
  client: KubeClient,
  board: SliceBoard,
  { services, policies }: Pick<BenchOptions, 'services' | 'policies'>,
  say: Say,
): Promise<void> {
  const sides = sidesOf({ policies });
  for (const side of sides) {
    const body = { metadata: { name: NAMESPACE[side] } };
    await client.call({ verb: 'create', resource: 'namespaces', path: '/api/v1/namespaces', body });
  }
  const pods = sides.flatMap((side) => podsOf(side, services));
  await forEach(pods, (pod) => createPod(client, pod), countUp('pods', pods.length, say));
  const all = sides.flatMap((side) => serviceNames(services).map((name) => ({ side, name })));
  await forEach(
    all,
    ({ side, name }) => createService(client, side, name),
    countUp('Services', all.length, say),
  );
  await waitFor(
    "kube-controller-manager's slices to hold all pods",
    () => all.every(({ side, name }) => board.readyIn(NAMESPACE[side], name) === PODS_PER_SERVICE),
    { timeoutMs: SETTLED_MS, intervalMs: 200 },
  );
}

/** Until each Service has a leader in the slices of the loop. */
export async function waitForLeaders(
  side: Side,
  loop: Loop,
  board: SliceBoard,
  services: number,
): Promise<void> {
  await waitFor(
    `the leaders of the ${SIDE_NAME[side]}`,
    () => {
      loop.check();
      return serviceNames(services).every((name) => board.leaderOf(NAMESPACE[side], name) !== undefined);
    },
    { timeoutMs: SETTLED_MS, intervalMs: 200 },
  );
}

interface PodToMake {
  readonly side: Side;
  readonly service: string;
  readonly ordinal: number;
  readonly index: number;
}

function podsOf(side: Side, services: number): PodToMake[] {
  return serviceNames(services).flatMap((service, index) =>
    Array.from({ length: PODS_PER_SERVICE }, (_, ordinal) => {
      return { side, service, ordinal, index: index * PODS_PER_SERVICE + ordinal };
    }),
  );
}

async function createPod(client: KubeClient, { side, service, ordinal, index }: PodToMake): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE[side]}/pods`;
  await client.call({ verb: 'create', resource: 'pods', path, body: podBody(service, ordinal) });
  await client.call({
    verb: 'patch',
    resource: 'pods',
    path: `${path}/${podName(service, ordinal)}/status`,
    contentType: 'application/strategic-merge-patch+json',
    body: runningStatus(side, index, apiTime(Date.now())),
  });
}

/**
 * The bare loop makes no leader Services. They are made for it, so that both namespaces hold the same objects:
 * kube-controller-manager looks through all Services of a namespace at every change of a pod.
 */
async function createService(client: KubeClient, side: Side, name: string): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE[side]}/services`;
  const create = async (body: unknown): Promise<unknown> =>
    client.call({ verb: 'create', resource: 'services', path, body });
  await create(serviceBody(name, side === 'annotations'));
  if (side === 'bare') await create(leaderServiceBody(name));
  if (side === 'policies') await createPolicy(client, name);
}

async function createPolicy(client: KubeClient, service: string): Promise<void> {
  const path = `/apis/${POLICY_API_VERSION}/namespaces/${NAMESPACE.policies}/leaderpolicies`;
  await client.call({ verb: 'create', resource: 'leaderpolicies', path, body: policyBody(service) });
}

/** Resolves when policies can be made. */
export async function installCrd(client: KubeClient): Promise<void> {
  const resource = 'customresourcedefinitions';
  const path = `/apis/apiextensions.k8s.io/v1/${resource}`;
  await client.call({ verb: 'create', resource, path, body: LEADER_POLICY_CRD });
  const isServed = async (): Promise<boolean> => {
    try {
      await client.call({
        verb: 'list',
        resource: 'leaderpolicies',
        path: `/apis/${POLICY_API_VERSION}/leaderpolicies`,
      });
      return true;
    } catch (error) {
      // Not yet known; then known, and its storage not yet there.
      if (isStatus(error, 404) || isStatus(error, 429)) return false;
      throw error;
    }
  };
  await waitFor('LeaderPolicies to be served', isServed, { timeoutMs: CRD_SERVED_MS, intervalMs: 100 });
}

async function forEach<T>(
  items: readonly T[],
  run: (item: T) => Promise<void>,
  onDone: () => void,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      await run(item);
      onDone();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

function countUp(what: string, total: number, say: Say): () => void {
  let done = 0;
  let saidAt = performance.now();
  return () => {
    done += 1;
    if (done < total && performance.now() - saidAt < PROGRESS_MS) return;
    saidAt = performance.now();
    say(`${done} of ${total} ${what}`);
  };
}
