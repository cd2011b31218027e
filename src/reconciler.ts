/** One key from the caches to the API server: gather, plan, apply, report. Holds the one switch over outcomes. */
import type { Applier, Outcome } from './apply/apply-writes.ts';
import type { Reporter } from './apply/reporter.ts';
import { ApiError, messageOf } from './errors.ts';
import type { Logger } from './logger.ts';
import { warning } from './plan/notes.ts';
import { plan } from './plan/plan.ts';
import type { Input, LeaderChange, Outlook, Plan, PlanEvent } from './plan/types.ts';
import type { WorkItem, WorkQueue } from './queue/workqueue.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { ClusterView } from './watch/cluster-view.ts';

export interface ReconcilerOptions {
  /** The view of the scope that a key is in. */
  readonly viewOf: (key: string) => ClusterView | undefined;
  readonly applier: Pick<Applier, 'apply'>;
  readonly reporter: Pick<Reporter, 'submit' | 'forget'>;
  readonly queue: Pick<WorkQueue, 'retry' | 'forget' | 'addAfter'>;
  readonly metrics: Pick<
    Metrics,
    | 'observeReconcile'
    | 'countReconcileError'
    | 'observeFailover'
    | 'countPortResolutionFailure'
    | 'countSticky'
  >;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Monotonic, milliseconds: the clock of WorkItem.receivedAt. */
  readonly monotonic: () => number;
}

/** Two writers that meet again and again take turns by back-off, not by a busy loop. */
const MAX_ROUNDS = 6;
/** A failure that a retry mends is nobody's business. */
const FAILURES_BEFORE_EVENT = 3;

export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #outlooks = new Map<string, Outlook>();
  /** Key → consecutive failures. */
  readonly #failures = new Map<string, number>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** What every leader Service looks like now. */
  outlooks(): Iterable<Outlook> {
    return this.#outlooks.values();
  }

  async reconcile(item: WorkItem): Promise<void> {
    const { metrics, monotonic } = this.#options;
    const view = this.#options.viewOf(item.key);
    if (view === undefined) return;
    const startedAt = monotonic();
    let result = 'unchanged';
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const input = view.gather(item.key, this.#options.now());
      const planned = plan(input);
      const outcome: Outcome =
        planned.writes.length === 0
          ? { kind: 'done' }
          : await this.#options.applier.apply(input.namespace, planned.writes);
      if (outcome.kind !== 'done') result = outcome.kind;
      else if (planned.writes.length > 0) result = 'changed';
      if (!this.#settle(item, view, input, planned, outcome)) break;
      if (round === MAX_ROUNDS) this.#options.queue.retry(item.key);
    }
    metrics.observeReconcile(result, (monotonic() - startedAt) / 1000);
  }

  /** @returns whether to plan again at once */
  #settle(item: WorkItem, view: ClusterView, input: Input, planned: Plan, outcome: Outcome): boolean {
    const { key } = item;
    const { queue, metrics } = this.#options;
    switch (outcome.kind) {
      case 'done':
        view.remember(key, planned.memory);
        this.#done(item, view, input, planned);
        return planned.again;
      case 'conflict':
        metrics.countReconcileError('Conflict');
        return true;
      case 'terminating':
        this.#options.log.debug('namespace is being deleted', { key });
        queue.forget(key);
        return false;
      case 'failed':
        this.#failed(key, input, planned, outcome.error);
        return false;
    }
  }

  #done(item: WorkItem, view: ClusterView, input: Input, planned: Plan): void {
    const { key } = item;
    const { queue, reporter } = this.#options;
    this.#failures.delete(key);
    if (planned.change !== undefined) this.#changed(item, planned, planned.change);
    this.#count(planned);
    if (!view.isClaimed(key)) this.#outlooks.delete(key);
    else if (planned.outlook !== undefined) this.#outlooks.set(key, planned.outlook);
    reporter.submit(key, {
      happened: planned.happened,
      states: planned.states,
      ...(planned.annotations === undefined || input.actual === undefined
        ? {}
        : { annotations: { uid: input.actual.uid, values: planned.annotations } }),
    });
    if (!view.isClaimed(key) && !planned.again) reporter.forget(key);
    queue.forget(key);
    if (planned.againAfterMs !== undefined) queue.addAfter(key, planned.againAfterMs);
  }

  #count(planned: Plan): void {
    const { metrics } = this.#options;
    if (planned.sticky !== undefined) metrics.countSticky(planned.sticky);
    if (
      planned.change !== undefined &&
      planned.states.some(({ reason }) => reason === 'PortResolutionFailed')
    ) {
      metrics.countPortResolutionFailure();
    }
  }

  /** One log line for each change of the leader, and the failover metrics for a change from one pod to another. */
  #changed({ key, receivedAt }: WorkItem, planned: Plan, { from, to, epoch, reason }: LeaderChange): void {
    const { log, metrics, monotonic } = this.#options;
    const milliseconds = receivedAt === undefined ? undefined : monotonic() - receivedAt;
    log.info(to === undefined ? 'leader withdrawn' : 'leader changed', {
      namespace: planned.outlook?.namespace,
      service: planned.outlook?.service,
      leaderService: planned.outlook?.leaderService ?? key,
      old: from?.name,
      new: to?.name,
      reason: reason ?? (from === undefined ? 'Elected' : 'Restored'),
      epoch,
      ...(milliseconds === undefined ? {} : { milliseconds: Math.round(milliseconds * 10) / 10 }),
    });
    if (from === undefined || to === undefined || reason === undefined || from.uid === to.uid) return;
    metrics.observeFailover(reason, milliseconds === undefined ? undefined : milliseconds / 1000);
  }

  #failed(key: string, input: Input, planned: Plan, error: unknown): void {
    const { queue, metrics, log, reporter } = this.#options;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    metrics.countReconcileError(error instanceof ApiError ? error.reason : 'Unreachable');
    const refused = error instanceof ApiError && (error.status === 403 || error.status === 422);
    // The same failure again and again is one line, not thousands.
    const level = failures === 1 || failures === FAILURES_BEFORE_EVENT ? 'warn' : 'debug';
    log[level]('cannot reconcile', { key, failures, error: messageOf(error) });
    const [claim] = input.claims;
    if (claim !== undefined && (refused || failures >= FAILURES_BEFORE_EVENT)) {
      const failed = failedEvent(claim.request.source, error);
      reporter.submit(key, { happened: [], states: [...planned.states, failed] });
    }
    queue.retry(key, error instanceof ApiError ? { minDelayMs: error.retryAfterMs } : {});
  }
}

function failedEvent(source: PlanEvent['about'], error: unknown): PlanEvent {
  return warning(source, 'ReconcileFailed', `${messageOf(error)}; it is tried again`);
}
