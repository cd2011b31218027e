import { ApiError, UnreachableError } from '../errors.ts';

/**
 * Why a list or watch was begun again, other than at the end of its time:
 * - silent: nothing came, not even the end, in the time in which a watch must have ended
 * - dropped: the connection was lost
 * - refused: no connection could be made
 * - expired: the API server no longer has the history since the last event (410), so everything is listed again
 * - error: any other error status, or an answer that cannot be understood
 */
export const RESTART_REASONS = ['silent', 'dropped', 'refused', 'expired', 'error'] as const;
export type RestartReason = (typeof RESTART_REASONS)[number];

/** What was being done: a list, the request for a watch, or reading the stream that it opened. */
export type Phase = 'list' | 'watch' | 'stream';

export interface Failure {
  readonly phase: Phase;
  readonly reason: RestartReason;
  readonly error: unknown;
  /** The state up to the last event is no basis for the next watch. */
  readonly needsList: boolean;
  /** This resourceVersion may be what makes the watch fail: where it fails again, everything is listed again. */
  readonly suspect: boolean;
  readonly retryAfterMs: number;
}

/** A proxy may ask for an hour; being blind so long is worse than asking too often. */
const MAX_RETRY_AFTER_MS = 30_000;

export function failureOf(error: unknown, phase: Phase): Failure {
  const reason = reasonOf(error);
  const status = error instanceof ApiError ? error.status : undefined;
  const retryAfterMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  const overloaded = status !== undefined && (status === 429 || status >= 500);
  return {
    phase,
    reason,
    error,
    needsList: reason === 'expired',
    suspect: reason === 'error' && (phase === 'stream' || (phase === 'watch' && !overloaded)),
    retryAfterMs: Math.min(retryAfterMs, MAX_RETRY_AFTER_MS),
  };
}

function reasonOf(error: unknown): RestartReason {
  if (error instanceof UnreachableError) return error.reason === 'timeout' ? 'silent' : error.reason;
  return error instanceof ApiError && error.status === 410 ? 'expired' : 'error';
}
