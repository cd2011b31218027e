import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { AUDIT_POLICY } from './components.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { CertificateAuthority, serviceAccountKey } from './pki.ts';
import type { Identity, KeyPair } from './pki.ts';

/** User names under which the components act. The built-in RBAC bindings know the first two. */
const COMPONENTS: readonly Identity[] = [
  { user: 'system:kube-controller-manager' },
  { user: 'system:kube-scheduler' },
  { user: 'kwok', groups: ['system:masters'] },
];

export interface Credentials {
  authority: CertificateAuthority;
  admin: KeyPair;
  etcd: KeyPair;
}

export interface BootstrapOptions {
  /** Who gets a kubeconfig, NAME.kubeconfig without "system:", besides the admin. */
  components?: readonly Identity[];
  /** IP addresses and DNS names of kube-apiserver besides 127.0.0.1. */
  serverNames?: readonly string[];
}

/** Writes everything that the components read from `file(name)`: certificates, keys, kubeconfigs, audit policy. */
export async function bootstrap(
  file: (name: string) => string,
  server: string,
  { components = COMPONENTS, serverNames = [] }: BootstrapOptions = {},
): Promise<Credentials> {
  const authority = await CertificateAuthority.create();
  const [admin, etcd, apiserver] = await Promise.all([
    authority.clientCertificate({ user: 'admin', groups: ['system:masters'] }),
    authority.serverCertificate('etcd'),
    authority.serverCertificate('kube-apiserver', serverNames),
  ]);
  const secret = { mode: 0o600 };
  const kubeconfig = async (name: string, credentials: KeyPair): Promise<void> =>
    writeKubeconfig(file(`${name}.kubeconfig`), { server, ca: authority.cert, credentials });
  await Promise.all([
    writeFile(file('ca.crt'), authority.cert),
    writeFile(file('etcd.crt'), etcd.cert),
    writeFile(file('etcd.key'), etcd.key, secret),
    writeFile(file('apiserver.crt'), apiserver.cert),
    writeFile(file('apiserver.key'), apiserver.key, secret),
    writeFile(file('service-account.key'), serviceAccountKey(), secret),
    writeFile(file('audit-policy.yaml'), stringify(AUDIT_POLICY)),
    kubeconfig('admin', admin),
    ...components.map(async (identity) =>
      kubeconfig(identity.user.replace('system:', ''), await authority.clientCertificate(identity)),
    ),
  ]);
  return { authority, admin, etcd };
}
