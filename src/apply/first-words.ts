/** What the first plan says of a switchover, for the ones that follow it before the status is written. */
import type { StatusUpdate } from '../plan/types.ts';

interface Word {
  readonly observedRequestId?: string;
  readonly phase?: string;
  readonly message?: string;
}

/**
 * Only the plan that judges a switchover knows why it failed: the slice remembers no more than that it did. Its own write
 * comes back at once, and the plan of that would have the last word in the status.
 */
export class FirstWords {
  /** UID of the policy → what its status is to say. */
  readonly #words = new Map<string, Word>();

  /** @returns the same status, with the message of the first that told of this outcome */
  keep(update: StatusUpdate): StatusUpdate {
    const word = update.patch['switchover'] as Word | null | undefined;
    if (word?.message === undefined) return update;
    const first = this.#words.get(update.policy.uid);
    if (
      first === undefined ||
      first.phase !== word.phase ||
      first.observedRequestId !== word.observedRequestId
    ) {
      this.#words.set(update.policy.uid, word);
      return update;
    }
    return { ...update, patch: { ...update.patch, switchover: first } };
  }

  /** The status says it now, and the plans to come read it there. */
  written({ policy }: StatusUpdate): void {
    this.#words.delete(policy.uid);
  }
}
