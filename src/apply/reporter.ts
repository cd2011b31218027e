/**
 * Tells users what happened: the status of policies, Events and the leader Service's annotations. Off the hot path: reports wait until no write
 * of a slice is under way, and those of one leader Service that wait are merged into one.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../logger.ts';
import { ApiError, isReplaced, isStatus, messageOf } from '../errors.ts';
import type { Call, KubeClient } from '../kube/client.ts';
import type { Clock } from '../clock.ts';
import type { PlanEvent, StatusUpdate } from '../plan/types.ts';
import type { Answers } from './apply-writes.ts';
import { eventName, type EventSink } from './event-sink.ts';
import { FirstWords } from './first-words.ts';
import { objectPath } from './resources.ts';
import { writeStatus } from './status.ts';

export interface Report {
  readonly happened: readonly PlanEvent[];
  /** All states that last now; those not among them have ended. Absent: it is not known, so all are as before. */
  readonly states?: readonly PlanEvent[];
  readonly statuses: readonly StatusUpdate[];
  /** For the leader Service with this UID; null removes. */
  readonly annotations?: { readonly uid: string; readonly values: Readonly<Record<string, string | null>> };
}

export interface ReporterOptions {
  readonly client: Pick<KubeClient, 'call'>;
  readonly events: Pick<EventSink, 'tell'>;
  readonly answers: Pick<Answers, 'onObject' | 'versionOf'>;
  readonly log: Logger;
  readonly clock: Pick<Clock, 'after'>;
  /** Slices are being written: reports would be in the way. */
  readonly isBusy: () => boolean;
  /** A report failed: the key is to be planned again, which makes the report again. */
  readonly onFailed: (key: string) => void;
  /** What was to be reported is no longer about the newest state: the key is to be planned again now. */
  readonly onStale: (key: string) => void;
}

interface Sending {
  readonly annotations: Report['annotations'];
  /** A plan that was made meanwhile, perhaps in view of our own status, still owed the same ones. */
  owedAgain: boolean;
}

interface Pending {
  happened: readonly PlanEvent[];
  /** States that have begun. */
  begun: PlanEvent[];
  /** The newest of each policy, by its UID. */
  statuses: Map<string, StatusUpdate>;
  annotations?: Report['annotations'];
}

const COALESCE_MS = 20;
/** Five seconds: a lost node costs hundreds of leaders at once, and their slices come first. After that, reports go out all the same. */
const MAX_DEFERRALS = 250;
/** One at a time: an API server that shares its cores must not be at two reports when a slice comes. */
const CONCURRENCY = 1;
/** Of Events that could not be sent, per leader Service. */
const MAX_UNSENT = 50;
/** What comes back whenever it is tried: no right to write Events, a namespace that is gone, a body that is not valid. */
const REFUSED: ReadonlySet<number> = new Set([400, 403, 404, 413, 422]);

export class Reporter {
  readonly #options: ReporterOptions;
  readonly #pending = new Map<string, Pending>();
  /** Key → names of the Events of the states that have been told and last. */
  readonly #told = new Map<string, Set<string>>();
  /** Happenings of a report that failed. The next plan does not tell of them again, so they go with its report. */
  readonly #unsent = new Map<string, readonly PlanEvent[]>();
  readonly #words = new FirstWords();
  /** Reports that are being sent, by key: the next one waits, so that the last word stays the last. */
  readonly #sending = new Map<string, Sending>();
  #deferrals = 0;
  /** Calm has been waited for in vain: all that waits goes out. */
  #isImpatient = false;
  #timer: (() => void) | undefined;
  /** Set by flush(): nothing waits for calm any longer. */
  #onIdle: (() => void) | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  submit(key: string, { happened, states, statuses, annotations: owed }: Report): void {
    const annotations = this.#withoutThoseUnderWay(key, owed);
    const begun = states === undefined ? [] : this.#begun(key, states);
    const unsent = this.#unsent.get(key) ?? [];
    this.#unsent.delete(key);
    const told = begun.length + happened.length + unsent.length + statuses.length;
    if (told === 0 && annotations === undefined) return;
    const pending: Pending = this.#pending.get(key) ?? { happened: [], begun: [], statuses: new Map() };
    pending.happened = distinct([...unsent, ...pending.happened, ...happened]);
    pending.begun.push(...begun);
    for (const status of statuses) pending.statuses.set(status.policy.uid, this.#words.keep(status));
    if (annotations !== undefined) pending.annotations = annotations;
    this.#pending.set(key, pending);
    this.#schedule();
  }

  /** The key is nobody's any more. */
  forget(key: string): void {
    this.#told.delete(key);
  }

