/** One leader Service as it is now: who asks for it, who is published, who may lead. */
import type { Endpoint } from '../api/objects.ts';
import { SERVICE_ANNOTATION, splitKey, LABEL } from '../names.ts';
import { judge, type Candidate } from '../plan/candidates.ts';
import { criteriaOf } from '../plan/eligibility.ts';
import { recall } from '../plan/memory.ts';
import { controllerOf, electClaim, isOurSlice, isPolicyReference, ownershipOf } from '../plan/ownership.ts';
import { isFrozen } from '../plan/request.ts';
import { sortSlices, type Slices } from '../plan/slices.ts';
import type { Claim, Input, Memory } from '../plan/types.ts';
import type { Snapshot } from './snapshot.ts';

export interface Picture {
  readonly key: string;
  readonly namespace: string;
  /** Of the leader Service. */
  readonly name: string;
  readonly sourceName: string;
  readonly by: { readonly kind: 'Service' | 'LeaderPolicy'; readonly name: string };
  readonly input: Input;
  /** Whoever has the name; undefined: nobody asks for it, or those who do cannot be read. */
  readonly claim?: Claim;
  readonly memory: Memory;
  readonly state: State;
  /** undefined while the leader Service is missing, or EndpointSlices cannot be read. */
  readonly slices?: Slices;
  /** What our slice of the primary family holds. */
  readonly endpoint?: Endpoint;
  /** Name of the pod that leads; by what the leader Service says of it where EndpointSlices cannot be read. */
  readonly leader?: string;
  /** undefined where they cannot be told. */
  readonly candidates?: readonly Candidate[];
}

export type State =
  | 'Ready' // somebody is published
  | 'NoLeader' // nobody is
  | 'Paused' // paused, or treated as paused because of a bad value
  | 'NameConflict' // the name belongs to somebody else's Service
  | 'Missing'; // there is no leader Service (yet)

export function pictureOf(snapshot: Snapshot, key: string): Picture {
  const { view, now, reads } = snapshot;
  const input = view.gather(key, now);
  const { actual, owner, claims, policiesKnown } = input;
  const ownership = ownershipOf(actual, owner, policiesKnown);
  const claim = electClaim(claims, ownership === 'ours' ? owner : undefined);
  const ours = input.slices.filter((slice) => isOurSlice(slice, input.name));
  const memory = recall(ours, undefined, actual, claim?.request.policy?.status);
  const slices =
    actual !== undefined && reads.slices ? sortSlices(input, actual, claim?.request.shape) : undefined;
  const isOurs = ownership !== 'foreign' || (claim === undefined && isMadeByPolicy(input));
  const endpoint = isOurs ? slices?.ours.get(slices.primary)?.endpoints[0] : undefined;
  const leader = reads.slices ? endpoint?.podName : actual?.annotations[SERVICE_ANNOTATION.leaderPodName];
  const candidates = claim === undefined || !reads.pods ? undefined : judged(claim, memory, slices, now);
  const { namespace, name } = splitKey(key);
  return {
    key,
    namespace,
    name,
    ...askedBy(input, claim),
    input,
    memory,
    state: stateOf(input, claim, isOurs, leader),
    ...(claim === undefined ? {} : { claim }),
    ...(slices === undefined ? {} : { slices }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(leader === undefined ? {} : { leader }),
    ...(candidates === undefined ? {} : { candidates }),
  };
}

/** As the operator does: a leader that is published need not have been Ready for any time. */
function judged(claim: Claim, memory: Memory, slices: Slices | undefined, now: number): readonly Candidate[] {
  const family = slices?.primary ?? claim.request.shape?.ipFamilies[0] ?? 'IPv4';
  const published = slices?.ours.get(family)?.endpoints.some(({ podUID }) => podUID === memory.podUID);
  return judge(
    claim.pods,
    criteriaOf(claim.request, now, family),
    published === true ? memory.podUID : undefined,
  );
}

/** LeaderPolicies that cannot be read: their leader Services are zen-lead's all the same. */
function isMadeByPolicy({ actual, policiesKnown }: Input): boolean {
  const controller = actual === undefined ? undefined : controllerOf(actual);
  return !policiesKnown && controller !== undefined && isPolicyReference(controller);
}

function askedBy({ actual, name }: Input, claim: Claim | undefined): Pick<Picture, 'sourceName' | 'by'> {
  const sourceName = claim?.request.sourceName ?? actual?.labels[LABEL.sourceService] ?? name;
  if (claim !== undefined) {
    const { kind, name: by } = claim.request.requester;
    return { sourceName, by: { kind, name: by } };
  }
  const controller = actual === undefined ? undefined : controllerOf(actual);
  return controller !== undefined && isPolicyReference(controller)
    ? { sourceName, by: { kind: 'LeaderPolicy', name: controller.name } }
    : { sourceName, by: { kind: 'Service', name: sourceName } };
}

function stateOf(
  { actual }: Input,
  claim: Claim | undefined,
  isOurs: boolean,
  leader: string | undefined,
): State {
  if (actual === undefined) return 'Missing';
  if (!isOurs) return 'NameConflict';
  if (claim !== undefined && isFrozen(claim.request)) return 'Paused';
  return leader === undefined ? 'NoLeader' : 'Ready';
}
