/** The DNS of the cluster: a real CoreDNS, in the node and not in a pod, behind the Service that pods would ask. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ensureTools } from '../../cluster/build/builder.ts';
import { NODE_ADDRESS, SERVER_IN_NODE } from '../../node/addresses.ts';
import type { RealNode } from '../../node/node.ts';

const NAMESPACE = 'kube-system';
const NAME = 'kube-dns';
/** By custom. */
const ADDRESS = '10.96.0.10';
const PORT = 53;
export const DOMAIN = 'cluster.local';

export interface Dns {
  /** `address:port` of its Service. */
  readonly resolver: string;
  stop(): void;
}

export async function startDns(node: RealNode): Promise<Dns> {
  const { coredns } = await ensureTools(['coredns']);
  const child = node.spawn(coredns, ['-conf', configure(node)], { stdio: 'ignore' });
  const ports = [{ name: 'dns', port: PORT, protocol: 'UDP' }];
  const service = { metadata: { name: NAME }, spec: { clusterIP: ADDRESS, ports } };
  await node.api.call('POST', `/api/v1/namespaces/${NAMESPACE}/services`, { body: service });
  const slice = {
    metadata: { name: NAME, labels: { 'kubernetes.io/service-name': NAME } },
    addressType: 'IPv4',
    ports,
    endpoints: [{ addresses: [NODE_ADDRESS] }],
  };
  const slices = `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`;
  await node.api.call('POST', slices, { body: slice });
  return { resolver: `${ADDRESS}:${PORT}`, stop: () => void child.kill() };
}

/** @returns path of its configuration */
function configure(node: RealNode): string {
  const [kubeconfig, corefile] = ['coredns.kubeconfig', 'Corefile'].map((name) => join(node.stateDir, name));
  const config = parse(readFileSync(node.kubeconfigPath, 'utf8')) as {
    clusters: { cluster: { server: string } }[];
  };
  for (const { cluster } of config.clusters) cluster.server = SERVER_IN_NODE;
  writeFileSync(kubeconfig!, stringify(config), { mode: 0o600 });
  const block = `${DOMAIN}:${PORT} {\n  errors\n  kubernetes ${DOMAIN} {\n    kubeconfig ${kubeconfig!}\n  }\n}\n`;
  writeFileSync(corefile!, block);
  return corefile!;
}
