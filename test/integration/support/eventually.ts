import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds until it is given up; 5 s unless told otherwise. */
  timeout?: number;
  /** Milliseconds between two attempts. */
  interval?: number;
  /** Completes the sentence "Gave up waiting for ...". */
  describe?: string;
}

/**
 * Tries until `attempt` no longer throws, and returns what it returned. Assertions say "not yet" by failing: the last
 * failure is told when it is given up.
 */
export async function eventually<T>(
  attempt: () => Promise<T> | T,
  options: EventuallyOptions = {},
): Promise<T> {
  const { timeout = 5_000, interval = 25, describe = 'it to become true' } = options;
  const deadline = performance.now() + timeout;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) {
        const last = error instanceof Error ? error.message : String(error);
        throw new Error(`Gave up waiting for ${describe} after ${timeout / 1000} s; at last: ${last}`, {
          cause: error,
        });
      }
    }
    await sleep(interval);
  }
}

/**
 * Asserts again and again for so many milliseconds: for what must not happen. Cheap against luck: as short as the thing
 * that could happen is fast.
 */
export async function throughout(milliseconds: number, assertion: () => Promise<void> | void): Promise<void> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    await assertion();
    if (performance.now() > deadline) return;
    await sleep(50);
  }
}
