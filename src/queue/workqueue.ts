/**
 * A work queue of keys, after client-go's: a key waits at most once, is worked on by at most one worker, and an add while it
 * is worked on makes it come again afterwards. Nothing is lost and nothing runs twice at a time.
 */
import { Backoff } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { earliest, KeyTimers } from './key-timers.ts';
import type { AddOptions } from './key-timers.ts';
import { Lanes } from './lanes.ts';
import type { Entry } from './lanes.ts';

/** What the handler gets. */
export interface WorkItem {
  readonly key: string;
  readonly urgent: boolean;
  /** Earliest receivedAt of the adds that were merged; undefined where none gave one. */
  readonly receivedAt: number | undefined;
  /** Milliseconds from the first of those adds to now. */
  readonly queuedMs: number;
}

export type Handler = (item: WorkItem) => Promise<void>;

export interface WorkQueueOptions {
  /** Keys worked on at once. A quarter of it, rounded down, is kept for urgent keys. */
  readonly concurrency: number;
  /** Told of what the handler threw, after the retry has been planned. Must not throw. */
  readonly onError: (key: string, error: unknown) => void;
  readonly clock?: Clock;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  readonly backoff?: BackoffOptions;
}

/** Routine work lets the event loop turn after so long: a resync of thousands of quiet keys must not hold up a watch event. */
const ROUTINE_SLICE_MS = 8;
const DEFAULT_STOP_DEADLINE_MS = 3000;

export class WorkQueue {
  readonly #concurrency: number;
  readonly #routineConcurrency: number;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #onError: (key: string, error: unknown) => void;

  readonly #lanes = new Lanes();
  /** Keys that wait in a lane. */
  readonly #waiting = new Map<string, Entry>();
  readonly #active = new Map<string, Entry>();
  /** Keys added while active: they wait for the worker to end. */
  readonly #dirty = new Map<string, Entry>();
  readonly #timers: KeyTimers;
  /** Key → the time before which it must not be worked on, whatever is added meanwhile: the API server asked for it. */
  readonly #heldUntil = new Map<string, number>();

