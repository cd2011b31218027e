/** The operator: watches → caches → queue → reconciler, for each scope. */
import dotI from '@dot-i/k8s-operator';
import type { KubeConfig } from '@kubernetes/client-node';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { answersInto } from './answers.ts';
import { Applier } from './apply/apply-writes.ts';
import { EventSink } from './apply/event-sink.ts';
import { LiveLook } from './apply/live-look.ts';
import { Reporter } from './apply/reporter.ts';
import { systemClock } from './clock.ts';
import { messageOf } from './errors.ts';
import { installCrd } from './install-crd.ts';
import type { KubeClient } from './kube/client.ts';
import { makeDefault } from './kube/kubeconfig.ts';
import { Lease } from './replicas/lease.ts';
import type { Logger } from './logger.ts';
import { splitKey } from './names.ts';
import type { Outlook } from './plan/types.ts';
import { WorkQueue } from './queue/workqueue.ts';
import { Rank } from './replicas/rank.ts';
import { Reconciler } from './reconciler.ts';
import { Scope } from './scope.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { Check } from './telemetry/http-server.ts';

/** The framework, on our kubeconfig. It is CommonJS: its class is the default export's own `default`. */
abstract class Operator extends dotI.default {
  /** Its constructor looks for a kubeconfig by itself, and throws at much that kubectl and loadKubeConfig accept. */
  constructor(kubeConfig: KubeConfig, log: Logger) {
    const restore = makeDefault(kubeConfig);
    try {
      super(log);
    } finally {
      restore();
    }
    this.kubeConfig = kubeConfig;
  }
}

export interface ZenLeadOptions {
  readonly kubeConfig: KubeConfig;
  readonly client: KubeClient;
  readonly namespaces: readonly string[] | 'all';
  readonly concurrency: number;
  readonly installCrd: boolean;
  /** Where the Lease is that ranks the replicas; undefined: this is the only one. */
  readonly leaseNamespace?: string;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** In-flight writes end within their own time-out, or are left to the next process. */
const DRAIN_MS = 2_000;
/** Drained and told: a stream of failovers leaves much to tell. Then the Lease is still to be given back. */
const SHUTDOWN_MS = 3_000;
/** A call ends by its time-out; a key that takes much longer hangs. */
const STUCK_MS = 60_000;
const REPORT_RETRY_MS = 5_000;

export class ZenLeadOperator extends Operator {
  readonly #options: ZenLeadOptions;
  readonly #scopes: readonly Scope[];
  readonly #queue: WorkQueue;
  readonly #reporter: Reporter;
  readonly #reconciler: Reconciler;
  readonly #lease: Lease | undefined;
  readonly #abort = new AbortController();
  #lastWorkAt = systemClock.now();

