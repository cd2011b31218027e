import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from './errors.ts';

export interface WaitOptions {
  /** Milliseconds until it is given up, 60 s unless told otherwise: a busy machine is slow, not broken. */
  timeoutMs?: number;
  /** Milliseconds between two attempts, 50 unless told otherwise. */
  intervalMs?: number;
}

/**
 * Asks until the answer is neither undefined nor false, and returns it.
 * An error thrown by `probe` ends the wait at once: say "not yet" by returning undefined.
 *
 * @param what completes the sentence "Gave up waiting for ...".
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 60_000, intervalMs = 50 }: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) {
      throw new ClusterError(`Gave up waiting for ${what} after ${String(timeoutMs / 1000)} s.`);
    }
    await sleep(intervalMs);
  }
}
