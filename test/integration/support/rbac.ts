import type { Cluster } from '../../cluster/cluster.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
/** Who operators are; under the chart (test/chart) a ServiceAccount. */
const USER = process.env['ZEN_LEAD_TEST_USER'] ?? 'zen-lead';
/** Has the operator's rights in every namespace of the shared cluster. */
export const OPERATOR = { user: USER };

/** Exactly what the operator needs, no right to write a pod among it. */
export const RULES = [
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  {
    apiGroups: ['discovery.k8s.io'],
    resources: ['endpointslices'],
    verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'],
  },
  { apiGroups: ['zen-lead.io'], resources: ['leaderpolicies'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['zen-lead.io'], resources: ['leaderpolicies/status'], verbs: ['patch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
];

/** What replicas need in the namespace that they run in (config/rbac/leader-election.yaml). */
export const LEASE_RULES = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: ['zen-lead'],
    verbs: ['get', 'update'],
  },
];

const kubeconfigs = new WeakMap<Cluster, Promise<string>>();

/** Kubeconfig of a user who has the operator's rights in every namespace, and no others. */
export function operatorKubeconfig(cluster: Cluster): Promise<string> {
  const known = kubeconfigs.get(cluster) ?? create(cluster);
  kubeconfigs.set(cluster, known);
  return known;
}

/** Has operators use these credentials from now on. */
export function provideOperatorKubeconfig(cluster: Cluster, path: string): void {
  kubeconfigs.set(cluster, Promise.resolve(path));
}

async function create(cluster: Cluster): Promise<string> {
  const metadata = { name: USER };
  await cluster.api.call('POST', `${RBAC}/clusterroles`, { body: { metadata, rules: RULES } });
  await cluster.api.call('POST', `${RBAC}/clusterrolebindings`, {
    body: { metadata, roleRef: roleRef('ClusterRole', USER), subjects: [subject(USER)] },
  });
  return cluster.createUserKubeconfig(OPERATOR);
}

/** Gives a user the operator's rights, or other ones, in one namespace. */
export async function grantIn(
  cluster: Cluster,
  namespace: string,
  user: string,
  rules: readonly object[] = RULES,
): Promise<void> {
  const metadata = { name: user, namespace };
  const base = `${RBAC}/namespaces/${namespace}`;
  await cluster.api.call('POST', `${base}/roles`, { body: { metadata, rules } });
  await cluster.api.call('POST', `${base}/rolebindings`, {
    body: { metadata, roleRef: roleRef('Role', user), subjects: [subject(user)] },
  });
}

function roleRef(kind: string, name: string): object {
  return { apiGroup: 'rbac.authorization.k8s.io', kind, name };
}

function subject(name: string): object {
  return { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name };
}