  constructor(options: ZenLeadOptions) {
    super(options.kubeConfig, options.log);
    const { client, log, metrics, concurrency, namespaces } = options;
    this.#options = options;
    this.#queue = new WorkQueue({
      concurrency,
      onError: (key, error) => {
        metrics.countReconcileError('Internal');
        log.error('reconcile threw', { key, error });
      },
    });
    // One that is still blind is not to go first.
    const onSynced = (): void => this.#lease?.start();
    this.#scopes = (namespaces === 'all' ? [undefined] : namespaces).map(
      (namespace) => new Scope({ namespace, client, log, metrics, queue: this.#queue, onSynced }),
    );
    this.#lease = this.#leaseOf(options);
    const answers = answersInto((namespace) => this.#scopeOf(namespace)?.view.stores);
    this.#reporter = new Reporter({
      client,
      events: new EventSink({ client, instance: hostname(), now: Date.now }),
      answers,
      log,
      clock: systemClock,
      isBusy: () => this.#queue.depth + this.#queue.inFlight > 0,
      onFailed: (key) => {
        this.#queue.addAfter(key, REPORT_RETRY_MS);
      },
      onStale: (key) => {
        this.#queue.add(key);
      },
    });
    this.#reconciler = new Reconciler({
      viewOf: (key) => this.#scopeOf(splitKey(key).namespace)?.view,
      applier: new Applier(client, answers),
      live: new LiveLook(client, answers),
      rank: this.#rank(),
      reporter: this.#reporter,
      queue: this.#queue,
      metrics,
      log,
      now: Date.now,
      monotonic: systemClock.now,
    });
  }

  #leaseOf({ client, leaseNamespace: namespace, log }: ZenLeadOptions): Lease | undefined {
    if (namespace === undefined) return undefined;
    return new Lease({
      client,
      namespace,
      // A container that is started again in its pod is another process under the same host name.
      identity: `${hostname()}_${randomUUID()}`,
      log,
      now: Date.now,
      onTurn: () => {
        // What nobody has done or told so far is done and told now.
        for (const scope of this.#scopes) scope.visitAll();
      },
    });
  }

  #rank(): Rank {
    const lease = this.#lease;
    return new Rank({
      isFirst: () => lease?.isHeld ?? true,
      tells: () => lease === undefined || lease.isHeld || lease.isRefused,
      monotonic: systemClock.now,
    });
  }

  /** The watches and the queue run from here on. */
  protected override async init(): Promise<void> {
    const { signal } = this.#abort;
    if (this.#options.installCrd) await installCrd({ ...this.#options, clock: systemClock, signal });
    if (signal.aborted) return;
    for (const scope of this.#scopes) scope.start(signal);
    this.#queue.run(async (item) => {
      // After an idle time the clock of health() begins with the first key.
      if (this.#queue.inFlight === 1) this.#lastWorkAt = systemClock.now();
      this.#options.metrics.observeQueueDuration(item.queuedMs / 1000);
      try {
        await this.#reconciler.reconcile(item);
      } finally {
        this.#lastWorkAt = systemClock.now();
      }
    });
  }

  /** The framework's own watch loses deletes and exits on an error. */
  protected override watchResource(): Promise<void> {
    return Promise.reject(
      new Error('Expected resources to be watched by a Scope, which survives what the API server does'),
    );
  }

  override stop(): void {
    this.#abort.abort();
  }

  /** Ends the watches, finishes what is being written, and tells what is still to be told. */
  async shutdown(): Promise<void> {
    this.stop();
    const flushedBy = systemClock.now() + SHUTDOWN_MS;
    await this.#queue.stop(DRAIN_MS);
    const flushed = this.#reporter.flush().catch((error: unknown) => {
      this.#options.log.warn('cannot report', { error: messageOf(error) });
    });
    const late = new Promise((resolve) => setTimeout(resolve, flushedBy - systemClock.now()).unref());
    await Promise.race([flushed, late]);
    await this.#lease?.release();
    await this.#options.client.close();
  }

  outlooks(): Iterable<Outlook> {
    return this.#reconciler.outlooks();
  }

  get queueDepth(): number {
    return this.#queue.depth;
  }

  /** undefined: there is no Lease, this is the only replica. */
  get leaseHeld(): boolean | undefined {
    return this.#lease?.isHeld;
  }

  /** Liveness: the loop turns. */
  health(): Check[] {
    const stuck = this.#queue.inFlight > 0 && systemClock.now() - this.#lastWorkAt > STUCK_MS;
    return [
      { name: 'queue', ok: !stuck, ...(stuck ? { message: 'no key has been finished for 60 s' } : {}) },
    ];
  }

  /** Readiness: every cache has been filled and its watch is alive. */
  ready(): Check[] {
    return this.#scopes.flatMap((scope) => scope.ready(systemClock.now()));
  }

  /** Seconds since each resource was last heard of; of several watches of one, the one that is the most behind. */
  watchAges(): { resource: string; seconds: number }[] {
    const oldest = new Map<string, number>();
    const now = systemClock.now();
    for (const { resource, at = 0 } of this.#scopes.flatMap((scope) => scope.lastHeard())) {
      oldest.set(resource, Math.max(oldest.get(resource) ?? 0, (now - at) / 1000));
    }
    return [...oldest].map(([resource, seconds]) => ({ resource, seconds }));
  }

  #scopeOf(namespace: string): Scope | undefined {
    return this.#scopes.find((scope) => scope.covers(namespace));
  }
}
