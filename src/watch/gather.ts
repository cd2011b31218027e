/** The caches as the plain value that a plan is made from. */
import type { EndpointSlice, Pod, Service } from '../api/objects.ts';
import { keyOf, sliceName, splitKey } from '../names.ts';
import { serviceRequester } from '../plan/annotation-request.ts';
import { recall } from '../plan/memory.ts';
import { controllerOf, isOurSlice, isPolicyReference, isServiceReference } from '../plan/ownership.ts';
import { policyRequester } from '../plan/policy-request.ts';
import type { Requester } from '../plan/request.ts';
import type { Claim, Input } from '../plan/types.ts';
import type { ClaimIndex } from './claim-index.ts';
import { requestOf } from './claimant.ts';
import type { ClaimantId, Claimants } from './claimant.ts';
import type { NameIndex } from './name-index.ts';
import type { PodIndex } from './pod-index.ts';
import type { Recollection } from './recollection.ts';
import type { Store } from './store.ts';

export interface Stores extends Claimants {
  readonly pods: Store<Pod>;
  /** Ours and strangers'. */
  readonly slices: Store<EndpointSlice>;
  /** Those that kube-controller-manager made for a leader Service with a selector. */
  readonly kcmSlices: Store<EndpointSlice>;
}

/** How far the store of policies can be relied upon. */
export interface PolicyKnowledge {
  /** A LeaderPolicy that is not in the store does not exist. */
  readonly known: boolean;
  /** Something speaks of a policy that is not in the store: it may be behind. */
  doubt(): void;
}

/** What is looked through; nothing of it is changed. */
export interface Sources {
  readonly stores: Stores;
  readonly claims: ClaimIndex;
  readonly pods: PodIndex;
  /** Leader Service key → names of slices that feed it; ours and strangers', kube-controller-manager's. */
  readonly slices: NameIndex;
  readonly kcmSlices: NameIndex;
  readonly recollection: Recollection;
  readonly policies: Pick<PolicyKnowledge, 'known'>;
}

/** @param now epoch milliseconds */
export function gather(sources: Sources, key: string, now: number): Input {
  const { namespace, name } = splitKey(key);
  const { stores, claims, recollection } = sources;
  const actual = stores.services.get(key);
  const owner = actual === undefined ? undefined : ownerOf(stores, actual);
  const { memory, history } = recollection.get(key) ?? {};
  const slices = lookUp(stores.slices, namespace, sliceNames(sources.slices.get(key), name));
  const podName = memory === undefined ? leaderIn(slices, name) : memory.podName;
  const leaderPod = podName === undefined ? undefined : stores.pods.get(keyOf(namespace, podName));
  return {
    now,
    namespace,
    name,
    claims: claims.claimants(key).flatMap((id) => claimOf(sources, namespace, id, now)),
    ...(actual === undefined ? {} : { actual }),
    ...(owner === undefined ? {} : { owner }),
    policiesKnown: sources.policies.known,
    slices,
    kcmSlices: lookUp(stores.kcmSlices, namespace, sources.kcmSlices.get(key)),
    ...(memory === undefined ? {} : { remembered: memory }),
    ...(history === undefined ? {} : { history }),
    ...(leaderPod === undefined ? {} : { leaderPod }),
  };
}

function claimOf(sources: Sources, namespace: string, id: ClaimantId, now: number): Claim[] {
  const request = requestOf(sources.stores, namespace, id);
  if (request === undefined) return [];
  const pods = sources.pods.podsOf(keyOf(namespace, request.sourceName));
  return [{ request, pods: pods.map((pod) => sources.recollection.timed(pod, now)) }];
}

/** Name of the last leader, for a process that has no memory of its own of it. */
function leaderIn(slices: readonly EndpointSlice[], name: string): string | undefined {
  const ours = slices.filter((slice) => isOurSlice(slice, name));
  return recall(ours, undefined, undefined).podName;
}

/** By UID: an object that was made again under the same name is another one. */
function ownerOf({ services, policies }: Stores, actual: Service): Requester | undefined {
  const controller = controllerOf(actual);
  if (controller === undefined) return undefined;
  const key = keyOf(actual.namespace, controller.name);
  if (isServiceReference(controller)) {
    const service = services.get(key);
    return service?.uid === controller.uid ? serviceRequester(service) : undefined;
  }
  if (!isPolicyReference(controller)) return undefined;
  const policy = policies.get(key);
  return policy?.uid === controller.uid ? policyRequester(policy) : undefined;
}

/** By label, and by name: a hand may have taken the label away, or given one of our names to another slice. */
function sliceNames(labelled: ReadonlySet<string>, name: string): ReadonlySet<string> {
  return new Set([...labelled, sliceName(name, 'IPv4'), sliceName(name, 'IPv6')]);
}

function lookUp(store: Store<EndpointSlice>, namespace: string, names: Iterable<string>): EndpointSlice[] {
  return [...names].flatMap((name) => store.get(keyOf(namespace, name)) ?? []);
}
