/** What the operator tells Prometheus. Names and labels are the contract of docs/metrics.md. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { leaderGauges } from './leader-gauges.ts';
import type { LeaderSnapshot } from './leader-gauges.ts';
import { ComputedGauge } from './metric-types.ts';
import { registerProcessMetrics } from './process-metrics.ts';

/** Values of bounded labels: their series exist, at zero, before anything happens. */
export interface LabelValues {
  readonly failoverReasons: readonly string[];
  readonly reconcileResults: readonly string[];
  readonly reconcileErrorReasons: readonly string[];
  readonly watchResources: readonly string[];
  readonly watchRestartReasons: readonly string[];
}

/** Where the gauges come from; asked at each scrape. */
export interface MetricSources {
  readonly leaders: () => Iterable<LeaderSnapshot>;
  /** Keys that wait for a worker. */
  readonly queueDepth: () => number;
  /** Seconds since anything was heard on the watch of a resource. */
  readonly watchAges: () => Iterable<{ readonly resource: string; readonly seconds: number }>;
  /** Whether this replica holds the Lease; undefined where there is none, without --leader-elect. */
  readonly leaseHeld: () => boolean | undefined;
}

export interface ApiCall {
  /** get, list, create, update, patch, delete */
  readonly verb: string;
  /** Plural name: endpointslices */
  readonly resource: string;
  /** HTTP status, or a word for what never got one. */
  readonly code: number | string;
  readonly seconds: number;
}

