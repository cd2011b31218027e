/**
 * Which of several replicas holds the Lease (coordination.k8s.io/v1, as client-go's leaderelection keeps it). It only
 * ranks them: the holder acts at once and tells, the others act where it does not. So nothing that matters waits for it,
 * and a Lease that cannot be had is no reason to end.
 */
import { systemClock, type Clock } from '../clock.ts';
import { isStatus, messageOf } from '../errors.ts';
import type { Call, KubeClient } from '../kube/client.ts';
import type { Logger } from '../logger.ts';
import { microTime } from '../plan/memory.ts';

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
  /** This replica holds the Lease from now on, or has found out that it is not granted any. */
  readonly onTurn: () => void;
}

interface LeaseObject {
  /** All of it is written back as it was: labels are not ours. */
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
  /** Who held it when it was last read. */
  #holder: string | undefined;
  #failed = false;
  #isRefused = false;
  #ended = false;
  #turning: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** A process that was stopped for long, or cut off, does not believe that it still holds the Lease. */
  get isHeld(): boolean {
    return this.#renewedAt !== undefined && this.#clock.now() - this.#renewedAt < RENEW_DEADLINE_MS;
  }

  /** The API server says that this replica may have none (403), or that there is no place for it (404). */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Runs until release(). To be called again does nothing. */
  start(): void {
    if (this.#turning === undefined) this.#begin();
  }

  #begin(): void {
    if (this.#ended) return;
    this.#turning = this.#turn().then(() => {
      this.#cancelTimer = this.#clock.after(RETRY_MS, () => {
        this.#begin();
      });
    });
  }

  /** Another replica can take it at once. Resolves when that is so, or cannot be brought about. */
  async release(): Promise<void> {
    this.#ended = true;
    // What it is about to take or to renew would be held by nobody.
    await this.#turning;
    this.#cancelTimer?.();
    const wasHeld = this.isHeld;
    this.#renewedAt = undefined;
    if (!wasHeld) return;
    try {
      const present = await this.#get();
      if (!this.#isOurs(present)) return;
      await this.#put(present, { holderIdentity: '', leaseDurationSeconds: 1, renewTime: this.#time() });
    } catch (error) {
      this.#options.log.debug('cannot release the Lease', { error: messageOf(error) });
    }
  }

  /** Does not reject. */
  async #turn(): Promise<void> {
    try {
      const asked = this.#clock.now();
      const present = await this.#get();
      const isHeld = await this.#hold(present);
      this.#worked();
      if (isHeld) this.#won(asked);
      else this.#outrun(present?.spec?.holderIdentity ?? '');
    } catch (error) {
      // Somebody else was first: what they wrote is seen in the next turn.
      if (!isStatus(error, 409)) this.#trouble(error);
    }
  }

  /** @returns whether it is ours from now on */
  async #hold(present: LeaseObject | undefined): Promise<boolean> {
    if (present === undefined) await this.#create();
    else if (this.#isOurs(present)) await this.#put(present, { renewTime: this.#time() });
    else if (this.#isFree(present)) await this.#take(present);
    else return false;
    return true;
  }

  #won(askedAt: number): void {
    const before = this.isHeld;
    // From before the question: the others count from when they saw the answer.
    this.#renewedAt = askedAt;
    this.#holder = this.#options.identity;
    if (before || this.#ended) return;
    this.#options.log.info('holds the Lease: this replica acts first', this.#fields());
    this.#options.onTurn();
  }

  #outrun(holder: string): void {
    this.#renewedAt = undefined;
    if (this.#holder === holder) return;
    this.#holder = holder;
    this.#options.log.info('stands by: another replica holds the Lease', { ...this.#fields(), holder });
  }

  #isOurs(present: LeaseObject | undefined): present is LeaseObject {
    return present?.spec?.holderIdentity === this.#options.identity;
  }

  /** Nobody holds it, or who holds it has not renewed it for as long as it lasts, by our own clock. */
  #isFree({ metadata: { resourceVersion }, spec }: LeaseObject): boolean {
    if ((spec?.holderIdentity ?? '') === '') return true;
    const now = this.#clock.now();
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

  async #put({ metadata, spec }: LeaseObject, changes: object): Promise<void> {
    await this.#call({
      verb: 'update',
      path: `${this.#path}/${LEASE_NAME}`,
      body: this.#body(metadata, { ...spec, ...changes }),
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
    this.#isRefused = false;
  }

  /** Once, until it works again. */
  #trouble(error: unknown): void {
    const wasRefused = this.#isRefused;
    this.#isRefused = isStatus(error, 403) || isStatus(error, 404);
    if (this.#isRefused && !wasRefused) this.#options.onTurn();
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
