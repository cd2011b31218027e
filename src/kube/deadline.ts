import type { Clock } from '../clock.ts';

/**
 * Aborts one request when the caller's signal does or when its time is up. `end` must be called when the request is
 * over: the caller's signal may live as long as the process.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal | undefined;
  readonly #cancelTimer: (() => void) | undefined;
  #expired = false;

  constructor(ms: number | undefined, parent: AbortSignal | undefined, clock: Pick<Clock, 'after'>) {
    this.#parent = parent;
    if (parent?.aborted === true) this.#controller.abort(parent.reason);
    parent?.addEventListener('abort', this.#followParent);
    if (ms !== undefined) {
      this.#cancelTimer = clock.after(ms, () => {
        this.#expired = true;
        this.#controller.abort();
      });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The time ran out before the request was over. */
  get expired(): boolean {
    return this.#expired;
  }

  end(): void {
    this.#cancelTimer?.();
    this.#parent?.removeEventListener('abort', this.#followParent);
  }

  readonly #followParent = (): void => {
    this.#controller.abort(this.#parent?.reason);
  };
}
