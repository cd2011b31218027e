import { isStatus, messageOf } from '../errors.ts';
import type { LogFields, Logger } from '../logger.ts';
import type { Failure } from './failure.ts';

/** Constant, not a back-off: what is installed is to be used within 30 s. */
export const ABSENT_MS = 10_000;
const ABSENT_TEXT = `every ${ABSENT_MS / 1000} s`;
/** Taken away while it was in use, or an API server that has not found its custom resources yet: one look tells. */
const SURE_MS = 5_000;
const REWATCH_MS = 1_000;

export interface AbsenceOptions {
  readonly log: Logger;
  readonly fields: LogFields;
  /** There is no such resource (told again at each look): what was known of it is gone. */
  readonly onAbsent: () => void;
  /** `known` has become true. */
  readonly onKnown: () => void;
}

/**
 * Judges the lists of an optional resource, whose CustomResourceDefinition comes and goes. An answer 404 is believed when it
 * is given twice in a row: an API server that has just started may give it for a resource that is there. One 403 before
 * there was any list means that the operator was not given the right, and does without; later it is a failure as any other.
 */
export class Absence {
  readonly #options: AbsenceOptions;
  /** The store holds what a list brought. */
  #listed = false;
  /** Answers 404 in a row. */
  #missing = 0;
  #known = false;
  #doubted = false;
  #told: 'absent' | 'forbidden' | undefined;

  constructor(options: AbsenceOptions) {
    this.#options = options;
  }

  /** All of its objects are in the store, also when that is none because there is no such resource. */
  get known(): boolean {
    return this.#known;
  }

  /** No list is in the store, and nothing waits for one. */
  get away(): boolean {
    return !this.#listed;
  }

  /** Something hints at an object that is not in the store: until the next list, its absence means nothing. */
  doubt(): void {
    this.#doubted = true;
    this.#missing = 0;
    this.#setKnown(false);
  }

  /** A list is in the store. */
  listed(): void {
    const { log, fields } = this.#options;
    if (this.#told !== undefined) log.info('the optional resource is there and is used from now on', fields);
    this.#told = undefined;
    this.#listed = true;
    this.#doubted = false;
    this.#missing = 0;
    this.#setKnown(true);
  }

  /** Milliseconds until the next list, where a failure means that the resource is away; undefined: it means something else. */
  pauseAfter({ phase, error }: Failure): number | undefined {
    if (isStatus(error, 404)) return phase === 'list' ? this.#notFound() : REWATCH_MS;
    if (isStatus(error, 403) && phase === 'list' && !this.#listed) return this.#forbidden(error);
    return undefined;
  }

  #notFound(): number {
    this.#missing += 1;
    if (this.#missing === 1 && (this.#listed || this.#doubted)) return SURE_MS;
    this.#tell(
      'absent',
      'info',
      `the optional resource is not installed: annotation mode only, looked for ${ABSENT_TEXT}`,
    );
    this.#listed = false;
    this.#doubted = false;
    if (this.#missing > 1) {
      this.#options.onAbsent();
      this.#setKnown(true);
    }
    return ABSENT_MS;
  }

  #forbidden(error: unknown): number {
    this.#missing = 0;
    this.#setKnown(false);
    const message = `the optional resource may not be listed: annotation mode only, asked again ${ABSENT_TEXT}`;
    this.#tell('forbidden', 'warn', message, { verb: 'list', error: messageOf(error) });
    return ABSENT_MS;
  }

  /** Once for as long as it lasts. */
  #tell(state: 'absent' | 'forbidden', level: 'info' | 'warn', message: string, more: LogFields = {}): void {
    if (this.#told === state) return;
    this.#told = state;
    this.#options.log[level](message, { ...this.#options.fields, ...more });
  }

  #setKnown(known: boolean): void {
    if (this.#known === known) return;
    this.#known = known;
    if (known) this.#options.onKnown();
  }
}
