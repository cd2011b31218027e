/**
 * Tells users what happened: Events and the leader Service's annotations. Off the hot path: reports wait until no write
 * of a slice is under way, and those of one leader Service that wait are merged into one.
 */
import type { Logger } from '../logger.ts';
import { isStatus, messageOf } from '../errors.ts';
import type { Call, KubeClient } from '../kube/client.ts';
import type { Clock } from '../clock.ts';
import type { PlanEvent } from '../plan/types.ts';
import type { Answers } from './apply-writes.ts';
import { eventName, type EventSink } from './event-sink.ts';
import { objectPath } from './resources.ts';

export interface Report {
  readonly happened: readonly PlanEvent[];
  /** All states that last now; those not among them have ended. */
  readonly states: readonly PlanEvent[];
  /** For the leader Service with this UID; null removes. */
  readonly annotations?: { readonly uid: string; readonly values: Readonly<Record<string, string | null>> };
}

export interface ReporterOptions {
  readonly client: Pick<KubeClient, 'call'>;
  readonly events: Pick<EventSink, 'tell'>;
  readonly answers: Pick<Answers, 'onObject'>;
  readonly log: Logger;
  readonly clock: Pick<Clock, 'after'>;
  /** Slices are being written: reports would be in the way. */
  readonly isBusy: () => boolean;
  /** A report failed: the key is to be planned again, which makes the report again. */
  readonly onFailed: (key: string) => void;
}

interface Pending {
  events: PlanEvent[];
  annotations?: Report['annotations'];
}

const COALESCE_MS = 20;
/** Under a steady stream of failovers reports go out all the same. */
const MAX_DEFERRALS = 25;
const CONCURRENCY = 2;

export class Reporter {
  readonly #options: ReporterOptions;
  readonly #pending = new Map<string, Pending>();
  /** Key → names of the Events of the states that have been told and last. */
  readonly #told = new Map<string, Set<string>>();
  #active = 0;
  #deferrals = 0;
  #timer: (() => void) | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  submit(key: string, report: Report): void {
    const begun = this.#begun(key, report.states);
    if (begun.length === 0 && report.happened.length === 0 && report.annotations === undefined) return;
    const pending = this.#pending.get(key) ?? { events: [] };
    pending.events.push(...report.happened, ...begun);
    if (report.annotations !== undefined) pending.annotations = report.annotations;
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
    if (this.#active > 0) await idle;
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
      this.#pump();
    });
  }

  #pump(): void {
    for (const [key, pending] of this.#pending) {
      if (this.#active >= CONCURRENCY) return;
      this.#pending.delete(key);
      this.#active += 1;
      void this.#send(key, pending).finally(() => {
        this.#active -= 1;
        if (this.#pending.size > 0) this.#pump();
        else if (this.#active === 0) this.#onIdle?.();
      });
    }
  }

  /** The annotations last: while they are missing, the next plan still owes the Event of the change (see plan/telling). */
  async #send(key: string, { events, annotations }: Pending): Promise<void> {
    try {
      for (const event of events) await this.#options.events.tell(event);
      if (annotations !== undefined) await this.#annotate(key, annotations);
    } catch (error) {
      this.#options.log.warn('cannot report', { key, error: messageOf(error) });
      this.#told.delete(key);
      this.#options.onFailed(key);
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
      if (!isStatus(error, 404)) throw error;
    }
  }
}
