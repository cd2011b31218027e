/** Stand-ins for the CustomResourceDefinitions of the Prometheus Operator: they take any spec. */
import type { Cluster } from '../../cluster/cluster.ts';
import { eventually } from '../../integration/support/eventually.ts';

const GROUP = 'monitoring.coreos.com';
const KINDS = ['PodMonitor', 'ServiceMonitor', 'PrometheusRule'];

export async function installMonitoringCrds({ api }: Cluster): Promise<void> {
  for (const kind of KINDS) {
    const plural = `${kind.toLowerCase()}s`;
    await api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: crd(kind, plural),
    });
    await eventually(async () => api.call('GET', `/apis/${GROUP}/v1/${plural}?limit=1`), {
      describe: `${plural} to be served`,
    });
  }
}

function crd(kind: string, plural: string): object {
  const openAPIV3Schema = {
    type: 'object',
    properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  };
  return {
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
