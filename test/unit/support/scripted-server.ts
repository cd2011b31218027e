import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { KubeClient } from '../../../src/kube/client.ts';
import type { KubeClientOptions } from '../../../src/kube/client.ts';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the connection, to tell one from another. */
  readonly port: number;
}

export type Handler = (request: Seen, response: ServerResponse) => void;

/** An HTTP server that answers what a test tells it to, and remembers what it was asked. */
export class ScriptedServer {
  readonly requests: Seen[] = [];
  handler: Handler = (_request, response) => response.end('{}');
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(handler?: Handler): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    if (handler !== undefined) server.handler = handler;
    await server.listen();
    return server;
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  client(options: Partial<KubeClientOptions> = {}): KubeClient {
    return new KubeClient({ kubeConfig: kubeConfigFor(this.url), version: '0.0.0-test', ...options });
  }

  /** Also cuts the connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://any');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      port: request.socket.remotePort ?? 0,
    };
    this.requests.push(seen);
    this.handler(seen, response);
  }
}

export function kubeConfigFor(server: string, token = 'secret'): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser({ name: 'test', server, skipTLSVerify: false }, { name: 'test', token });
  return kubeConfig;
}

/** Answers as the API server does when it says no. */
export function answerStatus(
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
  message = `because of ${reason}`,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ kind: 'Status', code: status, reason, message }));
}
