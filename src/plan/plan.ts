/**
 * plan(input): what has to be written and told so that the cluster is as the claims ask. Pure: the clock, the caches
 * and the memory are in the input; the same input gives the same plan. A plan of a quiet cluster is empty.
 */
import type { EndpointSlice, Pod, Service } from '../api/objects.ts';
import { LABEL, SLICE_ANNOTATION, type AddressType } from '../names.ts';
import type { Wanted } from './leader-service-metadata.ts';
import { microTime, NOTHING, recall } from './memory.ts';
import {
  controllerOf,
  electClaim,
  isOurSlice,
  isPolicyReference,
  isStandIn,
  isUndecided,
  ownershipOf,
} from './ownership.ts';
import { leaderServiceBody, leaderServicePatch, mustBeRemade } from './leader-service.ts';
import {
  audience,
  happening,
  lostClaims,
  problemEvents,
  referenceTo,
  takenName,
  undecidedName,
} from './notes.ts';
import { planPublication } from './publication.ts';
import { sliceBody } from './endpoint-slice.ts';
import { serviceRequester } from './annotation-request.ts';
import { withoutService } from './standings.ts';
import { keepFrozen } from './undecided.ts';
import type { Claim, Input, Memory, Plan, PlanEvent, Write } from './types.ts';

export function plan(input: Input): Plan {
  const { actual, owner, claims } = input;
  const ownership = ownershipOf(actual, owner, input.policiesKnown);
  const isUnreadable = actual !== undefined && isUndecided(actual, owner, input.policiesKnown);
  const claim = electClaim(claims, ownership === 'ours' ? owner : undefined);
  const ours = slicesOf(input, claim);
  const memory = recall(ours, input.remembered, actual, claim?.request.policy?.status);

  // Its leader stays: that policies cannot be read is no loss of a leader.
  if (isUnreadable)
    return { ...leftAlone(input, memory, undecidedName(input)), ...keepFrozen(input, actual, memory) };
  if (claim === undefined) return release(input, memory);
  if (ownership === 'foreign') {
    return { ...leftAlone(input, memory, takenName(input)), writes: emptyAll(input) };
  }
  if (actual !== undefined && !mayHave(input, claim, actual)) {
    // The name is wanted for another source. Where that has the same pods, their leader stays.
    const isSame = isOneOf(claim.pods, memory);
    if (ownership === 'ours' || !isSame) return remove(input, actual, isSame ? memory : NOTHING);
  }
  const states = lostClaims(input, claim);
  const losers = claims.filter((other) => other !== claim);
  const lost = { states, ...withoutService(losers, input, states) };
  return actual === undefined
    ? create(input, claim, memory, lost)
    : maintain(input, claim, actual, memory, lost);
}

/** What a leader Service of another source has left is here until it is collected. It counts only where it tells of one of the claim's pods. */
function slicesOf({ slices, name, actual }: Input, claim: Claim | undefined): readonly EndpointSlice[] {
  const ours = slices.filter((slice) => isOurSlice(slice, name));
  if (claim === undefined) return ours;
  const { request, pods } = claim;
  return ours.filter(
    (slice) =>
      slice.labels[LABEL.sourceService] === request.sourceName ||
      slice.owners.some(({ uid }) => uid === actual?.uid) ||
      isOneOf(pods, recall([slice], undefined, undefined)),
  );
}

function isOneOf(pods: readonly Pod[], { podUID }: Memory): boolean {
  return pods.some(({ uid }) => uid === podUID);
}

function leftAlone(input: Input, memory: Memory, states: readonly PlanEvent[]): Plan {
  return { ...quiet(memory), states, ...withoutService(input.claims, input, states) };
}

/** What those are told who did not get the name. */
type Lost = Pick<Plan, 'states' | 'statuses' | 'againAfterMs'>;

function quiet(memory: Memory): Plan {
  return { writes: [], again: false, memory, happened: [], states: [], statuses: [] };
}

/** Its owner, or who takes over from it: the same pods under another request keep their address. */
function mayHave({ owner }: Input, { request }: Claim, actual: Service): boolean {
  return owner?.uid === request.requester.uid || actual.labels[LABEL.sourceService] === request.sourceName;
}

/** Nobody wants the name. What we made under it goes; what an orphaning delete left is emptied. */
function release(input: Input, memory: Memory): Plan {
  const { actual, owner, policiesKnown } = input;
  if (actual === undefined) return quiet(memory);
  const ownership = ownershipOf(actual, owner, policiesKnown);
  if (ownership === 'ours') return remove(input, actual, memory);
  const controller = controllerOf(actual);
  const isOfGonePolicy = controller !== undefined && isPolicyReference(controller);
  // The garbage collector cannot look up a policy any more when the CRD is gone. A reference that an orphaning delete has
  // taken away meanwhile changes the resourceVersion.
  if (ownership === 'adoptable' && isOfGonePolicy) {
    const { name, uid, resourceVersion, deleting } = actual;
    return {
      ...quiet(memory),
      writes: deleting ? [] : [{ kind: 'deleteService', name, uid, resourceVersion }],
    };
  }
  return { ...quiet(memory), writes: emptyAll(input) };
}

