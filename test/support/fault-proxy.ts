import { createServer, connect } from 'node:net';
import { freePorts } from '../cluster/run/ports.ts';
import type { Server, Socket } from 'node:net';

/**
 * A TCP proxy in front of an API server that fails on command. It does not look inside, so the client's TLS
 * session is with the real server: any kubeconfig works with only its server address changed.
 */
export class FaultProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #pairs = new Set<Pair>();
  #frozen: 'no' | 'existing' | 'all' = 'no';

  private constructor(port: number, target: URL) {
    this.port = port;
    this.#target = { host: target.hostname, port: Number(target.port) };
    // Half-open connections are forwarded as such.
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#accept(client);
    });
  }

  /** @param target URL of the API server. */
  static async start(target: string): Promise<FaultProxy> {
    const [port = 0] = await freePorts(1);
    const proxy = new FaultProxy(port, new URL(target));
    await proxy.accept();
    return proxy;
  }

  /** URL, to be put in the place of the API server's. */
  get url(): string {
    return `https://127.0.0.1:${String(this.port)}`;
  }

  /** Connections that are open at the moment. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Breaks all connections at once, as a dying load balancer does. New ones are accepted. */
  cutAll(): void {
    for (const pair of this.#pairs) pair.destroy();
  }

  /**
   * Lets every existing connection go silent: nothing is forwarded either way, nothing is closed, and the
   * kernel goes on answering TCP keepalive. New connections pass, or with 'all' are accepted and silent too.
   */
  freeze(which: 'existing' | 'all' = 'existing'): void {
    this.#frozen = which;
    for (const pair of this.#pairs) pair.freeze();
  }

  /** Lets frozen connections go on where they were. */
  thaw(): void {
    this.#frozen = 'no';
    for (const pair of this.#pairs) pair.thaw();
  }

  /** Refuses new connections (ECONNREFUSED) until `accept`. Existing ones stay. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    // close() calls back only when the existing connections have ended too; listening ends at once.
    this.#server.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Takes new connections again, on the same port. */
  async accept(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    await this.refuse();
    this.cutAll();
  }

  #accept(client: Socket): void {
    const upstream = connect({ ...this.#target, allowHalfOpen: true });
    const pair = new Pair(client, upstream, () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
    if (this.#frozen === 'all') pair.freeze();
  }
}

/** The two halves of one proxied connection. */
class Pair {
  readonly #sockets: readonly [Socket, Socket];
  readonly #held: (() => void)[] = [];
  #frozen = false;

  constructor(client: Socket, upstream: Socket, onClose: () => void) {
    this.#sockets = [client, upstream];
    this.#forward(client, upstream);
    this.#forward(upstream, client);
    for (const socket of this.#sockets) {
      socket.once('close', () => {
        if (this.#sockets.every((one) => one.closed)) onClose();
      });
    }
  }

  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const socket of this.#sockets) socket.resume();
    for (const event of this.#held.splice(0)) event();
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #forward(from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!this.#frozen) from.resume();
    });
    from.on('end', () => {
      this.#tell(() => to.end());
    });
    // 'close' follows, and says whether there was an error.
    from.on('error', () => undefined);
    from.on('close', (broken) => {
      if (broken) this.#tell(() => to.resetAndDestroy());
    });
  }

  /** A paused socket without data still says that it has ended: while frozen, that is kept. */
  #tell(event: () => void): void {
    if (this.#frozen) this.#held.push(event);
    else event();
  }
}
