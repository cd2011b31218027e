/** What the outcome of a plan is called, in log lines and in metrics. */
import type { Applied } from './apply/apply-writes.ts';
import { ApiError, ZenLeadError } from './errors.ts';
import type { LeaderChange, Plan } from './plan/types.ts';

/** https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason, as far as a write can meet them. */
const STATUS_REASONS = [
  'BadRequest',
  'Conflict',
  'Forbidden',
  'InternalError',
  'Invalid',
  'RequestEntityTooLarge',
  'ServerTimeout',
  'ServiceUnavailable',
  'Timeout',
  'TooManyRequests',
  'Unauthorized',
] as const;

/** Label `reason` of zen_lead_reconciliation_errors_total, but for the HTTP status of an answer without a known reason. */
export const ERROR_REASONS: readonly string[] = [
  ...STATUS_REASONS,
  'Unreachable',
  'InvalidAnswer',
  'InvalidKubeconfig',
  'Internal',
];

/**
 * The primary family's slice comes first and says who leads, so from that write on it is so, whatever becomes of the rest:
 * a Service that cannot be repaired must not hide a failover.
 */
export function isPublished({ writes: [first], outlook }: Plan, { kind, written }: Applied): boolean {
  return kind === 'done' || (outlook !== undefined && (written > 0 || first?.kind === 'patchService'));
}

/** Why the leader changed, where the plan has no reason that counts as a failover. */
export function untold({ states }: Plan, from: LeaderChange['from'], to: LeaderChange['to']): string {
  if (to !== undefined) return from === undefined ? 'Elected' : 'Restored';
  return states.some(({ reason }) => reason === 'PortResolutionFailed')
    ? 'PortResolutionFailed'
    : 'Withdrawn';
}

/** A webhook may answer with any reason, and a label of a metric must not: others are told by their HTTP status. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiError)
    return STATUS_REASONS.some((known) => known === error.reason) ? error.reason : `HTTP${error.status}`;
  return error instanceof ZenLeadError ? error.code : 'Internal';
}
