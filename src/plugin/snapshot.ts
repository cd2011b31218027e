/** What the operator would know of a namespace, or of all, read once with the user's rights. */
import { systemClock } from '../clock.ts';
import { isStatus } from '../errors.ts';
import { KCM_SLICE_MANAGER, LABEL, splitKey } from '../names.ts';
import type { EndpointSlice, KubeObject, LeaderPolicy, Pod, Service } from '../api/objects.ts';
import { ClusterView } from '../watch/cluster-view.ts';
import { projectLeaderPolicy } from '../watch/project-leader-policy.ts';
import { projectEndpointSlice, projectPod, projectService } from '../watch/projections.ts';
import { Store } from '../watch/store.ts';
import type { Api, Resource } from './api.ts';
import { CommandFailure } from './failure.ts';

export interface Snapshot {
  readonly view: ClusterView;
  /** When it was taken, epoch milliseconds. */
  readonly now: number;
  /** The user may read them: where not, what depends on them is left open. */
  readonly reads: { readonly pods: boolean; readonly slices: boolean; readonly policies: boolean };
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[];
}

const SLICES_OF_OTHERS = `${LABEL.sliceManagedBy} notin (${KCM_SLICE_MANAGER})`;
const SLICES_OF_LEADERS = `${LABEL.sliceManagedBy}=${KCM_SLICE_MANAGER},${LABEL.sourceService}`;

/** In more namespaces than that, one list of all pods is less work than one for each. */
const MAX_NAMESPACES = 200;
/** Lists under way at once: each has a connection of its own. */
const LANES = 12;

/**
 * @param namespace undefined: all
 * @param now epoch milliseconds
 * @throws CommandFailure `forbidden` where not even Services may be read
 */
export async function takeSnapshot(api: Api, namespace: string | undefined, now: number): Promise<Snapshot> {
  const reading = new Reading(api);
  const listed = await Promise.all([
    api.list('services', namespace),
    reading.list('endpointslices', namespace, SLICES_OF_OTHERS),
    reading.list('endpointslices', namespace, SLICES_OF_LEADERS),
    reading.list('leaderpolicies', namespace),
    namespace === undefined ? [] : reading.list('pods', namespace),
  ]);
  const [services, slices, kcmSlices, policies] = listed;
  let pods = listed[4];
  const stores = {
    services: storeOf<Service>(),
    pods: storeOf<Pod>(),
    slices: storeOf<EndpointSlice>(),
    kcmSlices: storeOf<EndpointSlice>(),
    policies: storeOf<LeaderPolicy>(),
  };
  const view = new ClusterView(stores, () => undefined, {
    known: policies !== undefined,
    doubt: () => undefined,
  });
  fill(stores.services, services, projectService);
  fill(stores.policies, policies, projectLeaderPolicy);
  fill(stores.slices, slices, projectEndpointSlice);
  fill(stores.kcmSlices, kcmSlices, projectEndpointSlice);
  if (namespace === undefined) pods = await podsFor(view, reading);
  fill(stores.pods, pods, projectPod);
  const reads = {
    pods: pods !== undefined,
    slices: slices !== undefined,
    policies: policies !== undefined,
  };
  return { view, now, reads, notes: [...reading.notes] };
}

/** Only of namespaces with leader Services: a cluster may have a hundred pods for each that matters. */
async function podsFor(view: ClusterView, reading: Reading): Promise<unknown[] | undefined> {
  const namespaces = new Set([...view.keys()].map((key) => splitKey(key).namespace));
  if (namespaces.size > MAX_NAMESPACES) return reading.list('pods', undefined);
  const lists: (unknown[] | undefined)[] = [];
  const waiting = namespaces.values();
  const lane = async (): Promise<void> => {
    for (const namespace of waiting) lists.push(await reading.list('pods', namespace));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []);
}

/** Lists that may be missing: without one of them the rest is worth showing. */
class Reading {
  readonly notes = new Set<string>();
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** @returns undefined where the user may not read them; none of LeaderPolicies where there is no such resource */
  async list(
    resource: Resource,
    namespace: string | undefined,
    labelSelector?: string,
  ): Promise<unknown[] | undefined> {
    try {
      return await this.#api.list(resource, namespace, labelSelector === undefined ? {} : { labelSelector });
    } catch (error) {
      if (resource === 'leaderpolicies' && isStatus(error, 404)) return [];
      if (!(error instanceof CommandFailure) || error.kind !== 'forbidden') throw error;
      this.notes.add(`${error.message}. ${WITHOUT[resource] ?? ''}`);
      return undefined;
    }
  }
}

const WITHOUT: Partial<Readonly<Record<Resource, string>>> = {
  pods: 'Candidates are not shown.',
  endpointslices:
    'Who leads is what the leader Services say of it, and the number of failovers is not shown.',
  leaderpolicies: 'What LeaderPolicies ask for is not shown.',
};

function storeOf<T extends KubeObject>(): Store<T> {
  return new Store<T>(() => systemClock.now());
}

function fill<T extends KubeObject>(
  store: Store<T>,
  items: readonly unknown[] | undefined,
  project: (raw: unknown) => T,
): void {
  for (const item of items ?? []) store.upsert(project(item));
}
