/** What a client of a database knows of one write, and what the database says of it later. */

/** The server that took a write, in its own words. */
export interface WrittenBy {
  /** `inet_server_addr()`: the pod's address, whatever address the client has called. */
  readonly address: string;
  /** Timeline of the WAL that the write went into: one more after each promotion. */
  readonly timeline: number;
  /** One and the same for all members of a cluster; another one is another database. */
  readonly system: string;
  /** A server in recovery takes no writes. */
  readonly inRecovery: boolean;
}

/** One write, asked for once. It counts as acknowledged when the server has confirmed its commit, and only then. */
export interface Write {
  readonly client: string;
  /** Never used twice by one client. */
  readonly sequence: number;
  /** Milliseconds of CLOCK_MONOTONIC, which all processes of a machine share. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** It is acknowledged. Absent: refused, or nobody knows whether it is in the database. */
  readonly by?: WrittenBy;
  /** Why it is not acknowledged: a SQLSTATE, a code of the system such as ECONNREFUSED, `connection ended`, `connect timeout`, `write timeout`. */
  readonly error?: string;
}

export type Acknowledged = Write & { readonly by: WrittenBy };

/** One row read back. */
export interface Row {
  readonly client: string;
  readonly sequence: number;
}

export function acknowledged(writes: readonly Write[]): Acknowledged[] {
  return writes.filter((write): write is Acknowledged => write.by !== undefined);
}
