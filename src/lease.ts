/**
 * Which of several replicas holds the Lease (coordination.k8s.io/v1, as client-go's leaderelection keeps it). It only
 * ranks them: the holder acts at once and tells, the others act where it does not. So nothing that matters waits for it,
 * and a Lease that cannot be had is no reason to end.
 */
import { systemClock, type Clock } from './clock.ts';
import { isStatus, messageOf } from './errors.ts';
import type { Call, KubeClient } from './kube/client.ts';
import type { Logger } from './logger.ts';
import { microTime } from './plan/memory.ts';

export const LEASE_NAME = 'zen-lead';

/** client-go's defaults: https://pkg.go.dev/k8s.io/client-go/tools/leaderelection */
const DURATION_MS = 15_000;
const RENEW_DEADLINE_MS = 10_000;
const RETRY_MS = 2_000;

export interface LeaseOptions {
  readonly client: Pick<KubeClient, 'call'>;
  readonly namespace: string;
  /** Of this process, and of no other one before or after it. */
  readonly identity: string;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly clock?: Pick<Clock, 'now' | 'after'>;
  /** This replica holds the Lease from now on. */
  readonly onAcquired: () => void;
}

interface LeaseObject {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number | null;
    readonly acquireTime?: string | null;
    readonly leaseTransitions?: number | null;
  } | null;
}

export class Lease {
  readonly #options: LeaseOptions;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  /** Monotonic milliseconds of the last renewal; undefined: another one holds it, or nobody. */
  #renewedAt: number | undefined;
  /** The Lease as it was last seen, and when it was first seen so: clocks of other machines do not count. */
  #seen: { readonly resourceVersion: string; readonly at: number } | undefined;
  #failed = false;
  #ended = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** A process that was stopped for long, or cut off, does not believe that it still holds the Lease. */
  get isHeld(): boolean {
    return this.#renewedAt !== undefined && this.#clock.now() - this.#renewedAt < RENEW_DEADLINE_MS;
  }

  /** Runs until release(). */
  start(): void {
    void this.#turn().finally(() => {
      if (!this.#ended)
        this.#cancelTimer = this.#clock.after(RETRY_MS, () => {
          this.start();
        });
    });
  }

  /** Another replica can take it at once. */
  async release(): Promise<void> {
    this.#ended = true;
    this.#cancelTimer?.();
    const wasHeld = this.isHeld;
    this.#renewedAt = undefined;
    if (!wasHeld) return;
    try {
      const present = await this.#get();
      if (!this.#isOurs(present)) return;
      await this.#put(present, {
        ...present.spec,
        holderIdentity: '',
        leaseDurationSeconds: 1,
        renewTime: this.#time(),
      });
    } catch (error) {
      this.#options.log.debug('cannot release the Lease', { error: messageOf(error) });
    }
  }

  /** Does not reject. */
  async #turn(): Promise<void> {
    try {
      const asked = this.#clock.now();
      const present = await this.#get();
      if (present === undefined) await this.#create();
      else if (this.#isOurs(present)) await this.#put(present, { ...present.spec, renewTime: this.#time() });
      else if (this.#isFree(present, asked)) await this.#take(present);
      else {
        this.#renewedAt = undefined;
        this.#worked();
        return;
      }
      if (this.#ended) return;
      this.#worked();
      this.#won(asked);
    } catch (error) {
      // Somebody else was first: what they wrote is seen in the next turn.
      if (!isStatus(error, 409)) this.#trouble(error);
    }
  }

  #won(askedAt: number): void {
    const before = this.isHeld;
    // From before the question: the others count from when they saw the answer.
    this.#renewedAt = askedAt;
    if (before) return;
    this.#options.log.info('holds the Lease: this replica acts first', this.#fields());
    this.#options.onAcquired();
  }

  #isOurs(present: LeaseObject | undefined): present is LeaseObject {
    return present?.spec?.holderIdentity === this.#options.identity;
  }

  /** Nobody holds it, or who holds it has not renewed it for as long as it lasts, by our own clock. */
  #isFree({ metadata: { resourceVersion }, spec }: LeaseObject, now: number): boolean {
    if ((spec?.holderIdentity ?? '') === '') return true;
    if (this.#seen?.resourceVersion !== resourceVersion) this.#seen = { resourceVersion, at: now };
    const lastsMs = (spec?.leaseDurationSeconds ?? 0) * 1000 || DURATION_MS;
    return now - this.#seen.at >= lastsMs;
  }

  async #take(present: LeaseObject): Promise<void> {
    const leaseTransitions = (present.spec?.leaseTransitions ?? 0) + 1;
    await this.#put(present, { ...this.#ownSpec(), leaseTransitions });
  }

  #ownSpec(): Record<string, unknown> {
    const time = this.#time();
    const { identity: holderIdentity } = this.#options;
    return {
      holderIdentity,
      leaseDurationSeconds: DURATION_MS / 1000,
      acquireTime: time,
      renewTime: time,
      leaseTransitions: 0,
    };
  }

  #time(): string {
    return microTime(this.#options.now());
  }

  async #get(): Promise<LeaseObject | undefined> {
    try {
      return await this.#call<LeaseObject>({ verb: 'get', path: `${this.#path}/${LEASE_NAME}` });
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async #create(): Promise<void> {
    await this.#call({ verb: 'create', path: this.#path, body: this.#body({}, this.#ownSpec()) });
  }

  async #put({ metadata: { resourceVersion } }: LeaseObject, spec: object): Promise<void> {
    await this.#call({
      verb: 'update',
      path: `${this.#path}/${LEASE_NAME}`,
      body: this.#body({ resourceVersion }, spec),
    });
  }

  #body(metadata: object, spec: object): unknown {
    const { namespace } = this.#options;
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: LEASE_NAME, namespace, ...metadata },
      spec,
    };
  }

  get #path(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.#options.namespace}/leases`;
  }

  /** The Lease is worth no more than its turn: what takes longer is for the next one. */
  async #call<T>(call: Pick<Call, 'verb' | 'path' | 'body'>): Promise<T> {
    return await this.#options.client.call<T>({
      ...call,
      resource: 'leases',
      urgent: true,
      timeoutMs: RETRY_MS,
    });
  }

  #worked(): void {
    if (this.#failed) this.#options.log.info('the Lease can be had again', this.#fields());
    this.#failed = false;
  }

  /** Once, until it works again. */
  #trouble(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const text =
      'the Lease cannot be read or renewed: this replica acts where the leader is still wrong after 500 ms';
    this.#options.log.warn(text, { ...this.#fields(), error: messageOf(error) });
  }

  #fields(): Record<string, string> {
    const { namespace, identity } = this.#options;
    return { lease: `${namespace}/${LEASE_NAME}`, identity };
  }
}
