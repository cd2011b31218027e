/** One key from the caches to the API server: gather, plan, apply, report. Holds the one switch over outcomes. */
import type { Applied, Applier } from './apply/apply-writes.ts';
import type { Reporter } from './apply/reporter.ts';
import { ApiError, messageOf, ZenLeadError } from './errors.ts';
import type { Logger } from './logger.ts';
import { warnings } from './plan/notes.ts';
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
/** A proxy may ask for an hour; a lost leader must not wait so long. */
const MAX_RETRY_AFTER_MS = 30_000;

/** https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason, as far as a write can meet them. */
const STATUS_REASONS: ReadonlySet<string> = new Set([
  'BadRequest',
  'Conflict',
  'Forbidden',
  'InternalError',
  'Invalid',
  'RequestEntityTooLarge',
  'ServerTimeout',
  'ServiceUnavailable',
  'Timeout',
  'TooManyRequests',
  'Unauthorized',
]);

/** One key, planned and applied once. */
interface Round {
  readonly item: WorkItem;
  readonly view: ClusterView;
  readonly input: Input;
  readonly planned: Plan;
}

export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #outlooks = new Map<string, Outlook>();
  /** Keys whose leader lacks a port; counted once for as long as it does. */
  readonly #unresolved = new Set<string>();
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
      const applied: Applied =
        planned.writes.length === 0
          ? { kind: 'done', written: 0 }
          : await this.#options.applier.apply(input.namespace, planned.writes);
      if (applied.kind !== 'done') result = applied.kind;
      else if (planned.writes.length > 0) result = 'changed';
      if (!this.#settle({ item, view, input, planned }, applied)) break;
      if (round === MAX_ROUNDS) this.#options.queue.retry(item.key);
    }
    metrics.observeReconcile(result, (monotonic() - startedAt) / 1000);
  }

  /** @returns whether to plan again at once */
  #settle(round: Round, applied: Applied): boolean {
    const { key } = round.item;
    const { queue, metrics, log } = this.#options;
    const published = isPublished(round.planned, applied);
    if (published) this.#published(round);
    switch (applied.kind) {
      case 'done':
        this.#report(round);
        this.#done(round);
        return round.planned.again;
      case 'conflict':
        metrics.countReconcileError('Conflict');
        if (published) this.#report(round);
        return true;
      case 'terminating':
        log.debug('namespace is being deleted', { key });
        this.#failures.delete(key);
        queue.forget(key);
        return false;
      case 'failed': {
        const told = this.#failed(round, applied.error, published);
        if (published || told.length > 0) this.#report(round, published, told);
        return false;
      }
    }
  }

  #done({ item: { key }, view, planned }: Round): void {
    const { queue, reporter } = this.#options;
    this.#failures.delete(key);
    if (!view.isClaimed(key) && !planned.again) reporter.forget(key);
    queue.forget(key);
    // What time alone brings is the end of a grace or of an outage, or a better leader.
    if (planned.againAfterMs !== undefined) queue.addAfter(key, planned.againAfterMs, { urgent: true });
  }

  /** The leader is as planned: remembered, logged and counted once. */
  #published({ item, view, planned }: Round): void {
    const { key } = item;
    view.remember(key, planned.memory, planned.history);
    if (planned.change !== undefined) this.#changed(item, planned, planned.change);
    this.#count(key, planned);
    if (view.isClaimed(key) && planned.outlook !== undefined) this.#outlooks.set(key, planned.outlook);
    else if (!planned.again) this.#outlooks.delete(key);
  }

  #report({ item, input, planned }: Round, published = true, more: readonly PlanEvent[] = []): void {
    // A plan that only prepares the next one has not looked at everything.
    const states = planned.again && published ? {} : { states: [...planned.states, ...more] };
    this.#options.reporter.submit(item.key, {
      happened: published ? planned.happened : [],
      // A status tells of what is so, once it is.
      statuses: published ? planned.statuses : [],
      ...states,
      ...(!published || planned.annotations === undefined || input.actual === undefined
        ? {}
        : { annotations: { uid: input.actual.uid, values: planned.annotations } }),
    });
  }

  #count(key: string, planned: Plan): void {
    const { metrics } = this.#options;
    if (planned.sticky !== undefined) metrics.countSticky(planned.sticky);
    if (!planned.states.some(({ reason }) => reason === 'PortResolutionFailed')) this.#unresolved.delete(key);
    else if (!this.#unresolved.has(key)) {
      this.#unresolved.add(key);
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
      reason: reason ?? untold(planned, from, to),
      epoch,
      ...(milliseconds === undefined ? {} : { milliseconds: Math.round(milliseconds * 10) / 10 }),
    });
    if (from === undefined || to === undefined || reason === undefined || from.uid === to.uid) return;
    metrics.observeFailover(reason, milliseconds === undefined ? undefined : milliseconds / 1000);
  }

  /** @returns what users are to be told of it */
  #failed({ item: { key }, input }: Round, error: unknown, published: boolean): PlanEvent[] {
    const { metrics, log } = this.#options;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    metrics.countReconcileError(reasonOf(error));
    // The same failure again and again is one line, not thousands.
    const level = failures === 1 || failures === FAILURES_BEFORE_EVENT ? 'warn' : 'debug';
    log[level]('cannot reconcile', { key, failures, error: messageOf(error) });
    this.#retry(key, error, published);
    const refused = error instanceof ApiError && (error.status === 403 || error.status === 422);
    const [claim] = input.claims;
    if (claim === undefined || (!refused && failures < FAILURES_BEFORE_EVENT)) return [];
    return warnings(claim.request, 'ReconcileFailed', `${messageOf(error)}; it is tried again`);
  }

  #retry(key: string, error: unknown, published: boolean): void {
    const { queue } = this.#options;
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    const minDelayMs = Math.min(asked, MAX_RETRY_AFTER_MS);
    // retry() holds the key so long; but a Service that has to wait for its repair may lose its leader meanwhile.
    if (published && minDelayMs > 0) queue.addAfter(key, minDelayMs);
    else queue.retry(key, { minDelayMs });
  }
}

/**
 * The primary family's slice comes first and says who leads, so from that write on it is so, whatever becomes of the rest:
 * a Service that cannot be repaired must not hide a failover.
 */
function isPublished({ writes: [first], outlook }: Plan, { kind, written }: Applied): boolean {
  return kind === 'done' || (outlook !== undefined && (written > 0 || first?.kind === 'patchService'));
}

/** Why the leader changed, where the plan has no reason that counts as a failover. */
function untold({ states }: Plan, from: LeaderChange['from'], to: LeaderChange['to']): string {
  if (to !== undefined) return from === undefined ? 'Elected' : 'Restored';
  return states.some(({ reason }) => reason === 'PortResolutionFailed')
    ? 'PortResolutionFailed'
    : 'Withdrawn';
}

/** A webhook may answer with any reason, and a label of a metric must not: others are told by their HTTP status. */
function reasonOf(error: unknown): string {
  if (error instanceof ApiError)
    return STATUS_REASONS.has(error.reason) ? error.reason : `HTTP${error.status}`;
  return error instanceof ZenLeadError ? error.code : 'Internal';
}
