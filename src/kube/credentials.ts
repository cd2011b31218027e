import type { RequestOptions } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import { ZenLeadError } from '../errors.ts';

type Material = SecureContextOptions['ca'];

/** What a TLS connection to the API server is made with. */
export interface TlsMaterial {
  readonly ca?: Material;
  readonly cert?: Material;
  readonly key?: SecureContextOptions['key'];
  readonly passphrase?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

/**
 * Asks KubeConfig for headers and TLS material before every request (tens of microseconds), because tokens and
 * certificates rotate and exec plugins renew theirs. Calls that come together share one answer: a cold exec plugin is
 * run once, not once a request.
 */
export class Credentials {
  readonly #kubeConfig: KubeConfig;
  #pending: Promise<Identity> | undefined;

  constructor(kubeConfig: KubeConfig) {
    this.#kubeConfig = kubeConfig;
    allowPlainHttp(kubeConfig);
  }

  /** Throws ZenLeadError InvalidKubeconfig where a file cannot be read or a plugin fails; a retry can help. */
  get(): Promise<Identity> {
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #ask(): Promise<Identity> {
    const options: RequestOptions = {};
    try {
      await this.#kubeConfig.applyToHTTPSOptions(options);
    } catch (cause) {
      const user = this.#kubeConfig.getCurrentUser()?.name ?? 'none';
      throw new ZenLeadError('InvalidKubeconfig', `cannot get the credentials of user "${user}"`, { cause });
    }
    return { headers: headersOf(options), tls: tlsOf(options) };
  }
}

/** KubeConfig refuses http:// (kubectl proxy) unless told not to verify; there is no TLS to verify. */
function allowPlainHttp(kubeConfig: KubeConfig): void {
  const cluster = kubeConfig.getCurrentCluster() as { server: string; skipTLSVerify: boolean } | null;
  if (cluster?.server.startsWith('http:') === true) cluster.skipTLSVerify = true;
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    // A token file often ends in a newline, which no header may hold.
    if (typeof value === 'string') headers[name.toLowerCase()] = value.trim();
  }
  if (typeof options.auth === 'string') {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  return headers;
}

function tlsOf(options: RequestOptions): TlsMaterial {
  const { ca, cert, key, passphrase, servername, rejectUnauthorized } = options;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

export function sameTls(a: TlsMaterial, b: TlsMaterial): boolean {
  return (
    sameValue(a.ca, b.ca) &&
    sameValue(a.cert, b.cert) &&
    sameValue(a.key, b.key) &&
    a.passphrase === b.passphrase &&
    a.servername === b.servername &&
    a.rejectUnauthorized === b.rejectUnauthorized
  );
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (Buffer.isBuffer(a) && Buffer.isBuffer(b) && a.equals(b));
}
