/** May this pod lead? A chain of checks; the first that fails names its reason. */
import { selects } from '../api/labels.ts';
import type { Pod, StringMap } from '../api/objects.ts';
import type { IneligibleReason } from '../api/reasons.ts';
import type { AddressType } from '../names.ts';
import type { Request } from './request.ts';

export interface Criteria {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Primary address family of the leader Service. */
  readonly family: AddressType;
  readonly minReadyMs: number;
  readonly exclude?: StringMap;
  /** FollowLabel: what the claimant carries. */
  readonly followLabel?: StringMap;
}

export interface Refusal {
  readonly reason: IneligibleReason;
  readonly note: string;
  /** Milliseconds until the check passes by time alone. */
  readonly inMs?: number;
}

export function criteriaOf(
  { minReadyMs, exclude, followLabel }: Pick<Request, 'minReadyMs' | 'exclude' | 'followLabel'>,
  now: number,
  family: AddressType,
): Criteria {
  return {
    now,
    family,
    minReadyMs,
    ...(exclude === undefined ? {} : { exclude }),
    ...(followLabel === undefined ? {} : { followLabel }),
  };
}

type Check = (pod: Pod, criteria: Criteria) => Refusal | undefined;

const CHECKS: readonly Check[] = [
  terminating,
  finished,
  excluded,
  notReady,
  notClaimant,
  noAddress,
  readyTooShort,
];

/** @returns why the pod may not lead, or undefined if it may. */
export function refusal(pod: Pod, criteria: Criteria): Refusal | undefined {
  for (const check of CHECKS) {
    const refused = check(pod, criteria);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Epoch milliseconds since when the pod is Ready (or NotReady); a clock ahead of ours counts as now. */
export function readySince(pod: Pod, now: number): number {
  return Math.min(pod.readyChangedAt ?? now, now);
}

/** The pod's address of one family, if it may be published: status.podIPs is the only source. */
export function addressOf(pod: Pod, family: AddressType): string | undefined {
  const address = reportedAddress(pod, family);
  return address === undefined || isRefused(address) ? undefined : address;
}

function reportedAddress({ ips }: Pod, family: AddressType): string | undefined {
  return ips.find((ip) => (ip.includes(':') ? 'IPv6' : 'IPv4') === family);
}

function terminating(pod: Pod): Refusal | undefined {
  return pod.deleting ? { reason: 'Terminating', note: 'is being deleted' } : undefined;
}

function finished(pod: Pod): Refusal | undefined {
  if (pod.phase !== 'Succeeded' && pod.phase !== 'Failed') return undefined;
  return { reason: 'NotRunning', note: `is in phase ${pod.phase}` };
}

function excluded(pod: Pod, { exclude }: Criteria): Refusal | undefined {
  if (exclude === undefined || !selects(exclude, pod.labels)) return undefined;
  return { reason: 'Excluded', note: `is excluded by ${labelsText(exclude)}` };
}

function notReady(pod: Pod): Refusal | undefined {
  return pod.ready ? undefined : { reason: 'NotReady', note: 'is not Ready' };
}

function notClaimant(pod: Pod, { followLabel }: Criteria): Refusal | undefined {
  if (followLabel === undefined || selects(followLabel, pod.labels)) return undefined;
  return { reason: 'NotClaimant', note: `does not carry ${labelsText(followLabel)}` };
}

function noAddress(pod: Pod, { family }: Criteria): Refusal | undefined {
  const address = reportedAddress(pod, family);
  if (address === undefined) return { reason: 'NoAddress', note: `has no ${family} address` };
  if (!isRefused(address)) return undefined;
  return {
    reason: 'AddressRefused',
    note: `has address ${address}, which is loopback, link-local, multicast or unspecified`,
  };
}

function readyTooShort(pod: Pod, { now, minReadyMs }: Criteria): Refusal | undefined {
  const inMs = readySince(pod, now) + minReadyMs - now;
  if (inMs <= 0) return undefined;
  return { reason: 'MinReadyNotReached', note: `has been Ready for less than ${minReadyMs / 1000} s`, inMs };
}

export function labelsText(labels: StringMap): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** As the API server's validation of endpoint addresses (ValidateEndpointIP), so that a slice is never refused. */
const REFUSED_V4 = /^(127\.|169\.254\.|0\.0\.0\.0$|22[4-9]\.|23\d\.)/;
const REFUSED_V6 = /^(::1?$|fe[89ab][0-9a-f]:|ff[0-9a-f]{2}:|::ffff:)/i;

function isRefused(address: string): boolean {
  return (address.includes(':') ? REFUSED_V6 : REFUSED_V4).test(address);
}
