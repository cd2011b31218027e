/** What is ours, what may become ours, and what is somebody else's. Nothing of the last kind is ever written. */
import type { EndpointSlice, OwnerReference, Service } from '../api/objects.ts';
import { LABEL, MANAGED_BY, sliceName } from '../names.ts';
import type { Claim } from './types.ts';

export type Ownership =
  | 'absent'
  /** Labelled, and controlled by a live source Service. */
  | 'ours'
  /** Labelled and selector-less, and its source is gone or was made again: the controller reference is to be written. */
  | 'adoptable'
  | 'foreign';

export function controllerOf(object: { owners: readonly OwnerReference[] }): OwnerReference | undefined {
  return object.owners.find((owner) => owner.controller);
}

export function isLabelledOurs(service: Service): boolean {
  return service.labels[LABEL.managedBy] === MANAGED_BY && service.labels[LABEL.sourceService] !== undefined;
}

/** @param owner the live Service that `actual` names as its controller, by UID */
export function ownershipOf(actual: Service | undefined, owner: Service | undefined): Ownership {
  if (actual === undefined) return 'absent';
  if (!isLabelledOurs(actual)) return 'foreign';
  const controller = controllerOf(actual);
  if (controller === undefined) return actual.selector === undefined ? 'adoptable' : 'foreign';
  if (controller.kind !== 'Service' || controller.apiVersion !== 'v1') return 'foreign';
  if (owner !== undefined) return 'ours';
  // A source that was deleted and made again has a new UID; the garbage collector may not have been here yet.
  return controller.name === actual.labels[LABEL.sourceService] ? 'adoptable' : 'foreign';
}

/** Who gets the name: the present owner, else the older Service, else by name. */
export function electClaim(claims: readonly Claim[], owner: Service | undefined): Claim | undefined {
  const present = claims.find((claim) => claim.request.source.uid === owner?.uid);
  if (present !== undefined) return present;
  const sorted = [...claims].sort(
    (a, b) =>
      Number(isStandIn(a)) - Number(isStandIn(b)) ||
      a.request.source.createdAt - b.request.source.createdAt ||
      (a.request.source.name < b.request.source.name ? -1 : 1),
  );
  return sorted[0];
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
