import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../clock.ts';

export interface PaceOptions {
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/**
 * Calls `fire` at a fixed rate until the signal, whatever the calls take: turns are counted from the start, so that a
 * late timer delays one of them and not all that follow. Turns that are missed by more than an interval are left out, because a
 * burst would measure something else. @returns how many those were
 */
export async function pace(fire: () => void, { intervalMs, signal }: PaceOptions): Promise<number> {
  let skipped = 0;
  let due = monotonicMs();
  while (!signal.aborted) {
    fire();
    due += intervalMs;
    const late = Math.max(0, Math.floor((monotonicMs() - due) / intervalMs));
    skipped += late;
    due += late * intervalMs;
    await sleep(Math.max(0, due - monotonicMs()), undefined, { signal }).catch(() => undefined);
  }
  return skipped;
}
