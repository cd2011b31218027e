import type { Call } from '../../src/kube/client.ts';
import { Lease } from '../../src/replicas/lease.ts';
import type { LogFields } from '../../src/logger.ts';
import { FakeClock } from './fake-clock.ts';
import { apiError } from './fake-client.ts';

export interface StoredLease {
  metadata: { name: string; namespace: string; resourceVersion: string; labels?: Record<string, string> };
  spec: {
    holderIdentity: string;
    leaseDurationSeconds: number;
    acquireTime: string;
    renewTime: string;
    leaseTransitions: number;
    strategy?: string;
  };
}

/** An API server that has one Lease, or none yet, and keeps to resourceVersions. */
export class LeaseServer {
  lease: StoredLease | undefined;
  /** Thrown instead of an answer while it is set. */
  failure: Error | undefined;
  /** Waited for before each answer. */
  delay: Promise<void> | undefined;
  /** As `verb path`. */
  readonly said: string[] = [];
  #serial = 0;

  async call<T>({ verb, path, body }: Call): Promise<T> {
    this.said.push(`${verb} ${path}`);
    await this.delay;
    if (this.failure !== undefined) throw this.failure;
    return this.#answer(verb, body as StoredLease) as T;
  }

  /** A Lease that this process (or nobody) holds, as another one left it. */
  heldBy(holderIdentity: string, spec: Partial<StoredLease['spec']> = {}): this {
    const time = '2001-01-01T00:00:00.000000Z';
    const times = { acquireTime: time, renewTime: time };
    this.#store({
      metadata: { name: 'zen-lead', namespace: 'ops', resourceVersion: '' },
      spec: { holderIdentity, leaseDurationSeconds: 15, leaseTransitions: 3, ...times, ...spec },
    });
    return this;
  }

  get holder(): string | undefined {
    return this.lease?.spec.holderIdentity;
  }

  #answer(verb: string, body: StoredLease): unknown {
    switch (verb) {
      case 'get':
        if (this.lease === undefined) throw apiError(404, 'NotFound');
        return structuredClone(this.lease);
      case 'create':
        if (this.lease !== undefined) throw apiError(409, 'AlreadyExists');
        return this.#store(body);
      default:
        if (this.lease?.metadata.resourceVersion !== body.metadata.resourceVersion)
          throw apiError(409, 'Conflict');
        return this.#store(body);
    }
  }

  #store(lease: StoredLease): StoredLease {
    this.#serial += 1;
    const metadata = { ...lease.metadata, resourceVersion: String(this.#serial) };
    this.lease = structuredClone({ ...lease, metadata });
    return structuredClone(this.lease);
  }
}

/** One replica's Lease, on a clock of its own. */
export class LeaseUnderTest {
  readonly clock = new FakeClock();
  readonly lines: [level: string, message: string, fields: LogFields][] = [];
  /** So often was it told that it is its turn. */
  turns = 0;
  /** Epoch milliseconds; of no account to anybody else. */
  wallClock = Date.parse('2026-03-01T12:00:00Z');
  readonly lease: Lease;

  constructor(server: LeaseServer, identity: string) {
    const line =
      (level: string) =>
      (message: string, fields: LogFields = {}) => {
        this.lines.push([level, message, fields]);
      };
    this.lease = new Lease({
      client: server,
      namespace: 'ops',
      identity,
      log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
      now: () => this.wallClock,
      clock: this.clock,
      onTurn: () => (this.turns += 1),
    });
  }

  get isHeld(): boolean {
    return this.lease.isHeld;
  }

  /** Messages of a level. */
  said(level: string): string[] {
    return this.lines.filter(([each]) => each === level).map(([, message]) => message);
  }

  async start(): Promise<this> {
    this.lease.start();
    await this.clock.advance(0);
    return this;
  }
}
