import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../clock.ts';
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

/** An exec plugin or a login server that has said nothing until then is asked anew. */
const GIVE_UP_MS = 30_000;

/**
 * Asks KubeConfig for headers and TLS material before every request (tens of microseconds), because tokens and
 * certificates rotate and exec plugins renew theirs. Calls that come together share one answer: a cold exec plugin is
 * run once, not once a request.
 */
export class Credentials {
  readonly #kubeConfig: KubeConfig;
  readonly #clock: Pick<Clock, 'after'>;
  #pending: Promise<Identity> | undefined;

  constructor(kubeConfig: KubeConfig, clock: Pick<Clock, 'after'>) {
    this.#kubeConfig = kubeConfig;
    this.#clock = clock;
    allowPlainHttp(kubeConfig);
  }

  /** Name of the user. */
  get user(): string {
    return this.#kubeConfig.getCurrentUser()?.name ?? 'none';
  }

  /**
   * Throws ZenLeadError InvalidKubeconfig where a file cannot be read or a plugin fails or hangs, for which a retry can
   * help; or the reason of the signal, which ends the caller's wait, not that of others.
   */
  async get(signal: AbortSignal): Promise<Identity> {
    signal.throwIfAborted();
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = undefined;
    });
    return await unlessAborted(this.#pending, signal);
  }

  async #ask(): Promise<Identity> {
    const options: RequestOptions = {};
    const late = new AbortController();
    const cancelTimer = this.#clock.after(GIVE_UP_MS, () => {
      late.abort(new Error(`nothing came in ${GIVE_UP_MS / 1000} s`));
    });
    try {
      await unlessAborted(this.#kubeConfig.applyToHTTPSOptions(options), late.signal);
      return { headers: { ...headersOf(options), ...this.#fileToken() }, tls: tlsOf(options) };
    } catch (cause) {
      throw new ZenLeadError('InvalidKubeconfig', `cannot get the credentials of user "${this.user}"`, {
        cause,
      });
    } finally {
      cancelTimer();
    }
  }

  /** KubeConfig keeps the token of a file for a minute of the wall clock, which may step back by hours. */
  #fileToken(): Record<string, string> {
    const provider = this.#kubeConfig.getCurrentUser()?.authProvider as AuthProvider | undefined;
    const file = provider?.config?.tokenFile ?? '';
    if (file === '') return {};
    const token = readFileSync(file, 'utf8').trim();
    // Empty: one that is being written.
    return token === '' ? {} : { authorization: `Bearer ${token}` };
  }
}

interface AuthProvider {
  readonly config?: { readonly tokenFile?: string };
}

/** What is promised, or the reason of the signal where that comes first. */
async function unlessAborted<T>(promised: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    aborted.reject(signal.reason);
  };
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promised, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
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
