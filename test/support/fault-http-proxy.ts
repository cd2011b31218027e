import { Agent, createServer, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../cluster/run/ports.ts';
import { Exchange } from './exchange.ts';
import type { Cluster, Identity, KeyPair } from '../cluster/cluster.ts';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Server } from 'node:https';

/** What happens to the requests that match. The oldest rule that matches is the one that counts. */
export interface Rule {
  /** Any method where absent. */
  method?: string;
  /** Tried on the path with its query. */
  path: RegExp;
  /** How many requests it catches; all until it is removed where absent. */
  times?: number;
  /** Milliseconds before the answer, or before the request goes on to the API server. */
  delayMs?: number;
  /** The answer in the API server's place. Its body is a Status object unless given. */
  answer?: { status: number; headers?: OutgoingHttpHeaders; body?: string };
}

/** A request that arrived. */
export interface RecordedRequest {
  method: string;
  /** Path with query. */
  path: string;
  /** Milliseconds since the epoch at arrival. */
  time: number;
  userAgent: string;
  /** Status of the answer, once there is one. */
  status?: number;
}

interface ActiveRule extends Rule {
  left: number;
}

/** Meant for one hop only; Node writes its own. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade'];

/**
 * An HTTPS reverse proxy (HTTP/1.1) in front of a test cluster's API server that knows requests and fails the
 * chosen ones. Requests with a bearer token keep it; the others are made as the identity given at the start.
 */
export class FaultHttpProxy {
  /** All requests so far, oldest first. */
  readonly requests: RecordedRequest[] = [];
  readonly url: string;
  readonly #cluster: Cluster;
  readonly #server: Server;
  readonly #identity: KeyPair;
  readonly #withToken: Agent;
  readonly #asIdentity: Agent;
  readonly #rules = new Set<ActiveRule>();
  readonly #exchanges = new Set<Exchange>();
  readonly #frozenPaths = new Set<RegExp>();

  private constructor(cluster: Cluster, port: number, server: Server, identity: KeyPair) {
    this.#cluster = cluster;
    this.#identity = identity;
    const { ca } = cluster.adminConfig;
    this.#withToken = new Agent({ ca, keepAlive: true });
    this.#asIdentity = new Agent({ ca, keepAlive: true, ...identity });
    this.url = `https://127.0.0.1:${String(port)}`;
    this.#server = server;
    server.on('request', (incoming, answer) => {
      // A client that hung up while its request was delayed is no error here.
      this.#handle(incoming, answer).catch(() => answer.destroy());
    });
  }

  /** @param as who a request without a token is made as; the cluster's admin unless told otherwise. */
  static async start(cluster: Cluster, as?: Identity): Promise<FaultHttpProxy> {
    const { cert, key } = cluster.adminConfig;
    const identity = as === undefined ? { cert, key } : await cluster.clientCertificate(as);
    const server = createServer(await cluster.serverCertificate('fault proxy'));
    // Watches that last longer than Node's defaults shall not be ended by us.
    server.requestTimeout = 0;
    server.keepAliveTimeout = 120_000;
    const [port = 0] = await freePorts(1);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return new FaultHttpProxy(cluster, port, server, identity);
  }

  /** Kubeconfig that leads here. Without a token its holder acts as the identity given at the start. */
  async createKubeconfig(token?: string): Promise<string> {
    // The proxy never asks for the certificate; kubectl would ask the terminal for a password without one.
    const credentials = token === undefined ? this.#identity : { token };
    return this.#cluster.createKubeconfig(credentials, { server: this.url });
  }

  /** Returns the way to remove it. */
  addRule(rule: Rule): () => void {
    const active = { ...rule, left: rule.times ?? Infinity };
    this.#rules.add(active);
    return () => this.#rules.delete(active);
  }

  /**
   * Lets the answers that are under way for matching paths (watches, above all) go silent while their
   * connections stay open; with 'all' the later ones too, after their headers. Returns the way to let them go on.
   */
  freeze(path: RegExp, which: 'existing' | 'all' = 'existing'): () => void {
    const chosen = [...this.#exchanges].filter((exchange) => path.test(exchange.path));
    for (const exchange of chosen) exchange.freeze();
    if (which === 'all') this.#frozenPaths.add(path);
    return () => {
      this.#frozenPaths.delete(path);
      const later = which === 'all' ? [...this.#exchanges].filter((one) => path.test(one.path)) : [];
      for (const exchange of new Set([...chosen, ...later])) exchange.thaw();
    };
  }

  /** Breaks the answers that are under way for matching paths. */
  cut(path: RegExp): void {
    for (const exchange of this.#exchanges) if (path.test(exchange.path)) exchange.destroy();
  }

  /** The paths of the answers that are under way. */
  get streaming(): string[] {
    return [...this.#exchanges].map(({ path }) => path);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.#withToken.destroy();
    this.#asIdentity.destroy();
    await closed;
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = incoming;
    const userAgent = incoming.headers['user-agent'] ?? '';
    const record: RecordedRequest = { method, path, time: Date.now(), userAgent };
    this.requests.push(record);
    const rule = this.#match(method, path);
    // A delay that outlives the test must not keep its process: the server does that while it is needed.
    if (rule?.delayMs !== undefined) await sleep(rule.delayMs, undefined, { ref: false });
    if (rule?.answer === undefined) {
      this.#forward(incoming, answer, record);
    } else {
      record.status = rule.answer.status;
      incoming.resume();
      respond(answer, rule.answer);
    }
  }

  #match(method: string, path: string): ActiveRule | undefined {
    const rule = [...this.#rules].find(
      (one) => (one.method === undefined || one.method === method) && one.path.test(path),
    );
    if (rule !== undefined) {
      rule.left -= 1;
      if (rule.left <= 0) this.#rules.delete(rule);
    }
    return rule;
  }

  #forward(incoming: IncomingMessage, answer: ServerResponse, record: RecordedRequest): void {
    const { method, path } = record;
    const agent = incoming.headers.authorization === undefined ? this.#asIdentity : this.#withToken;
    const headers = withoutHopHeaders(incoming.headers);
    const outgoing = request(new URL(path, this.#cluster.server), { method, headers, agent });
    outgoing.once('response', (response) => {
      record.status = response.statusCode ?? 0;
      answer.writeHead(record.status, withoutHopHeaders(response.headers));
      // A watch must be seen to have begun before its first event.
      answer.flushHeaders();
      const exchange = new Exchange(path, response, answer, () => this.#exchanges.delete(exchange));
      this.#exchanges.add(exchange);
      if ([...this.#frozenPaths].some((frozen) => frozen.test(path))) exchange.freeze();
    });
    // Like an API server that died: no answer, a broken connection.
    outgoing.once('error', () => answer.destroy());
    answer.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }
}

function respond(answer: ServerResponse, { status, headers, body }: NonNullable<Rule['answer']>): void {
  const message = 'injected by a test';
  const standard = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status };
  answer.writeHead(status, { 'content-type': 'application/json', ...headers });
  answer.end(body ?? JSON.stringify(standard));
}

function withoutHopHeaders(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name)));
}