  #handler: Handler | undefined;
  #pumpPlanned = false;
  #routineActive = 0;
  /** Since when routine work has gone on without a turn of the event loop that we know of. */
  #sliceStart = 0;
  #yielding = false;
  #stopping: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: WorkQueueOptions) {
    this.#concurrency = options.concurrency;
    this.#routineConcurrency = options.concurrency - Math.floor(options.concurrency / 4);
    this.#clock = options.clock ?? systemClock;
    this.#backoff = new Backoff(options.random ?? Math.random, options.backoff);
    this.#onError = options.onError;
    this.#timers = new KeyTimers(this.#clock, (key, added) => {
      this.add(key, added);
    });
  }

  /** Keys that wait for a worker; those with a timer are not among them. */
  get depth(): number {
    return this.#waiting.size + this.#dirty.size;
  }

  /** Keys that are being worked on. */
  get inFlight(): number {
    return this.#active.size;
  }

  /** Starts to work, with what has been added before. Called once. */
  run(handler: Handler): void {
    if (this.#handler !== undefined) throw new Error('Expected WorkQueue.run to be called once');
    this.#handler = handler;
    this.#sliceStart = this.#clock.now();
    this.#planPump();
  }

  /**
   * Queues a key. One that waits already is merged: urgent wins, the earliest receivedAt stays. One that is being worked on
   * comes again afterwards. Where a worker is free the handler is called in a microtask, so that the events of one
   * synchronous batch are all seen by it.
   */
  add(key: string, options: AddOptions = {}): void {
    if (this.#stopping !== undefined) return;
    const heldFor = this.#heldFor(key);
    if (heldFor > 0) {
      this.addAfter(key, heldFor, options);
      return;
    }
    const known = this.#waiting.get(key) ?? this.#dirty.get(key);
    if (known !== undefined) {
      known.receivedAt = earliest(known.receivedAt, options.receivedAt);
      if (options.urgent !== true) return;
      if (this.#active.has(key)) known.urgent = true;
      else this.#lanes.promote(known);
    } else {
      const now = this.#clock.now();
      if (this.#waiting.size === 0 && this.#active.size === 0) this.#sliceStart = now;
      const { urgent = false, receivedAt } = options;
      const entry: Entry = { key, urgent, receivedAt, queuedAt: now };
      if (this.#active.has(key)) this.#dirty.set(key, entry);
      else this.#enqueue(entry);
    }
    this.#planPump();
  }

  /**
   * Queues a key `delayMs` from now. There is one timer a key: of two the earlier stays, and their options are merged as
   * add() merges them. Only forget() and stop() cancel it.
   */
  addAfter(key: string, delayMs: number, options: AddOptions = {}): void {
    if (this.#stopping !== undefined) return;
    if (!(delayMs > 0)) {
      this.add(key, options);
      return;
    }
    this.#timers.set(key, delayMs, options);
  }

  /**
   * Queues a key after its back-off; `minDelayMs` (a Retry-After) comes on top of it, and no add makes it come earlier than
   * that. What is retried while it is worked on stays as urgent as it was and keeps its receivedAt.
   */
  retry(key: string, options: { readonly minDelayMs?: number | undefined } = {}): void {
    const item = this.#active.get(key);
    const minDelayMs = options.minDelayMs ?? 0;
    if (minDelayMs > 0) this.#heldUntil.set(key, this.#clock.now() + minDelayMs);
    const delay = this.#backoff.next(key) + minDelayMs;
    this.addAfter(key, delay, { urgent: item?.urgent, receivedAt: item?.receivedAt });
  }

  /**
   * Ends the back-off of a key and cancels its timer: what a handler calls after a success, before it sets the next timer,
   * and when the key is gone for good.
   */
  forget(key: string): void {
    this.#backoff.forget(key);
    this.#heldUntil.delete(key);
    this.#timers.cancel(key);
  }

  /**
   * Ends the queue: drops what waits, cancels all timers, ignores further adds, and resolves when the work in flight has
   * ended or `deadlineMs` have passed (inFlight then tells what was left behind).
   */
  stop(deadlineMs: number = DEFAULT_STOP_DEADLINE_MS): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs);
    return this.#stopping;
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#heldUntil.clear();
    this.#timers.cancelAll();
    this.#lanes.clear();
    this.#waiting.clear();
    this.#dirty.clear();
    if (this.#active.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(deadlineMs, resolve);
      this.#onIdle = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Milliseconds. */
  #heldFor(key: string): number {
    const until = this.#heldUntil.get(key);
    if (until === undefined) return 0;
    const heldFor = until - this.#clock.now();
    if (heldFor <= 0) this.#heldUntil.delete(key);
    return heldFor;
  }

  #enqueue(entry: Entry): void {
    this.#waiting.set(entry.key, entry);
    this.#lanes.push(entry);
  }

  #planPump(): void {
    const handler = this.#handler;
    if (this.#pumpPlanned || handler === undefined) return;
    this.#pumpPlanned = true;
    queueMicrotask(() => {
      this.#pumpPlanned = false;
      this.#pump(handler);
    });
  }

  #pump(handler: Handler): void {
    while (this.#waiting.size > 0 && this.#active.size < this.#concurrency) {
      const entry = this.#lanes.take(this.#routineMayGo());
      if (entry === undefined) return;
      this.#waiting.delete(entry.key);
      void this.#work(handler, entry);
    }
  }

  #routineMayGo(): boolean {
    if (this.#yielding || this.#routineActive >= this.#routineConcurrency) return false;
    if (this.#clock.now() - this.#sliceStart < ROUTINE_SLICE_MS) return true;
    this.#yielding = true;
    this.#clock.nextTurn(() => {
      this.#yielding = false;
      this.#sliceStart = this.#clock.now();
      this.#planPump();
    });
    return false;
  }

  async #work(handler: Handler, entry: Entry): Promise<void> {
    const { key, urgent, receivedAt } = entry;
    this.#active.set(key, entry);
    if (!urgent) this.#routineActive += 1;
    try {
      await handler({ key, urgent, receivedAt, queuedMs: this.#clock.now() - entry.queuedAt });
    } catch (error) {
      this.retry(key);
      this.#onError(key, error);
    } finally {
      if (!urgent) this.#routineActive -= 1;
      this.#settle(key);
    }
  }

  #settle(key: string): void {
    this.#active.delete(key);
    const again = this.#dirty.get(key);
    if (again !== undefined) {
      this.#dirty.delete(key);
      const heldFor = this.#heldFor(key);
      if (heldFor > 0) this.addAfter(key, heldFor, again);
      else this.#enqueue(again);
    }
    if (this.#active.size === 0) this.#onIdle?.();
    this.#planPump();
  }
}
