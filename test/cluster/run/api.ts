import { Agent, request } from 'node:https';
import { ClusterError } from '../errors.ts';
import type { KeyPair } from './pki.ts';

export interface ApiAnswer {
  status: number;
  /** The parsed JSON, or the text where it is none. */
  body: unknown;
}

export interface ApiRequest {
  body?: unknown;
  /** application/json unless told otherwise, for instance application/merge-patch+json. */
  contentType?: string;
  /** Milliseconds, 10 s unless told otherwise. */
  timeoutMs?: number;
}

/** JSON over HTTPS with a client certificate, on connections that are kept: for API server and etcd. */
export class ApiClient {
  readonly #server: string;
  readonly #agent: Agent;

  constructor(server: string, ca: string, credentials: KeyPair) {
    this.#server = server;
    this.#agent = new Agent({ ca, ...credentials, keepAlive: true, maxSockets: 8 });
  }

  /** Any answer is returned, whatever its status. Throws when there is none. */
  async request(method: string, path: string, options: ApiRequest = {}): Promise<ApiAnswer> {
    const payload = options.body === undefined ? undefined : JSON.stringify(options.body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, this.#server),
        {
          method,
          agent: this.#agent,
          timeout: options.timeoutMs ?? 10_000,
          headers: {
            accept: 'application/json',
            'user-agent': 'zen-lead-test-cluster',
            ...(payload === undefined
              ? {}
              : {
                  'content-type': options.contentType ?? 'application/json',
                  'content-length': Buffer.byteLength(payload),
                }),
          },
        },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk: string) => (text += chunk));
          incoming.once('error', reject);
          incoming.once('end', () => {
            resolve({ status: incoming.statusCode ?? 0, body: parse(text) });
          });
        },
      );
      outgoing.once('error', reject);
      outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer in time`)));
      outgoing.end(payload);
    });
  }

  /** The body of a successful answer. Throws a ClusterError for any other status. */
  async call<T = unknown>(method: string, path: string, options: ApiRequest = {}): Promise<T> {
    const { status, body } = await this.request(method, path, options);
    if (status >= 200 && status < 300) return body as T;
    throw new ClusterError(`${method} ${path}: ${String(status)} ${messageIn(body)}`);
  }

  close(): void {
    this.#agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function messageIn(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message);
  return JSON.stringify(body);
}
