import { Agent, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';
import { ZenLeadError } from '../errors.ts';
import { sameTls } from './credentials.ts';
import type { TlsMaterial } from './credentials.ts';

/** Calls share a small pool; every list and watch may have a connection of its own. */
export type Lane = 'calls' | 'streams';

const OPTIONS = {
  calls: {
    connections: 16,
    // The default of 4 s would make the first write after a quiet moment wait for a TLS handshake.
    keepAliveTimeout: 120_000,
  },
  // The silence of a watch is judged by the caller, who knows how long it may last.
  streams: { connections: null, keepAliveTimeout: 30_000, bodyTimeout: 0 },
} as const;
const CONNECT_TIMEOUT_MS = 5_000;
/** Below the idle limits of common load balancers (60 s), as client-go does. */
const TCP_KEEPALIVE_MS = 30_000;

/**
 * The connections to one API server. HTTP/1.1 only: with HTTP/2 the watches and writes would share one TCP connection,
 * and one stuck connection would stop them all.
 */
export class Connections {
  readonly #proxyUrl: string | undefined;
  readonly #open = new Map<Lane, Dispatcher>();
  #tls: TlsMaterial | undefined;
  #closed = false;
  /** Replaced dispatchers that still serve a request. */
  readonly #leaving = new Set<Dispatcher>();

  constructor(proxyUrl: string | undefined) {
    this.#proxyUrl = proxyUrl;
  }

  /** The dispatcher to use now. New TLS material gets new connections. */
  get(lane: Lane, tls: TlsMaterial): Dispatcher {
    if (this.#closed) throw new ZenLeadError('Unreachable', 'the client is closed');
    if (this.#tls === undefined || !sameTls(this.#tls, tls)) {
      this.#retireAll();
      this.#tls = tls;
    }
    let dispatcher = this.#open.get(lane);
    if (dispatcher === undefined) {
      dispatcher = this.#make(lane, tls);
      this.#open.set(lane, dispatcher);
    }
    return dispatcher;
  }

  /**
   * A request on this dispatcher was met with silence: no connection of before is used again, in either lane. Does nothing
   * where they have been replaced meanwhile.
   */
  suspect(dispatcher: Dispatcher): void {
    if ([...this.#open.values()].includes(dispatcher)) this.#retireAll();
  }

  /** Ends everything that is under way. */
  async destroy(): Promise<void> {
    this.#closed = true;
    const all = [...this.#open.values(), ...this.#leaving];
    this.#open.clear();
    await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
  }

  /** Requests under way end on the old connections. */
  #retireAll(): void {
    for (const dispatcher of this.#open.values()) {
      this.#leaving.add(dispatcher);
      const left = (): boolean => this.#leaving.delete(dispatcher);
      dispatcher.close().then(left, left);
    }
    this.#open.clear();
  }

  #make(lane: Lane, tls: TlsMaterial): Dispatcher {
    const options = { ...OPTIONS[lane], allowH2: false, connectTimeout: CONNECT_TIMEOUT_MS };
    const connect = { ...tls, allowH2: false, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS };
    if (this.#proxyUrl !== undefined) {
      return new ProxyAgent({ ...options, uri: this.#proxyUrl, requestTls: connect });
    }
    return new Agent({ ...options, connect });
  }
}
