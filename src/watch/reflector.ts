import type { KubeObject } from '../api/objects.ts';
import { messageOf } from '../errors.ts';
import type { Call } from '../kube/client.ts';
import { targetOf } from '../kube/target.ts';
import type { LogFields } from '../logger.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { ABSENT_MS, Absence } from './absence.ts';
import { failureOf } from './failure.ts';
import type { Failure, Phase } from './failure.ts';
import { FailureLog } from './failure-log.ts';
import { JsonLines } from './json-lines.ts';
import { listPages } from './list.ts';
import { rawKeyOf } from './metadata.ts';
import { pause } from './pause.ts';
import type { RawObject } from './raw.ts';
import { DEFAULT_TUNING } from './reflector-options.ts';
import type { ReflectorOptions, ReflectorTuning } from './reflector-options.ts';
import { compareResourceVersions } from './resource-version.ts';
import { RestartDelay } from './restart-delay.ts';
import { readWatchEvent } from './watch-event.ts';

/**
 * Keeps a store equal to what the API server has: lists everything, then watches, and takes up the watch again where it
 * ended. After a gap it lists again, and the store tells what vanished meanwhile. No failure ends it or takes anything
 * out of the store: the last known state is kept until there is news.
 */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #tuning: ReflectorTuning;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #delay: RestartDelay;
  readonly #failures: FailureLog;
  /** Of an optional resource. */
  readonly #absence: Absence | undefined;
  /** Where the next watch begins; undefined: with a list. */
  #resourceVersion: string | undefined;
  /** The newest that was ever seen. */
  #newest = '0';
  #suspicions = 0;
  #phase: Phase = 'list';
  #synced = false;
  #lastActivityAt: number | undefined;
  #lastError: string | undefined;
  /** Ends the turn that is under way. */
  #turnEnd = new AbortController();

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#tuning = { ...DEFAULT_TUNING, ...options.tuning };
    this.#clock = options.clock ?? systemClock;
    this.#delay = new RestartDelay(options.random ?? Math.random);
    const { log, resource, path, client } = options;
    const fields = { resource, namespace: targetOf(path).namespace ?? '', server: client.server };
    this.#failures = new FailureLog(log, fields);
    this.#absence = options.optional === true ? this.#optional(fields) : undefined;
  }

  /** The store has held a whole list; it may be behind since. An optional resource may be out of reach instead. */
  get synced(): boolean {
    return this.#synced;
  }

  /** What is not in the store is not there: it has held a list, or there is no such resource. */
  get known(): boolean {
    return this.#absence?.known ?? this.#synced;
  }

  /** An optional resource that is not installed, or not granted: it is looked for, not watched. */
  get away(): boolean {
    return this.#absence?.away === true;
  }

  /** When the API server last said something that was no error, in monotonic milliseconds. */
  get lastActivityAt(): number | undefined {
    return this.#lastActivityAt;
  }

  /** What went wrong last, until all is well again. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** The store cannot be much behind. `now` is in monotonic milliseconds. */
  alive(now: number): boolean {
    const silence = this.#tuning.aliveMs + (this.away ? ABSENT_MS : 0);
    return this.#lastActivityAt !== undefined && now - this.#lastActivityAt <= silence;
  }

  /** Runs until the signal is aborted. Does not reject. */
  async start(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#turnEnd = new AbortController();
      const either = AbortSignal.any([signal, this.#turnEnd.signal]);
      await pause(await this.#turn(either), this.#clock, either);
      // Events that were on their way have moved it on.
      if (this.#turnEnd.signal.aborted) this.#resourceVersion = undefined;
    }
  }

  /** An object of an optional resource is said to be there that is not known: lists again at once, which makes it `known`. */
  doubt(): void {
    if (this.#absence?.known !== true) return;
    this.#absence.doubt();
    this.#turnEnd.abort(new Error('another list is due'));
  }

  /** A list where one is due, and one watch. Returns how long to wait before the next turn, in milliseconds. */
  async #turn(signal: AbortSignal): Promise<number> {
    try {
      this.#phase = 'list';
      const from = this.#resourceVersion ?? (await this.#list(signal));
      this.#phase = 'watch';
      const healthy = await this.#watch(from, signal);
      // A watch that ended by itself too early is no failure, but a proxy that ends all of them must not be hammered.
      return healthy ? 0 : this.#delay.next('dropped');
    } catch (error) {
      return signal.aborted ? 0 : this.#failed(failureOf(error, this.#phase));
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { client, store } = this.#options;
    const objects: T[] = [];
    let resourceVersion: string | undefined;
    for await (const page of listPages(this.#call('list', signal), this.#tuning.pageSize, (call) =>
      client.call(call),
    )) {
      this.#lastActivityAt = this.#clock.now();
      resourceVersion ??= page.resourceVersion;
      for (const raw of page.items) {
        const object = this.#project(raw) ?? this.#lastKnown(raw);
        if (object !== undefined) objects.push(object);
      }
    }
    // listPages gives one page at least.
    resourceVersion ??= '0';
    // Lists show the newest state: one that is older than what was seen means that history itself went back.
    const rewound = compareResourceVersions(resourceVersion, this.#newest) < 0;
    store.replace(objects, resourceVersion, { rewound });
    this.#newest = resourceVersion;
    this.#resourceVersion = resourceVersion;
    this.#absence?.listed();
    this.#sync();
    return resourceVersion;
  }

  #sync(): void {
    if (this.#synced) return;
    this.#synced = true;
    this.#options.onSynced?.();
  }

  #optional(fields: LogFields): Absence {
    const { log, store, onKnown } = this.#options;
    return new Absence({
      log,
      fields,
      onKnown: () => onKnown?.(),
      // Whatever its resourceVersion: an answer to a write of ours may be newer than all that was watched.
      onAbsent: () => store.replace([], this.#newest, { rewound: true }),
    });
  }

  /** Returns whether it did what a watch is for. */
  async #watch(from: string, signal: AbortSignal): Promise<boolean> {
    const call = this.#call('watch', signal, {
      watch: true,
      resourceVersion: from,
      allowWatchBookmarks: true,
      timeoutSeconds: this.#tuning.watchSeconds,
    });
    const stream = await this.#options.client.stream(call);
    this.#phase = 'stream';
    this.#lastActivityAt = this.#clock.now();
    let healthy = false;
    const allIsWell = (): void => {
      if (!healthy) this.#recovered();
      healthy = true;
    };
    const cancelTimer = this.#clock.after(this.#tuning.healthyMs, allIsWell);
    try {
      const lines = new JsonLines();
      for await (const chunk of stream) {
        const receivedAt = this.#clock.now();
        this.#lastActivityAt = receivedAt;
        for (const event of lines.push(chunk)) {
          this.#take(event, call, receivedAt);
          allIsWell();
        }
      }
      this.#lastActivityAt = this.#clock.now();
    } finally {
      cancelTimer();
    }
    return healthy;
  }

  #take(line: unknown, call: Call, receivedAt: number): void {
    const { type, object, resourceVersion } = readWatchEvent(line, call);
    this.#resourceVersion = resourceVersion;
    this.#newest = resourceVersion;
    this.#options.onEvent?.();
    const { store } = this.#options;
    if (type === 'delete') store.remove(rawKeyOf(object), resourceVersion, receivedAt);
    if (type !== 'put') return;
    const projected = this.#project(object);
    if (projected !== undefined) store.upsert(projected, receivedAt);
  }

  #project(raw: unknown): T | undefined {
    try {
      return this.#options.project(raw);
    } catch (error) {
      this.#failures.skipped(error);
      return undefined;
    }
  }

  /** An object that is listed and cannot be understood has not vanished. */
  #lastKnown(raw: unknown): T | undefined {
    return this.#options.store.get(rawKeyOf(raw as RawObject | null));
  }

  #call(verb: 'list' | 'watch', signal: AbortSignal, query: Call['query'] = {}): Call {
    const { resource, path, labelSelector } = this.#options;
    const selector = labelSelector === undefined ? {} : { labelSelector };
    return {
      verb,
      resource,
      path,
      query: { ...selector, ...query },
      signal,
      timeoutMs: this.#tuning.silentMs,
    };
  }

  #recovered(): void {
    this.#delay.reset();
    this.#suspicions = 0;
    this.#lastError = undefined;
    this.#failures.recovered();
  }

  /** Returns how long to wait before the next attempt, in milliseconds. */
  #failed(failure: Failure): number {
    const pauseMs = this.#absence?.pauseAfter(failure);
    if (pauseMs !== undefined) return this.#isAway(pauseMs);
    this.#failures.failed(failure, this.#delay.failures(failure.reason) === 0);
    this.#lastError = messageOf(failure.error);
    this.#options.onRestart?.(failure.reason);
    if (failure.suspect) this.#suspicions += 1;
    if (failure.needsList || this.#suspicions > 1) {
      this.#resourceVersion = undefined;
      this.#suspicions = 0;
    }
    return Math.max(this.#delay.next(failure.reason), failure.retryAfterMs);
  }

  /** No failure: the API server has said what there is to know. */
  #isAway(pauseMs: number): number {
    this.#resourceVersion = undefined;
    this.#lastActivityAt = this.#clock.now();
    this.#lastError = undefined;
    this.#suspicions = 0;
    this.#delay.reset();
    if (this.away) this.#sync();
    return pauseMs;
  }
}