  /** Sends what waits, now; resolves when all is sent. */
  async flush(): Promise<void> {
    this.#timer?.();
    this.#timer = undefined;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#pump();
    if (this.#sending.size > 0) await idle;
  }

  #withoutThoseUnderWay(key: string, owed: Report['annotations']): Report['annotations'] {
    const sending = this.#sending.get(key);
    if (owed === undefined || sending === undefined || this.#pending.get(key)?.annotations !== undefined)
      return owed;
    if (!isDeepStrictEqual(owed, sending.annotations)) return owed;
    sending.owedAgain = true;
    return undefined;
  }

  #begun(key: string, states: readonly PlanEvent[]): PlanEvent[] {
    const before = this.#told.get(key);
    if (states.length === 0) {
      if (before !== undefined) this.#told.delete(key);
      return [];
    }
    const named = new Map(states.map((state) => [eventName(state), state]));
    this.#told.set(key, new Set(named.keys()));
    return [...named].filter(([name]) => before?.has(name) !== true).map(([, state]) => state);
  }

  #schedule(): void {
    this.#timer ??= this.#options.clock.after(COALESCE_MS, () => {
      this.#timer = undefined;
      if (this.#options.isBusy() && this.#deferrals < MAX_DEFERRALS) {
        this.#deferrals += 1;
        this.#schedule();
        return;
      }
      this.#deferrals = 0;
      this.#isImpatient = this.#options.isBusy();
      this.#pump();
    });
  }

  /** Slices may have begun to be written meanwhile. */
  #next(): void {
    if (!this.#isImpatient && this.#onIdle === undefined && this.#options.isBusy()) this.#schedule();
    else this.#pump();
  }

  #pump(): void {
    for (const [key, pending] of this.#pending) {
      if (this.#sending.size >= CONCURRENCY) return;
      if (this.#sending.has(key)) continue;
      this.#pending.delete(key);
      const sending: Sending = { annotations: pending.annotations, owedAgain: false };
      this.#sending.set(key, sending);
      void this.#send(key, pending).finally(() => {
        this.#sending.delete(key);
        if (sending.owedAgain) this.#options.onStale(key);
        if (this.#pending.size > 0) {
          this.#next();
          return;
        }
        this.#isImpatient = false;
        if (this.#sending.size === 0) this.#onIdle?.();
      });
    }
  }

  /** The annotations last: while they are missing, the next plan still owes the Event of the change (see plan/telling). */
  async #send(key: string, { happened, begun, statuses, annotations }: Pending): Promise<void> {
    const unsent = new Set([...happened, ...begun]);
    try {
      for (const status of statuses.values()) await this.#writeStatus(key, status);
      for (const event of unsent) {
        await this.#tell(key, event);
        unsent.delete(event);
      }
      if (annotations !== undefined) await this.#annotate(key, annotations);
    } catch (error) {
      this.#options.log.warn('cannot report', { key, error: messageOf(error) });
      const told = this.#told.get(key);
      for (const state of begun) if (unsent.has(state)) told?.delete(eventName(state));
      const left = happened.filter((event) => unsent.has(event));
      if (left.length > 0) this.#unsent.set(key, left);
      this.#options.onFailed(key);
    }
  }

  /** Where there is no right to write it, all else is told all the same, and the next change tries again. */
  async #writeStatus(key: string, status: StatusUpdate): Promise<void> {
    try {
      if (await writeStatus(this.#options, status)) this.#words.written(status);
      else this.#options.onStale(key);
    } catch (error) {
      if (!(error instanceof ApiError) || !REFUSED.has(error.status)) throw error;
      this.#options.log.warn('status refused', { key, error: messageOf(error) });
    }
  }

  /** An Event that is refused holds up neither the others nor the annotations, and is not tried for ever. */
  async #tell(key: string, event: PlanEvent): Promise<void> {
    try {
      await this.#options.events.tell(event);
    } catch (error) {
      if (!(error instanceof ApiError) || !REFUSED.has(error.status)) throw error;
      this.#options.log.warn('event refused', { key, reason: event.reason, error: messageOf(error) });
    }
  }

  /**
   * With the UID as precondition: the Service may have been replaced by somebody else's under the same name. One that was
   * deleted meanwhile has nothing to be told.
   */
  async #annotate(key: string, { uid, values }: NonNullable<Report['annotations']>): Promise<void> {
    const call: Call = {
      verb: 'patch',
      resource: 'services',
      path: objectPath('services', key),
      contentType: 'application/merge-patch+json',
      body: { metadata: { uid, annotations: values } },
    };
    try {
      this.#options.answers.onObject('services', await this.#options.client.call(call));
    } catch (error) {
      if (!isStatus(error, 404) && !isReplaced(error)) throw error;
    }
  }
}

/** The first of each: the plan that made a change knows more of it than the next one that finds it untold. */
function distinct(events: readonly PlanEvent[]): PlanEvent[] {
  const byName = new Map<string, PlanEvent>();
  for (const event of events) {
    const name = eventName(event);
    if (!byName.has(name)) byName.set(name, event);
  }
  return [...byName.values()].slice(-MAX_UNSENT);
}
