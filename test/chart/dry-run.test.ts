import { sharedCluster } from '../integration/support/shared.ts';
import { kindsIn, objectsIn } from './support/helm.ts';
import { podSpecOf } from './support/install.ts';
import { modes, render, RELEASE } from './support/modes.ts';
import { installMonitoringCrds } from './support/monitoring-crds.ts';

/** Of the modes' values, and that of the release. */
const NAMESPACES = [RELEASE.namespace, 'shop', 'billing'];

describe('every object of the chart is taken by the API server, strictly validated', function () {
  this.timeout(30_000);

  before(async () => {
    const { api } = sharedCluster();
    await Promise.all(
      NAMESPACES.map(async (name) =>
        api.call('POST', '/api/v1/namespaces', {
          // As a platform team does it: what is not restricted is refused here.
          body: { metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
        }),
      ),
    );
    await installMonitoringCrds(sharedCluster());
  });

  for (const mode of modes) {
    it(`with the values of modes/${mode.name}.yaml`, async () => {
      const args = ['apply', '--dry-run=server', '--validate=strict', '-f', '-'];
      await sharedCluster().kubectl(args, await render(mode));
    });

    it(`its pod too, in a namespace that enforces the Pod Security Standard "restricted" (${mode.name})`, async () => {
      const [deployment] = kindsIn(objectsIn(await render(mode)), 'Deployment');
      const path = `/api/v1/namespaces/${RELEASE.namespace}/pods?dryRun=All&fieldValidation=Strict`;
      const body = { metadata: { name: 'probe' }, spec: podSpecOf(deployment!) };
      await sharedCluster().api.call('POST', path, { body });
    });
  }
});
