import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ZenLeadError, messageOf } from '../errors.ts';
import type { RawCluster, RawKubeconfig, RawUser } from './kubeconfig-file.ts';

export interface CurrentContext {
  readonly server: string;
  /** Undefined: the context names no user, requests are anonymous. */
  readonly user?: string;
  readonly namespace?: string;
}

const PROXY_PROTOCOLS = ['http:', 'https:', 'socks5:'];

/**
 * Checks what the current context refers to, so that a mistake is told at the start and by its name, not as a TLS error
 * later on. Throws ZenLeadError InvalidKubeconfig. `origin` names the file or files.
 */
export function checkCurrentContext(raw: RawKubeconfig, origin: string, now: Date): CurrentContext {
  const name = raw['current-context'];
  const known = namesOf(raw.contexts);
  if (name === undefined) fail(origin, `has no current-context, expected one of its contexts (${known})`);
  const context = raw.contexts.find((candidate) => candidate.name === name)?.context;
  if (context === undefined)
    fail(origin, `has no context "${name}", expected current-context to be one of: ${known}`);

  const cluster = raw.clusters.find((candidate) => candidate.name === context.cluster);
  if (cluster === undefined) {
    fail(
      origin,
      `has no cluster "${context.cluster ?? ''}", which its context "${name}" names, expected one of: ${namesOf(raw.clusters)}`,
    );
  }
  const server = checkCluster(cluster, origin);
  const { user, namespace } = context;
  if (user !== undefined && user !== '') checkUser(raw, user, name, origin, now);
  return {
    server,
    ...(user !== undefined && user !== '' && { user }),
    ...(namespace !== undefined && namespace !== '' && { namespace }),
  };
}

function checkCluster({ name, cluster }: RawCluster, origin: string): string {
  const server = cluster?.server ?? '';
  if (server === '') fail(origin, `gives no server for the cluster "${name}", expected https://HOST:PORT`);
  if (!isUrl(server, ['https:', 'http:'])) {
    fail(origin, `gives the server "${server}" for the cluster "${name}", expected https://HOST:PORT`);
  }
  const proxy = cluster?.['proxy-url'] ?? '';
  if (proxy !== '' && !isUrl(proxy, PROXY_PROTOCOLS)) {
    fail(
      origin,
      `gives a proxy-url for the cluster "${name}" that is no http://, https:// or socks5:// address`,
    );
  }
  readable(cluster?.['certificate-authority'], 'certificate-authority', origin);
  return server;
}

function checkUser(raw: RawKubeconfig, name: string, context: string, origin: string, now: Date): void {
  const entry = raw.users.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    fail(
      origin,
      `has no user "${name}", which its context "${context}" names, expected one of: ${namesOf(raw.users)}`,
    );
  }
  readable(entry.user?.['client-key'], 'client-key', origin);
  readable(entry.user?.tokenFile, 'tokenFile', origin);
  checkCertificate(entry, origin, now);
}

/** An expired certificate is otherwise told as "401 Unauthorized", or as a TLS alert without a word on which. */
function checkCertificate({ name, user }: RawUser, origin: string, now: Date): void {
  const file = user?.['client-certificate'];
  const data = user?.['client-certificate-data'];
  const fromFile = readable(file, 'client-certificate', origin);
  const pem = fromFile ?? (data === undefined || data === '' ? undefined : Buffer.from(data, 'base64'));
  if (pem === undefined) return;
  const where = fromFile === undefined ? `client-certificate-data of the user "${name}"` : (file ?? '');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    fail(origin, `gives a client certificate that is not in PEM form: ${where}`);
  }
  const until = new Date(certificate.validTo);
  if (until < now) {
    fail(origin, `gives a client certificate that expired on ${until.toISOString()}: ${where}; renew it`);
  }
}

function readable(file: string | undefined, field: string, origin: string): Buffer | undefined {
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file);
  } catch (cause) {
    fail(origin, `names a ${field} that cannot be read: ${messageOf(cause)}`);
  }
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

function namesOf(entries: readonly { readonly name: string }[]): string {
  return entries.length === 0 ? 'none' : entries.map(({ name }) => name).join(', ');
}

function fail(origin: string, problem: string): never {
  throw new ZenLeadError('InvalidKubeconfig', `the kubeconfig ${origin} ${problem}`);
}
