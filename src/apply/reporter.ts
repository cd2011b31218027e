/**
 * Tells users what happened: the status of policies, Events and the leader Service's annotations. Off the hot path: one call at a time, when
 * there is time for it (see Pace), and the reports of one leader Service that wait are merged into one.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../logger.ts';
import { ApiError, isReplaced, isStatus, messageOf } from '../errors.ts';
import type { Call, KubeClient } from '../kube/client.ts';
import type { PlanEvent, StatusUpdate } from '../plan/types.ts';
import type { Answers } from './apply-writes.ts';
import { eventName, type EventSink } from './event-sink.ts';
import { FirstWords } from './first-words.ts';
import { Pace, type PaceOptions, type Waiting } from './pace.ts';
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

export interface ReporterOptions extends PaceOptions {
  readonly client: Pick<KubeClient, 'call'>;
  readonly events: Pick<EventSink, 'tell'>;
  readonly answers: Pick<Answers, 'onObject' | 'versionOf'>;
  readonly log: Logger;
  /** A report failed: the key is to be planned again, which makes the report again. */
  readonly onFailed: (key: string) => void;
  /** What was to be reported is no longer about the newest state: the key is to be planned again now. */
  readonly onStale: (key: string) => void;
}

interface Sending {
  readonly key: string;
  readonly annotations: Report['annotations'];
  /** A plan that was made meanwhile, perhaps in view of our own status, still owed the same ones. */
  owedAgain: boolean;
}

interface Pending {
  /** Monotonic milliseconds: when the first of what is merged here came in. */
  readonly since: number;
  happened: readonly PlanEvent[];
  /** States that have begun. */
  begun: PlanEvent[];
  /** The newest of each policy, by its UID. */
  statuses: Map<string, StatusUpdate>;
  annotations?: Report['annotations'];
}

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
  readonly #pace: Pace;
  /** The one report that is being sent; the next one waits, so that the last word of a key stays the last. */
  #sending: Sending | undefined;
  /** Sends all that waits. */
  #round: Promise<void> | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#pace = new Pace(options);
  }

  submit(key: string, { happened, states, statuses, annotations: owed }: Report): void {
    if (happened.length > 0) this.#pace.changed();
    const annotations = this.#withoutThoseUnderWay(key, owed);
    const begun = states === undefined ? [] : this.#begun(key, states);
    const unsent = this.#unsent.get(key) ?? [];
    this.#unsent.delete(key);
    const told = begun.length + happened.length + unsent.length + statuses.length;
    if (told === 0 && annotations === undefined) return;
    const pending: Pending = this.#pending.get(key) ?? this.#nothing();
    pending.happened = distinct([...unsent, ...pending.happened, ...happened]);
    pending.begun.push(...begun);
    for (const status of statuses) pending.statuses.set(status.policy.uid, this.#words.keep(status));
    if (annotations !== undefined) pending.annotations = annotations;
    this.#pending.set(key, pending);
    this.#round ??= this.#sendAll();
  }

  /** The key is nobody's any more. */
  forget(key: string): void {
    this.#told.delete(key);
  }

  /** Sends what waits, now; resolves when all is sent. For the end of the process: what comes later does not wait either. */
  async flush(): Promise<void> {
    this.#pace.hurry();
    await this.#round;
  }

  #nothing(): Pending {
    return { since: this.#pace.now(), happened: [], begun: [], statuses: new Map() };
  }

  #withoutThoseUnderWay(key: string, owed: Report['annotations']): Report['annotations'] {
    const sending = this.#sending;
    if (owed === undefined || sending?.key !== key || this.#pending.get(key)?.annotations !== undefined)
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

  async #sendAll(): Promise<void> {
    while (this.#pending.size > 0) {
      const next = this.#next();
      if (next === undefined) {
        await this.#pace.pause();
        continue;
      }
      const [key, pending] = next;
      this.#pending.delete(key);
      const sending = { key, annotations: pending.annotations, owedAgain: false };
      this.#sending = sending;
      await this.#pace.spend(() => this.#send(key, pending));
      this.#sending = undefined;
      if (sending.owedAgain) this.#options.onStale(key);
    }
    this.#round = undefined;
  }

  /** The oldest of those that may go out now. */
  #next(): [string, Pending] | undefined {
    for (const entry of this.#pending) if (this.#pace.mayGo(waiting(entry[1]))) return entry;
    return undefined;
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
      // Beside what the report before has left: this one may have been submitted while that one was under way.
      const unsentBefore = this.#unsent.get(key) ?? [];
      if (left.length > 0) this.#unsent.set(key, distinct([...unsentBefore, ...left]));
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

function waiting({ since, happened }: Pending): Waiting {
  return { since, isChange: happened.length > 0 };
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