export interface MetricsOptions {
  readonly version: string;
  readonly commit: string;
  readonly labelValues: LabelValues;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Seconds: 0.5 ms to 10 s. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Seconds: 10 µs to 10 s. */
const QUEUE_BUCKETS = [1e-5, 5e-5, 1e-4, 5e-4, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

export class Metrics {
  readonly #registry = new Registry();
  readonly #computed: readonly ComputedGauge[];
  #sources: Partial<MetricSources> = {};

  readonly #failovers = this.#counter('failover_count_total', 'Changes of leader written by this replica', [
    'reason',
  ]);
  readonly #failoverLatency = this.#histogram(
    'failover_latency_seconds',
    'From the event that cost the leader its place, received, to the EndpointSlice written',
    LATENCY_BUCKETS,
  );
  readonly #reconciliations = this.#counter('reconciliations_total', 'Leader Services worked on', ['result']);
  readonly #reconcileDuration = this.#histogram(
    'reconciliation_duration_seconds',
    'Time that the work on one leader Service took',
    LATENCY_BUCKETS,
  );
  readonly #reconcileErrors = this.#counter(
    'reconciliation_errors_total',
    'Work that failed and is tried again',
    ['reason'],
  );
  readonly #portFailures = this.#counter(
    'port_resolution_failures_total',
    'A targetPort that could not be resolved on the leader pod',
  );
  readonly #stickyHits = this.#counter(
    'sticky_leader_hits_total',
    'Decisions that kept the leader there was',
  );
  readonly #stickyMisses = this.#counter(
    'sticky_leader_misses_total',
    'Decisions that could not keep the leader there was',
  );
  readonly #apiCalls = this.#histogram(
    'api_call_duration_seconds',
    'Time from a request to the API server to its answer, watches aside',
    LATENCY_BUCKETS,
    ['verb', 'resource', 'code'],
  );
  readonly #queueDuration = this.#histogram(
    'workqueue_queue_duration_seconds',
    'Time that a leader Service waited for a worker',
    QUEUE_BUCKETS,
  );
  readonly #watchRestarts = this.#counter('watch_restarts_total', 'Watches that were started again', [
    'resource',
    'reason',
  ]);

  constructor(options: MetricsOptions) {
    const { version, commit, now = Date.now } = options;
    new Gauge({
      name: 'zen_lead_build_info',
      help: 'Version, commit and Node.js version; always 1',
      labelNames: ['version', 'commit', 'node_version'],
      registers: [this.#registry],
    }).set({ version, commit, node_version: process.version }, 1);
    this.#computed = [...leaderGauges(() => this.#sources.leaders?.() ?? [], now), ...this.#ownGauges()];
    registerProcessMetrics(this.#registry);
    this.#startAtZero(options.labelValues);
  }

  /** Says where gauges come from; until then they have no series, or 0. */
  provide(sources: Partial<MetricSources>): void {
    this.#sources = { ...this.#sources, ...sources };
  }

  /** `seconds` from the event received to the slice written; without it (a timer) the failover is only counted. */
  observeFailover(reason: string, seconds?: number): void {
    this.#failovers.inc({ reason });
    if (seconds !== undefined) this.#failoverLatency.observe(seconds);
  }

  observeReconcile(result: string, seconds: number): void {
    this.#reconciliations.inc({ result });
    this.#reconcileDuration.observe(seconds);
  }

  countReconcileError(reason: string): void {
    this.#reconcileErrors.inc({ reason });
  }

  countPortResolutionFailure(): void {
    this.#portFailures.inc();
  }

  /** A decision that met a leader: was it kept? */
  countSticky(hit: boolean): void {
    (hit ? this.#stickyHits : this.#stickyMisses).inc();
  }

  observeApiCall({ verb, resource, code, seconds }: ApiCall): void {
    this.#apiCalls.observe({ verb, resource, code }, seconds);
  }

  observeQueueDuration(seconds: number): void {
    this.#queueDuration.observe(seconds);
  }

  countWatchRestart(resource: string, reason: string): void {
    this.#watchRestarts.inc({ resource, reason });
  }

  /** Of what render() gives. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /**
   * The text of all metrics in pieces. In between the event loop has a turn: with a thousand Services the whole would hold up
   * a failover, and its memory would stay with the process.
   */
  async *render(): AsyncGenerator<string, void, undefined> {
    for (const { name } of this.#registry.getMetricsAsArray()) {
      yield `${await this.#registry.getSingleMetricAsString(name)}\n`;
      await nextTurn();
    }
    for (const gauge of this.#computed) {
      for (const piece of gauge.text()) {
        yield piece;
        await nextTurn();
      }
    }
  }

  #ownGauges(): ComputedGauge[] {
    const depth = { name: 'zen_lead_workqueue_depth', help: 'Leader Services that wait for a worker' };
    const age = {
      name: 'zen_lead_watch_last_event_age_seconds',
      help: 'Time since anything was heard on the watch of a resource',
    };
    const lease = {
      name: 'zen_lead_lease_held',
      help: '1 for the replica that holds the Lease, 0 for another one; no series without --leader-elect',
    };
    return [
      new ComputedGauge(depth, () => [{ labels: {}, value: this.#sources.queueDepth?.() ?? 0 }]),
      new ComputedGauge(age, () =>
        Array.from(this.#sources.watchAges?.() ?? [], ({ resource, seconds }) => ({
          labels: { resource },
          value: seconds,
        })),
      ),
      new ComputedGauge(lease, () => {
        const held = this.#sources.leaseHeld?.();
        return held === undefined ? [] : [{ labels: {}, value: held ? 1 : 0 }];
      }),
    ];
  }

  #startAtZero(values: LabelValues): void {
    for (const reason of values.failoverReasons) this.#failovers.inc({ reason }, 0);
    for (const result of values.reconcileResults) this.#reconciliations.inc({ result }, 0);
    for (const reason of values.reconcileErrorReasons) this.#reconcileErrors.inc({ reason }, 0);
    for (const resource of values.watchResources) {
      for (const reason of values.watchRestartReasons) this.#watchRestarts.inc({ resource, reason }, 0);
    }
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: `zen_lead_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: number[], labelNames: string[] = []): Histogram {
    return new Histogram({
      name: `zen_lead_${name}`,
      help,
      buckets,
      labelNames,
      registers: [this.#registry],
    });
  }
}
