/** A client that writes one row after the other and believes in nothing but an acknowledged commit. */
import { Socket } from 'node:net';
import pg from 'pg';
import type { Write, WrittenBy } from '../check/write.ts';
import { monotonicMs } from '../clock.ts';

export interface WriterOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Its name, in each row. */
  readonly client: string;
  /** Milliseconds for a new connection, and for a write. */
  readonly timeoutMs: number;
}

/** What is written to, made by whoever starts the first writer. No unique key: a row that is there twice should be seen. */
export const CREATE_TABLE =
  'create table if not exists writes (client text not null, sequence bigint not null)';

/**
 * One statement is one transaction, and its answer comes after the commit, with synchronous replication included.
 * The timeline is that of the WAL file which is written: pg_control_checkpoint() has the new one only after the first checkpoint.
 */
const INSERT = `
  insert into writes (client, sequence) values ($1, $2)
  returning host(inet_server_addr()) as address, pg_is_in_recovery() as "inRecovery",
    (select system_identifier::text from pg_control_system()) as system,
    ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int as timeline`;

/** One write at a time over one connection, a new one after each error. Never writes the same sequence number twice. */
export class SequenceWriter {
  readonly #options: WriterOptions;
  #connection: Connection | undefined;
  #sequence = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Never throws: whatever goes wrong is the write's error. */
  async write(): Promise<Write> {
    this.#sequence += 1;
    const write = { client: this.#options.client, sequence: this.#sequence, startedAt: monotonicMs() };
    try {
      this.#connection ??= await Connection.open(this.#options);
      const by = await this.#connection.insert(write.client, write.sequence);
      return { ...write, endedAt: monotonicMs(), by };
    } catch (error) {
      const endedAt = monotonicMs();
      this.close();
      return { ...write, endedAt, error: kindOf(error) };
    }
  }

  close(): void {
    this.#connection?.reset();
    this.#connection = undefined;
  }
}

class Connection {
  // Its own, so that it can be reset: pg would say goodbye to a server that does not listen.
  readonly #socket = new Socket();
  readonly #client: pg.Client;
  readonly #timeoutMs: number;
  #warning: string | undefined;

  private constructor({ host, port, user, password, database, timeoutMs }: WriterOptions) {
    const stream = (): Socket => this.#socket;
    this.#client = new pg.Client({ host, port, user, password, database, stream });
    this.#timeoutMs = timeoutMs;
    // What goes wrong is told by the promise that waits, or by the next one.
    this.#client.on('error', () => {});
    this.#client.on('notice', ({ severity, message }) => {
      if (severity === 'WARNING') this.#warning = message ?? '';
    });
  }

  static async open(options: WriterOptions): Promise<Connection> {
    const connection = new Connection(options);
    try {
      await connection.#within('connect timeout', connection.#client.connect());
    } catch (error) {
      connection.reset();
      throw error;
    }
    return connection;
  }

  async insert(client: string, sequence: number): Promise<WrittenBy> {
    const query = this.#client.query<WrittenBy & pg.QueryResultRow>(INSERT, [client, sequence]);
    const { rows } = await this.#within('write timeout', query);
    // "The transaction has already committed locally, but might not have been replicated to the standby": a success in
    // PostgreSQL's protocol, and not in ours.
    if (this.#warning !== undefined) throw new Error(`warning: ${this.#warning}`);
    return rows[0]!;
  }

  /** The timer is this side's alone: a statement_timeout would cancel the wait for the standby, and the commit would stand. */
  async #within<T>(error: string, work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new Error(error));
    }, this.#timeoutMs);
    work.catch(() => {});
    return await Promise.race([work, promise]).finally(() => {
      clearTimeout(timer);
    });
  }

  /** Leaves no entry of conntrack behind, which a new connection from the same port would follow to the old pod. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}

/** What pg says of a connection that the server has ended, during a write or before. */
const ENDED = /terminated unexpectedly|not queryable/;

function kindOf(error: unknown): string {
  const { code, message } = error as Error & { code?: string };
  return code ?? (ENDED.test(message) ? 'connection ended' : message);
}
