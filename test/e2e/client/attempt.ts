/** One new connection: opened, asked, closed. */
import { connect, type LookupFunction, type Socket } from 'node:net';
import {
  authenticationCode,
  errorFields,
  firstColumn,
  MessageReader,
  queryMessage,
  startupMessage,
  terminateMessage,
  type Message,
} from './wire.ts';

/** `server`: PostgreSQL itself answered with an error. `closed`: it ended the connection before it had answered. */
export type Failure =
  'refused' | 'timeout' | 'reset' | 'closed' | 'unreachable' | 'dns' | 'server' | 'protocol' | 'other';

export type Outcome =
  | { readonly server: string }
  | {
      readonly error: Failure;
      readonly message: string;
      /** TCP was through. */ readonly connected: boolean;
    };

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
  readonly localAddress?: string;
  /** How a host name becomes an address; the system's way unless told otherwise. */
  readonly lookup?: LookupFunction;
}

/** The address at which the server took the connection: with kube-proxy in between, that of the pod. */
const QUESTION = 'select host(inet_server_addr())';

const BY_CODE: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'other',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  ESERVFAIL: 'dns',
  ETIMEOUT: 'dns',
  ECANCELLED: 'dns',
};

/** Never throws: whatever goes wrong is an outcome. */
export async function attempt(target: Target): Promise<Outcome> {
  return await new Promise((resolve) => {
    new Conversation(target, resolve);
  });
}

class Conversation {
  readonly #target: Target;
  readonly #socket: Socket;
  readonly #reader = new MessageReader();
  readonly #timer: NodeJS.Timeout;
  readonly #resolve: (outcome: Outcome) => void;
  #asked = false;
  #connected = false;
  #answer: string | undefined;
  #over = false;

  constructor(target: Target, resolve: (outcome: Outcome) => void) {
    const { host, port, localAddress, lookup, timeoutMs } = target;
    this.#target = target;
    this.#resolve = resolve;
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      ...(localAddress !== undefined && { localAddress }),
      ...(lookup !== undefined && { lookup }),
    });
    this.#timer = setTimeout(() => {
      this.#fail('timeout', `no answer within ${timeoutMs} ms`);
    }, timeoutMs);
    this.#socket.once('connect', () => {
      this.#connected = true;
      this.#socket.write(startupMessage(target.user, target.database));
    });
    this.#socket.on('data', (chunk) => {
      this.#take(chunk);
    });
    this.#socket.once('end', () => {
      this.#fail('closed', 'the server ended the connection before it had answered');
    });
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(BY_CODE[error.code ?? ''] ?? 'other', error.message);
    });
  }

  #take(chunk: Buffer): void {
    try {
      for (const message of this.#reader.push(chunk)) if (!this.#over) this.#understand(message);
    } catch (error) {
      this.#fail('protocol', (error as Error).message);
    }
  }

  #understand({ type, body }: Message): void {
    if (type === 'R' && authenticationCode(body) !== 0) {
      this.#fail('protocol', `the server asks user ${this.#target.user} for a password`);
    } else if (type === 'E') {
      const { code, message } = errorFields(body);
      this.#fail('server', `${code} ${message}`);
    } else if (type === 'D') {
      this.#answer = firstColumn(body) ?? '';
    } else if (type === 'Z') {
      this.#ready();
    }
  }

  /** ReadyForQuery: after the start, and again after the answer. */
  #ready(): void {
    if (!this.#asked) {
      this.#asked = true;
      this.#socket.write(queryMessage(QUESTION));
    } else if (this.#answer === undefined) {
      this.#fail('protocol', 'the server gave no row');
    } else if (this.#finish({ server: this.#answer })) {
      this.#socket.end(terminateMessage());
    }
  }

  #fail(error: Failure, message: string): void {
    if (!this.#finish({ error, message, connected: this.#connected })) return;
    // A reset leaves nothing behind: an entry of conntrack would outlive the connection by minutes, and a new connection from
    // the same port would follow it to the old pod.
    this.#socket.resetAndDestroy();
  }

  /** @returns false where the outcome was told before */
  #finish(outcome: Outcome): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#resolve(outcome);
    return true;
  }
}