/** Nobody keeps these slices of ours right any longer, and they still feed the Service: they hold nobody, never a stale pod. */
function emptyAll(input: Input): readonly Write[] {
  return input.slices
    .filter((slice) => isOurSlice(slice, input.name) && slice.endpoints.length > 0)
    .map((slice) => emptied(slice, input));
}

function emptied(slice: EndpointSlice, { name: service, namespace, now }: Input): Write {
  const { name, labels, annotations, resourceVersion, addressType } = slice;
  const owner = slice.owners.find(({ kind, name }) => kind === 'Service' && name === service);
  const desired = {
    name,
    addressType: addressType as AddressType,
    labels,
    annotations: { ...annotations, [SLICE_ANNOTATION.withdrawnAt]: microTime(now) },
    ...(owner === undefined ? {} : { owner: { name: service, uid: owner.uid } }),
    endpoints: [],
    ports: [],
  };
  return { kind: 'putSlice', name, resourceVersion, body: sliceBody(desired, namespace, slice, now) };
}

/** The slices go with the Service (owner references). */
function remove(input: Input, actual: Service, memory: Memory): Plan {
  if (actual.deleting) return quiet(memory);
  const { owner, claims } = input;
  const note = `deleted leader Service ${input.name}`;
  const happened =
    owner === undefined ? [] : happening([referenceTo(owner)], 'LeaderServiceDeleted', note, input);
  const write: Write = { kind: 'deleteService', name: actual.name, uid: actual.uid };
  return { ...quiet(memory), writes: [write], again: claims.length > 0, happened };
}

function create(input: Input, claim: Claim, memory: Memory, lost: Lost): Plan {
  const { request } = claim;
  const states = [...lost.states, ...problemEvents(request, [])];
  const wanted = wantedOf(input, claim);
  if (wanted === undefined || request.requester.deleting || request.source?.deleting === true) {
    return leftAlone(input, memory, states);
  }
  const write: Write = { kind: 'createService', name: input.name, body: leaderServiceBody(input, wanted) };
  const note = `created leader Service ${input.name}`;
  const happened = happening(audience(request), 'LeaderServiceCreated', note, input);
  return { ...quiet(memory), states, writes: [write], again: true, happened };
}

/** undefined where the leader Service is neither made nor put right. */
function wantedOf({ claims }: Input, { request }: Claim): Wanted | undefined {
  const { shape, requester, sourceName, leaderServiceName, problems } = request;
  if (shape === undefined || leaderServiceName === undefined) return undefined;
  if (problems.some(({ reason }) => reason === 'InvalidService')) return undefined;
  const heir = claims.find(
    (other) =>
      other.request.policy === undefined && other.request.sourceName === sourceName && !isStandIn(other),
  )?.request.source;
  return {
    shape,
    requester,
    sourceName,
    ...(request.policy === undefined || heir === undefined ? {} : { heir: serviceRequester(heir) }),
  };
}

function maintain(input: Input, claim: Claim, actual: Service, memory: Memory, lost: Lost): Plan {
  const wanted = actual.deleting ? undefined : wantedOf(input, claim);
  if (wanted !== undefined && mustBeRemade(input, actual, wanted.shape))
    return remake(input, actual, wanted, memory);

  const published = planPublication(input, claim, actual, memory);
  const patch = wanted === undefined ? undefined : leaderServicePatch(actual, wanted);
  const againAfterMs = Math.min(published.againAfterMs ?? Infinity, lost.againAfterMs ?? Infinity);
  const repair: readonly Write[] =
    patch === undefined ? [] : [{ kind: 'patchService', name: actual.name, patch }];
  return {
    again: false,
    ...published,
    writes: [...published.writes, ...repair],
    states: [...lost.states, ...published.states],
    statuses: [...lost.statuses, ...published.statuses],
    ...(againAfterMs === Infinity ? {} : { againAfterMs }),
  };
}

/** In one go, so that the address is asked for again before anybody else gets it. */
function remake(input: Input, actual: Service, wanted: Wanted, memory: Memory): Plan {
  const sameKind = actual.clusterIP !== 'None' && actual.ipFamilies[0] === wanted.shape.ipFamilies[0];
  const clusterIP = sameKind && actual.clusterIP !== '' ? actual.clusterIP : undefined;
  const writes: Write[] = [
    { kind: 'deleteService', name: actual.name, uid: actual.uid },
    { kind: 'createService', name: actual.name, body: leaderServiceBody(input, wanted, clusterIP) },
  ];
  return { ...quiet(memory), writes, again: true };
}
