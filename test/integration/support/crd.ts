import type { Cluster } from '../../cluster/cluster.ts';
import { LEADER_POLICY_CRD } from '../../../src/api/leader-policy-crd.ts';
import { eventually } from './eventually.ts';
import { sharedCluster } from './shared.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const { name: NAME } = LEADER_POLICY_CRD.metadata;

interface Validated {
  schema: { openAPIV3Schema: { properties: Record<string, unknown> } };
}

/** Makes the CustomResourceDefinition what crds/leaderpolicies.yaml says, and waits until it is served. */
export async function installCrd(cluster: Cluster = sharedCluster()): Promise<void> {
  await apply(cluster, LEADER_POLICY_CRD);
  await eventually(
    async () => {
      // Served only while it is Established.
      await cluster.api.call('GET', '/apis/zen-lead.io/v1alpha1/leaderpolicies?limit=1');
    },
    { describe: 'leaderpolicies to be served', timeout: 10_000 },
  );
}

/** As an older or a newer version of the file may be: it takes every spec. */
export async function weakenCrd(cluster: Cluster = sharedCluster()): Promise<void> {
  const weak = structuredClone<unknown>(LEADER_POLICY_CRD) as { spec: { versions: Validated[] } };
  for (const { schema } of weak.spec.versions)
    schema.openAPIV3Schema.properties['spec'] = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
    };
  await apply(cluster, weak);
  await schemaIs(cluster, false);
}

/** After `weakenCrd`: back to what the file says, as soon as the API server goes by it. */
export async function restoreCrd(cluster: Cluster = sharedCluster()): Promise<void> {
  await installCrd(cluster);
  await schemaIs(cluster, true);
}

async function apply({ api }: Cluster, body: unknown): Promise<void> {
  await api.call('PATCH', `${CRDS}/${NAME}?fieldManager=zen-lead&force=true`, {
    contentType: 'application/apply-patch+yaml',
    body,
  });
}

/** The API server goes by a changed schema when a policy that only the weak one takes is (not) refused. */
async function schemaIs({ api }: Cluster, strict: boolean): Promise<void> {
  const body = {
    apiVersion: 'zen-lead.io/v1alpha1',
    kind: 'LeaderPolicy',
    metadata: { name: 'schema-probe' },
    spec: {},
  };
  const path = '/apis/zen-lead.io/v1alpha1/namespaces/default/leaderpolicies?dryRun=All';
  await eventually(
    async () => {
      const { status } = await api.request('POST', path, { body });
      if (status !== (strict ? 422 : 201)) throw new Error(`the probe is answered with ${status}`);
    },
    { describe: `the ${strict ? 'strict' : 'weak'} schema of leaderpolicies`, timeout: 10_000 },
  );
}
