/**
 * Errors with a code, a word on whether a retry can help, and the cause.
 */
export type ErrorCode =
  | 'ApiError' // the API server answered with an error status
  | 'Unreachable' // no answer: connection refused, reset, timed out
  | 'InvalidAnswer' // an answer that cannot be understood
  | 'InvalidSettings' // a flag or environment variable
  | 'InvalidKubeconfig';

export class ZenLeadError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ZenLeadError';
    this.code = code;
  }
}

/** A Status answer of the API server (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). */
export class ApiError extends ZenLeadError {
  /** HTTP status. */
  readonly status: number;
  /** Status.reason: Conflict, AlreadyExists, Forbidden, Expired ... */
  readonly reason: string;
  /** Retry-After in milliseconds, where the server sent it. */
  readonly retryAfterMs?: number;
  /** Reasons of Status.details.causes, for instance NamespaceTerminating. */
  readonly causes: readonly string[];

  constructor(fields: {
    status: number;
    reason: string;
    message: string;
    retryAfterMs?: number;
    causes?: readonly string[];
  }) {
    super('ApiError', fields.message);
    this.name = 'ApiError';
    this.status = fields.status;
    this.reason = fields.reason;
    this.causes = fields.causes ?? [];
    if (fields.retryAfterMs !== undefined) this.retryAfterMs = fields.retryAfterMs;
  }
}

/**
 * Why there was no answer: no connection could be made, it was lost, or the time allowed ran out. After `dropped` and
 * `timeout` it is unknown whether a write was done.
 */
export type UnreachableReason = 'refused' | 'dropped' | 'timeout';

/** No answer from the API server. A retry can help. */
export class UnreachableError extends ZenLeadError {
  readonly reason: UnreachableReason;

  constructor(reason: UnreachableReason, message: string, options?: { cause?: unknown }) {
    super('Unreachable', message, options);
    this.name = 'UnreachableError';
    this.reason = reason;
  }
}

/** Message of anything that was thrown, with its causes, on one line. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message === '' ? error.name : error.message;
  return error.cause === undefined ? own : `${own}: ${messageOf(error.cause)}`;
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

/** A patch with a UID in it met another object of that name: the one that was meant is gone. */
export function isReplaced(error: unknown): boolean {
  return isStatus(error, 422) && messageOf(error).includes('metadata.uid');
}
