import type { Clock } from '../clock.ts';

/** Resolves after `ms` milliseconds, or as soon as the signal is aborted. */
export async function pause(ms: number, clock: Pick<Clock, 'after'>, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = (): void => {
    resolve(undefined);
  };
  signal.addEventListener('abort', end);
  const cancelTimer = clock.after(ms, end);
  await promise;
  cancelTimer();
  signal.removeEventListener('abort', end);
}
