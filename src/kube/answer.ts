import { STATUS_CODES } from 'node:http';
import { ApiError, ZenLeadError } from '../errors.ts';
import { describeCall } from './target.ts';
import type { Described } from './target.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The parts of a Status object that are read; a proxy in between may answer anything else. */
interface StatusBody {
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly details?: { readonly retryAfterSeconds?: unknown; readonly causes?: unknown } | null;
}

/** The words of Kubernetes' authorizers: User "jane" cannot list resource "pods" in API group "" ... */
const LACKS_RIGHT = /\bcannot \w+ resource\b/;

/** Enough of a proxy's page to recognise it in a log line. */
const MAX_FOREIGN_BODY = 200;

export function parseBody(call: Described, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ZenLeadError('InvalidAnswer', `cannot ${describeCall(call)}: the answer is not JSON`, {
      cause,
    });
  }
}

/** The error that an answer with a status other than 2xx stands for. `nowMs` is wall clock time. */
export function errorOfAnswer(call: Described, answer: Answer, nowMs: number): ApiError {
  const body = statusBody(answer.text);
  const reason = text(body.reason) ?? (STATUS_CODES[answer.status] ?? 'Unknown').replaceAll(' ', '');
  const detail = text(body.message) ?? oneLine(answer.text);
  const retryAfterMs = retryAfter(answer, body, nowMs);
  const causes = causesOf(body);
  const said = `${reason}${detail === '' ? '' : `: ${detail}`}`;
  // Admission answers 403 too: a quota that is used up, a namespace that is being deleted. No right helps there.
  const explained =
    answer.status === 403 && LACKS_RIGHT.test(detail)
      ? `grant the verb "${call.verb}" on "${call.resource}" in a Role or ClusterRole (403 ${said})`
      : `${answer.status} ${said}`;
  return new ApiError({
    status: answer.status,
    reason,
    message: `cannot ${describeCall(call)}: ${explained}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    causes,
  });
}

function statusBody(body: string): StatusBody {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function causesOf(body: StatusBody): string[] {
  const causes = body.details?.causes;
  if (!Array.isArray(causes)) return [];
  return causes.flatMap((cause: { reason?: unknown } | null) => text(cause?.reason) ?? []);
}

function retryAfter(answer: Answer, body: StatusBody, nowMs: number): number | undefined {
  const header = answer.headers['retry-after'];
  const fromHeader = typeof header === 'string' ? parseRetryAfter(header, nowMs) : undefined;
  if (fromHeader !== undefined) return fromHeader;
  const seconds = body.details?.retryAfterSeconds;
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined;
}

/** Retry-After in milliseconds: seconds, or an HTTP date (RFC 9110, 10.2.3). */
export function parseRetryAfter(value: string, nowMs: number): number | undefined {
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function oneLine(body: string): string {
  return body.slice(0, MAX_FOREIGN_BODY).replaceAll(/\s+/g, ' ').trim();
}
