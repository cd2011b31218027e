/** What is ours, what may become ours, and what is somebody else's. Nothing of the last kind is ever written. */
import type { EndpointSlice, OwnerReference, Service } from '../api/objects.ts';
import { GROUP, LABEL, MANAGED_BY, POLICY_KIND, sliceName } from '../names.ts';
import { byName } from './order.ts';
import type { Requester } from './request.ts';
import type { Claim } from './types.ts';

export type Ownership =
  | 'absent'
  /** Labelled, and controlled by a live source Service or LeaderPolicy. */
  | 'ours'
  /** Labelled and selector-less, and its owner is gone or was made again: the controller reference is to be written. */
  | 'adoptable'
  | 'foreign';

export function controllerOf(object: { owners: readonly OwnerReference[] }): OwnerReference | undefined {
  return object.owners.find((owner) => owner.controller);
}

export function isLabelledOurs(service: Service): boolean {
  return service.labels[LABEL.managedBy] === MANAGED_BY && service.labels[LABEL.sourceService] !== undefined;
}

/** Made for a policy, and it cannot be told now whether that still exists: it may be anything but gone. */
export function isUndecided(actual: Service, owner: Requester | undefined, policiesKnown: boolean): boolean {
  const controller = controllerOf(actual);
  const isPolicys = controller !== undefined && isPolicyReference(controller);
  return isPolicys && owner === undefined && !policiesKnown && isLabelledOurs(actual);
}

/** Of any version of the API: what an older or a newer operator made. */
export function isPolicyReference({ apiVersion, kind }: OwnerReference): boolean {
  return kind === POLICY_KIND && apiVersion.startsWith(`${GROUP}/`);
}

export function isServiceReference({ apiVersion, kind }: OwnerReference): boolean {
  return kind === 'Service' && apiVersion === 'v1';
}

/**
 * @param owner the live object that `actual` names as its controller, by UID
 * @param policiesKnown a policy that is not known does not exist
 */
export function ownershipOf(
  actual: Service | undefined,
  owner: Requester | undefined,
  policiesKnown: boolean,
): Ownership {
  if (actual === undefined) return 'absent';
  if (!isLabelledOurs(actual)) return 'foreign';
  const controller = controllerOf(actual);
  if (controller === undefined) return actual.selector === undefined ? 'adoptable' : 'foreign';
  if (isPolicyReference(controller)) {
    if (owner !== undefined) return 'ours';
    return policiesKnown ? 'adoptable' : 'foreign';
  }
  if (!isServiceReference(controller)) return 'foreign';
  if (owner !== undefined) return 'ours';
  // A source that was deleted and made again has a new UID; the garbage collector may not have been here yet.
  return controller.name === actual.labels[LABEL.sourceService] ? 'adoptable' : 'foreign';
}

/**
 * Who gets the name: a policy before the annotations of the Service that it names, then the present owner, else the older
 * one, else by name.
 */
export function electClaim(claims: readonly Claim[], owner: Requester | undefined): Claim | undefined {
  const heard = claims.filter((claim) => overruling(claim, claims) === undefined);
  const present = heard.find(({ request }) => request.requester.uid === owner?.uid);
  if (present !== undefined) return present;
  return heard.toSorted(bySeniority)[0];
}

/** The older one first, then by name. One that only stands in for a name that is not possible comes last. */
export function bySeniority(a: Claim, b: Claim): number {
  const [left, right] = [a.request.requester, b.request.requester];
  return (
    Number(isStandIn(a)) - Number(isStandIn(b)) ||
    left.createdAt - right.createdAt ||
    byName(left, right) ||
    (left.kind < right.kind ? -1 : 1)
  );
}

/** The first policy that asks for the same leader Service of the same source, for which annotations are ignored. */
export function overruling({ request }: Claim, claims: readonly Claim[]): Claim | undefined {
  if (request.policy !== undefined) return undefined;
  return claims.find(
    (other) =>
      other.request.policy !== undefined &&
      !isStandIn(other) &&
      other.request.sourceName === request.sourceName,
  );
}

/** It asks for a name that is not possible, and is here only so that this is told. */
export function isStandIn({ request }: Claim): boolean {
  return request.leaderServiceName === undefined;
}

/**
 * By name, label and owner name; the owner's UID may be a dead one. An orphaning delete of the leader Service leaves slices
 * without any owner: they still feed the name, so nobody else could ever take the stale endpoint out.
 */
export function isOurSlice(slice: EndpointSlice, leaderService: string): boolean {
  return (
    (slice.name === sliceName(leaderService, 'IPv4') || slice.name === sliceName(leaderService, 'IPv6')) &&
    slice.labels[LABEL.sliceManagedBy] === MANAGED_BY &&
    (slice.owners.some((owner) => owner.kind === 'Service' && owner.name === leaderService) ||
      (slice.owners.length === 0 && slice.labels[LABEL.serviceName] === leaderService))
  );
}
