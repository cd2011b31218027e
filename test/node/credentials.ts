/** Certificates, keys and kubeconfigs of a node and of the control plane in it. */
import { writeFileSync } from 'node:fs';
import { bootstrap } from '../cluster/run/bootstrap.ts';
import { writeKubeconfig } from '../cluster/run/kubeconfig.ts';
import { API_SERVICE_ADDRESS, NODE_ADDRESS, NODE_NAME, SERVER_IN_NODE } from './addresses.ts';
import type { Credentials } from '../cluster/run/bootstrap.ts';
import type { KeyPair } from '../cluster/run/pki.ts';
import type { FileOf } from './setup.ts';

/** User names that the built-in RBAC bindings know. */
const COMPONENTS = ['kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map((name) => ({
  user: `system:${name}`,
}));
/** What the node authorizer and the NodeRestriction admission ask of a kubelet. */
const KUBELET = { user: `system:node:${NODE_NAME}`, groups: ['system:nodes'] };
const SERVICE = 'kubernetes.default.svc';

/** @param server URL by which the machine, not the node, reaches the API server: in admin.kubeconfig */
export async function writeCredentials(file: FileOf, server: string): Promise<Credentials> {
  const serverNames = [NODE_ADDRESS, API_SERVICE_ADDRESS, SERVICE, `${SERVICE}.cluster.local`];
  const credentials = await bootstrap(file, SERVER_IN_NODE, { components: COMPONENTS, serverNames });
  const { authority, admin } = credentials;
  const access = { ca: authority.cert, server: SERVER_IN_NODE };
  writePair(file, 'admin', admin);
  writePair(file, 'kubelet', await authority.serverCertificate(NODE_NAME, [NODE_NAME, NODE_ADDRESS]));
  await writeKubeconfig(file('kubelet.kubeconfig'), {
    ...access,
    credentials: await authority.clientCertificate(KUBELET),
  });
  await writeKubeconfig(file('admin.kubeconfig'), { ...access, server, credentials: admin });
  return credentials;
}

function writePair(file: FileOf, name: string, { cert, key }: KeyPair): void {
  writeFileSync(file(`${name}.crt`), cert);
  writeFileSync(file(`${name}.key`), key, { mode: 0o600 });
}
