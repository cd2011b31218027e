/** One key from the caches to the API server: gather, plan, apply, report. Holds the one switch over outcomes. */
import type { Applier } from './apply/apply-writes.ts';
import type { Reporter } from './apply/reporter.ts';
import type { LiveLook } from './apply/live-look.ts';
import { ApiError, messageOf } from './errors.ts';
import type { Logger } from './logger.ts';
import { isPublished, reasonOf, untold } from './outcomes.ts';
import { warnings } from './plan/notes.ts';
import { plan } from './plan/plan.ts';
import type { Input, LeaderChange, Outlook, Plan, PlanEvent } from './plan/types.ts';
import type { WorkItem, WorkQueue } from './queue/workqueue.ts';
import type { Rank } from './replicas/rank.ts';
import { RankedApplier, type Acted } from './replicas/ranked-applier.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { ClusterView } from './watch/cluster-view.ts';

export interface ReconcilerOptions {
  /** The view of the scope that a key is in. */
  readonly viewOf: (key: string) => ClusterView | undefined;
  readonly applier: Pick<Applier, 'apply'>;
  readonly live: Pick<LiveLook, 'look'>;
  readonly rank: Pick<Rank, 'tells' | 'waitMs' | 'mustLook' | 'settled' | 'written' | 'forget'>;
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

/** One key, planned and applied once. */
interface Round {
  readonly item: WorkItem;
  readonly view: ClusterView;
  readonly input: Input;
  readonly planned: Plan;
}

export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #applier: RankedApplier;
  readonly #outlooks = new Map<string, Outlook>();
  /** Keys whose leader lacks a port; counted once for as long as it does. */
  readonly #unresolved = new Set<string>();
  /** Key → consecutive failures. */
  readonly #failures = new Map<string, number>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#applier = new RankedApplier(options);
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
    const looked = new Set<string>();
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const input = view.gather(item.key, this.#options.now());
      const planned = plan(input);
      const acted = await this.#applier.act({ key: item.key, input, planned, looked });
      if (acted.kind !== 'done' && acted.kind !== 'looked') result = acted.kind;
      else if (acted.kind === 'done' && planned.writes.length > 0) result = 'changed';
      if (!this.#settle({ item, view, input, planned }, acted)) break;
      if (round === MAX_ROUNDS) this.#options.queue.retry(item.key);
    }
    metrics.observeReconcile(result, (monotonic() - startedAt) / 1000);
  }

  /** @returns whether to plan again at once */
  #settle(round: Round, acted: Acted): boolean {
    const { key, receivedAt } = round.item;
    const { queue, metrics, log } = this.#options;
    if (acted.kind === 'looked') return true;
    const published = isPublished(round.planned, acted);
    if (published) this.#published(round);
    switch (acted.kind) {
      case 'done':
        this.#report(round);
        this.#done(round);
        return round.planned.again;
      case 'conflict':
        metrics.countReconcileError('Conflict');
        if (published) this.#report(round);
        return true;
      case 'outranked':
        queue.addAfter(key, acted.inMs, { urgent: true, receivedAt });
        return false;
      case 'terminating':
        log.debug('namespace is being deleted', { key });
        this.#failures.delete(key);
        queue.forget(key);
        return false;
      case 'failed': {
        const told = this.#failed(round, acted.error, published);
        if (published || told.length > 0) this.#report(round, published, told);
        return false;
      }
    }
  }

  #done({ item: { key }, view, planned }: Round): void {
    const { queue, reporter, rank } = this.#options;
    this.#failures.delete(key);
    if (!view.isClaimed(key) && !planned.again) {
      reporter.forget(key);
      rank.forget(key);
    }
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

  /** Lasting states, statuses and annotations are told by the first in rank; who moved a leader tells of that. */
  #report({ item, input, planned }: Round, published = true, more: readonly PlanEvent[] = []): void {
    const { rank, reporter } = this.#options;
    if (!rank.tells) {
      const happened = published && planned.writes.length > 0 ? planned.happened : [];
      reporter.submit(item.key, { happened, statuses: [] });
      return;
    }
    // A plan that only prepares the next one has not looked at everything.
    const states = planned.again && published ? {} : { states: [...planned.states, ...more] };
    reporter.submit(item.key, {
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
