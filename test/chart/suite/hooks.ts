/** Root hooks that have the integration tests' operators be what the chart makes of them: its ServiceAccount, cluster-wide. */
import type { RootHookObject } from 'mocha';
import { eventually } from '../../integration/support/eventually.ts';
import { mochaHooks as integration } from '../../integration/support/hooks.ts';
import { OPERATOR, provideOperatorKubeconfig } from '../../integration/support/rbac.ts';
import { sharedCluster } from '../../integration/support/shared.ts';
import { accountKubeconfig, helmOn } from '../support/install.ts';

export const RELEASE = { name: 'zen-lead', namespace: 'zen-lead' };
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

export const mochaHooks: RootHookObject = {
  ...integration,
  beforeAll: [integration.beforeAll, installChart].flat().filter((hook) => hook !== undefined),
};

async function installChart(): Promise<void> {
  const cluster = sharedCluster();
  const { user } = OPERATOR;
  for (const resource of ['clusterrolebindings', 'clusterroles'])
    await cluster.api.call('DELETE', `${RBAC}/${resource}/${user}`);
  await cluster.api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: RELEASE.namespace } } });
  // Some tests look at what happens without the CRD.
  await helmOn(cluster, 'install', RELEASE, 'scope: cluster', ['--skip-crds']);
  const kubeconfig = await accountKubeconfig(cluster, RELEASE.namespace, 'zen-lead');
  provideOperatorKubeconfig(cluster, kubeconfig);
  await eventually(
    async () => {
      const service = ['create', 'service', 'clusterip', 'probe', '--tcp=80', '--dry-run=server'];
      const answer = await cluster.kubectl(['--kubeconfig', kubeconfig, '-n', 'default', ...service]).then(
        () => 'taken',
        (error: unknown) => String(error),
      );
      if (!answer.includes('ValidatingAdmissionPolicy')) throw new Error(answer);
    },
    { describe: 'the admission policies to be in force', timeout: 20_000 },
  );
}
