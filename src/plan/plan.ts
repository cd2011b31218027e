/**
 * plan(input): what has to be written and told so that the cluster is as the claims ask. Pure: the clock, the caches
 * and the memory are in the input; the same input gives the same plan. A plan of a quiet cluster is empty.
 */
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { AddressType } from '../names.ts';
import { recall } from './memory.ts';
import { electClaim, isOurSlice, ownershipOf } from './ownership.ts';
import { leaderServiceBody, leaderServicePatch, mustBeRemade } from './leader-service.ts';
import { happening, lostClaims, problemEvents, takenName } from './notes.ts';
import { planPublication } from './publication.ts';
import { sliceBody } from './endpoint-slice.ts';
import type { Request } from './request.ts';
import type { Claim, Input, Memory, Plan, PlanEvent, Write } from './types.ts';

export function plan(input: Input): Plan {
  const ours = input.slices.filter((slice) => isOurSlice(slice, input.name));
  const memory = recall(ours, input.remembered, input.actual);
  const ownership = ownershipOf(input.actual, input.owner);
  const claim = electClaim(input.claims, ownership === 'ours' ? input.owner : undefined);

  if (claim === undefined) return release(input, memory);
  if (ownership === 'foreign') return told(memory, takenName(input), { writes: emptyAll(input) });
  if (ownership === 'ours' && input.actual !== undefined && input.owner?.uid !== claim.request.source.uid) {
    return remove(input, input.actual, memory); // its source wants another name now, and somebody else wants this one
  }
  const conflicts = lostClaims(input, claim);
  if (input.actual === undefined) return create(input, claim, memory, conflicts);
  return maintain(input, claim, input.actual, memory, conflicts);
}

function told(memory: Memory, states: readonly PlanEvent[], rest: Partial<Plan> = {}): Plan {
  return { writes: [], again: false, memory, happened: [], states, ...rest };
}

/** Nobody wants the name. What we made under it goes; what an orphaning delete left is emptied. */
function release(input: Input, memory: Memory): Plan {
  const { actual, owner } = input;
  if (actual === undefined) return told(memory, []);
  if (ownershipOf(actual, owner) === 'ours') return remove(input, actual, memory);
  return told(memory, [], { writes: emptyAll(input) });
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
    annotations,
    ...(owner === undefined ? {} : { owner: { name: service, uid: owner.uid } }),
    endpoints: [],
    ports: [],
  };
  return { kind: 'putSlice', name, resourceVersion, body: sliceBody(desired, namespace, slice, now) };
}

/** The slices go with the Service (owner references). */
function remove(input: Input, actual: Service, memory: Memory): Plan {
  if (actual.deleting) return told(memory, []);
  const happened: PlanEvent[] = [];
  if (input.owner !== undefined) {
    const note = `deleted leader Service ${input.name}`;
    happened.push(happening(input.owner, 'LeaderServiceDeleted', note, input.now));
  }
  const write: Write = { kind: 'deleteService', name: actual.name, uid: actual.uid };
  return told(memory, [], { writes: [write], again: input.claims.length > 0, happened });
}

function create(input: Input, claim: Claim, memory: Memory, conflicts: readonly PlanEvent[]): Plan {
  const { request } = claim;
  const states = [...conflicts, ...problemEvents(request, [])];
  if (!canHaveService(request) || request.source.deleting) return told(memory, states);
  const write: Write = {
    kind: 'createService',
    name: input.name,
    body: leaderServiceBody(input, request.source),
  };
  const note = `created leader Service ${input.name}`;
  const happened = [happening(request.source, 'LeaderServiceCreated', note, input.now)];
  return told(memory, states, { writes: [write], again: true, happened });
}

function canHaveService({ leaderServiceName, problems }: Request): boolean {
  return leaderServiceName !== undefined && !problems.some(({ reason }) => reason === 'InvalidService');
}

function maintain(
  input: Input,
  claim: Claim,
  actual: Service,
  memory: Memory,
  conflicts: readonly PlanEvent[],
): Plan {
  const { request } = claim;
  const { source } = request;
  const usable = canHaveService(request) && !actual.deleting;
  if (usable && mustBeRemade(input, actual, source)) return remake(input, actual, source, memory);

  const published = planPublication(input, claim, actual, memory);
  const patch = usable ? leaderServicePatch(actual, source) : undefined;
  const writes: readonly Write[] =
    patch === undefined
      ? published.writes
      : [...published.writes, { kind: 'patchService', name: actual.name, patch }];
  return { again: false, ...published, writes, states: [...conflicts, ...published.states] };
}

/** In one go, so that the address is asked for again before anybody else gets it. */
function remake(input: Input, actual: Service, source: Service, memory: Memory): Plan {
  const sameKind = actual.clusterIP !== 'None' && actual.ipFamilies[0] === source.ipFamilies[0];
  const clusterIP = sameKind && actual.clusterIP !== '' ? actual.clusterIP : undefined;
  const writes: Write[] = [
    { kind: 'deleteService', name: actual.name, uid: actual.uid },
    { kind: 'createService', name: actual.name, body: leaderServiceBody(input, source, clusterIP) },
  ];
  return told(memory, [], { writes, again: true });
}
