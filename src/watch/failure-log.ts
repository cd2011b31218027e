import { ApiError, messageOf } from '../errors.ts';
import type { LogFields, Logger } from '../logger.ts';
import type { Failure } from './failure.ts';

/** Tells each kind of failure once until all is well again, and then that it is. */
export class FailureLog {
  readonly #log: Logger;
  readonly #fields: LogFields;
  readonly #told = new Set<string>();
  #skippedObjects = false;

  constructor(log: Logger, fields: LogFields) {
    this.#log = log;
    this.#fields = fields;
  }

  /** `first`: the first failure for its reason since all was well. */
  failed(failure: Failure, first: boolean): void {
    const { phase, reason, error } = failure;
    const status = error instanceof ApiError ? error.status : undefined;
    const kind = `${phase} ${reason} ${status ?? ''}`;
    const fields = {
      ...this.#fields,
      verb: phase === 'list' ? 'list' : 'watch',
      reason: error instanceof ApiError ? error.reason : reason,
      ...(status !== undefined && { status }),
      error: messageOf(error),
    };
    // Everyday life: API servers restart, load balancers drop connections, history is compacted.
    const harmless = first && (reason === 'dropped' || reason === 'expired');
    if (harmless || this.#told.has(kind)) {
      this.#log.debug('list or watch failed, the last known state is kept', fields);
      return;
    }
    this.#told.add(kind);
    this.#log.warn('list or watch failed, the last known state is kept', fields);
  }

  recovered(): void {
    if (this.#told.size === 0) return;
    this.#told.clear();
    this.#log.info('list and watch work again', this.#fields);
  }

  skipped(error: unknown): void {
    const fields = { ...this.#fields, error: messageOf(error) };
    if (this.#skippedObjects) this.#log.debug('an object cannot be understood and is skipped', fields);
    else this.#log.warn('an object cannot be understood and is skipped', fields);
    this.#skippedObjects = true;
  }
}
