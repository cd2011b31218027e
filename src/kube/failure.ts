import { errors } from 'undici';
import { UnreachableError, ZenLeadError } from '../errors.ts';
import { describeCall } from './target.ts';
import type { Described } from './target.ts';

/** Codes of a connection that was made and then lost; with any other none was made. */
const LOST = new Set([
  'UND_ERR_SOCKET',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** What undici threw, as an error of ours that names the server and the call. */
export function transportError(call: Described, server: string, cause: unknown): ZenLeadError {
  if (cause instanceof ZenLeadError) return cause;
  const code = codeOf(cause);
  const lost = LOST.has(code ?? '') || cause instanceof errors.HTTPParserError;
  const what = lost ? 'lost the connection to' : 'cannot reach';
  const message = `cannot ${describeCall(call)}: ${what} the API server ${server}${code === undefined ? '' : ` (${code})`}`;
  return new UnreachableError(lost ? 'dropped' : 'refused', message, { cause });
}

export function timeoutError(call: Described, server: string, ms: number): UnreachableError {
  return new UnreachableError(
    'timeout',
    `cannot ${describeCall(call)}: no answer from the API server ${server} in ${ms} ms`,
  );
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
