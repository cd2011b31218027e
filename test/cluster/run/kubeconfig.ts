import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { KeyPair } from './pki.ts';

/** How somebody reaches an API server. */
export interface Access {
  /** URL */
  server: string;
  /** PEM of the authority that signed the server's certificate. */
  ca: string;
  /** A client certificate or a bearer token. */
  credentials: KeyPair | { token: string };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Writes a kubeconfig with everything embedded, readable by this user only. */
export async function writeKubeconfig(path: string, { server, ca, credentials }: Access): Promise<void> {
  const name = 'zen-lead';
  const user =
    'cert' in credentials
      ? {
          'client-certificate-data': base64(credentials.cert),
          'client-key-data': base64(credentials.key),
        }
      : credentials;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
}
