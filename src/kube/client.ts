import type { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { UnreachableError, ZenLeadError } from '../errors.ts';
import { errorOfAnswer, parseBody } from './answer.ts';
import { Connections } from './connections.ts';
import type { Lane } from './connections.ts';
import { Credentials } from './credentials.ts';
import { Deadline } from './deadline.ts';
import { timeoutError, transportError } from './failure.ts';
import { RateLimiter } from './rate-limiter.ts';
import { describeCall } from './target.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

export interface Call {
  readonly verb: Verb;
  /** Plural, for metrics and errors. */
  readonly resource: string;
  /** For instance /api/v1/namespaces/shop/services/web. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
  /** Default application/json. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /**
   * Milliseconds from the moment the rate limiter lets the call go until its answer is read. Default 10,000 for `call`;
   * for `stream` it covers the whole stream, and there is no default.
   */
  readonly timeoutMs?: number;
  /** Never waits for the rate limiter, but pays into it. */
  readonly urgent?: boolean;
}

export interface Observation {
  readonly verb: Verb;
  readonly resource: string;
  /** HTTP status, or "error" where there was none. */
  readonly code: string;
  /** Until the answer is read; of a stream, until its headers are. Waiting for the rate limiter is not counted. */
  readonly seconds: number;
}

export interface KubeClientOptions {
  readonly kubeConfig: KubeConfig;
  /** For the User-Agent. */
  readonly version: string;
  /** Calls a second on the average, twice as many in a burst; 0 (the default) is no limit. Lists and watches are free. */
  readonly qps?: number;
  readonly observe?: (observation: Observation) => void;
  readonly clock?: Pick<Clock, 'now' | 'after'>;
}

const METHOD = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
} as const;
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * A thin client of the API server. Every failure is an ApiError (it answered with another status than 2xx), an
 * UnreachableError (no answer), a ZenLeadError InvalidAnswer (one that is no JSON), or the reason of the caller's signal.
 * Nothing is retried here.
 */
export class KubeClient {
  /** Address of the API server. */
  readonly server: string;
  readonly #origin: string;
  readonly #basePath: string;
  readonly #userAgent: string;
  readonly #credentials: Credentials;
  readonly #connections: Connections;
  readonly #limiter: RateLimiter;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #observe: (observation: Observation) => void;

  constructor(options: KubeClientOptions) {
    const cluster = options.kubeConfig.getCurrentCluster();
    if (cluster === null)
      throw new ZenLeadError('InvalidKubeconfig', 'the kubeconfig has no current cluster');
    const url = new URL(cluster.server);
    this.server = cluster.server;
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/+$/, '');
    this.#userAgent = `zen-lead/${options.version}`;
    this.#clock = options.clock ?? systemClock;
    this.#credentials = new Credentials(options.kubeConfig, this.#clock);
    this.#connections = new Connections(cluster.proxyUrl);
    this.#limiter = new RateLimiter(options.qps ?? 0, this.#clock);
    this.#observe = options.observe ?? (() => undefined);
  }

  /** One request and its whole answer. After a timeout the next one gets a new connection. */

  async call<T>(call: Call): Promise<T> {
    await this.#admit(call);
    const request = this.#begin(call, call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const { statusCode: status, headers, body } = await this.#send(request);
      const text = await body.text();
      this.#observed(request, String(status));
      if (!isSuccess(status)) throw errorOfAnswer(call, { status, headers, text }, Date.now());
      return parseBody(call, text) as T;
    } catch (error) {
      throw this.#failure(request, error);
    } finally {
      request.deadline.end();
    }
  }

  /**
   * The body of an answer as it comes, for watches. Throws as `call` does, also in the middle; a body that ends without
   * an error was ended by the server. It must be iterated, or the signal aborted: it holds a connection.
   */
  async stream(call: Call): Promise<AsyncIterable<Uint8Array>> {
    await this.#admit(call);
    const request = this.#begin(call, call.timeoutMs);
    try {
      const { statusCode: status, headers, body } = await this.#send(request);
      this.#observed(request, String(status));
      if (isSuccess(status)) return this.#chunks(request, body);
      throw errorOfAnswer(call, { status, headers, text: await body.text() }, Date.now());
    } catch (error) {
      request.deadline.end();
      throw this.#failure(request, error);
    }
  }

  /** Ends what is under way; the client cannot be used afterwards. */
  async close(): Promise<void> {
    this.#limiter.close();
    await this.#connections.destroy();
  }

  /** List and watch go free: a relist must be neither slow nor in the way of a write. */
  async #admit(call: Call): Promise<void> {
    if (laneOf(call) === 'streams') return;
    if (call.urgent === true) this.#limiter.take();
    else await this.#limiter.wait(call.signal);
  }

  #begin(call: Call, timeoutMs: number | undefined): Request {
    const deadline = new Deadline(timeoutMs, call.signal, this.#clock);
    return { call, timeoutMs: timeoutMs ?? 0, deadline, startedAt: this.#clock.now(), observed: false };
  }

  async #send(request: Request): Promise<Dispatcher.ResponseData> {
    const { call, deadline } = request;
    const { headers, tls } = await this.#credentials.get(deadline.signal);
    request.dispatcher = this.#connections.get(laneOf(call), tls);
    return await request.dispatcher.request({
      origin: this.#origin,
      path: this.#pathOf(call),
      method: METHOD[call.verb],
      headers: {
        ...headers,
        accept: 'application/json',
        'user-agent': this.#userAgent,
        ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: deadline.signal,
    });
  }

  #pathOf(call: Call): string {
    const path = this.#basePath + call.path;
    if (call.query === undefined) return path;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query)) query.set(name, String(value));
    return `${path}?${query.toString()}`;
  }

  async *#chunks(request: Request, body: AsyncIterable<unknown>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of body) yield chunk as Uint8Array;
      // undici frees the connection only after it told the end; the next watch shall find it free.
      await new Promise(setImmediate);
    } catch (error) {
      throw this.#failure(request, error);
    } finally {
      request.deadline.end();
    }
  }

  #failure(request: Request, error: unknown): unknown {
    const { call, deadline, dispatcher } = request;
    this.#observed(request, 'error');
    if (call.signal?.aborted === true) return call.signal.reason;
    if (!deadline.expired) return transportError(call, this.server, error);
    if (dispatcher === undefined) return this.#credentialsTimeout(request);
    // The idle connections go through the same proxy or NAT: the next attempt must not be given one of them.
    this.#connections.suspect(dispatcher);
    return timeoutError(call, this.server, request.timeoutMs);
  }

  /** The API server has not even been asked. */
  #credentialsTimeout({ call, timeoutMs }: Request): UnreachableError {
    const message = `cannot ${describeCall(call)}: no credentials of user "${this.#credentials.user}" in ${timeoutMs} ms`;
    return new UnreachableError('timeout', message);
  }

  /** Each request is observed once. */
  #observed(request: Request, code: string): void {
    if (request.observed) return;
    request.observed = true;
    const { verb, resource } = request.call;
    this.#observe({ verb, resource, code, seconds: (this.#clock.now() - request.startedAt) / 1000 });
  }
}

interface Request {
  readonly call: Call;
  readonly timeoutMs: number;
  readonly deadline: Deadline;
  readonly startedAt: number;
  observed: boolean;
  dispatcher?: Dispatcher;
}

function laneOf(call: Call): Lane {
  return call.verb === 'list' || call.verb === 'watch' ? 'streams' : 'calls';
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
