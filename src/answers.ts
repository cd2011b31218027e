/** The API server's answers to our own writes go into the caches before the watch brings them. */
import type { KubeObject } from './api/objects.ts';
import type { Answered, Answers } from './apply/apply-writes.ts';
import { splitKey } from './names.ts';
import type { Stores } from './watch/gather.ts';
import { projectLeaderPolicy } from './watch/project-leader-policy.ts';
import { projectEndpointSlice, projectPod, projectService } from './watch/projections.ts';
import type { Store } from './watch/store.ts';

const STORE_OF = {
  services: 'services',
  pods: 'pods',
  endpointslices: 'slices',
  leaderpolicies: 'policies',
} as const;

/** @param storesOf the caches of a namespace; undefined where it is not watched */
export function answersInto(storesOf: (namespace: string) => Stores | undefined): Answers {
  const storeOf = (resource: Answered, key: string): Pick<Store<KubeObject>, 'get' | 'remove'> | undefined =>
    storesOf(splitKey(key).namespace)?.[STORE_OF[resource]];
  const versionOf: Answers['versionOf'] = (resource, key) =>
    storeOf(resource, key)?.get(key)?.resourceVersion;
  const put = <T extends KubeObject>(object: T, storeFor: (stores: Stores) => Store<T>): void => {
    const stores = storesOf(object.namespace);
    if (stores !== undefined) storeFor(stores).upsert(object);
  };
  return {
    versionOf,
    onObject: (resource, raw) => {
      switch (resource) {
        case 'services': {
          put(projectService(raw), (stores) => stores.services);
          return;
        }
        case 'pods': {
          put(projectPod(raw), (stores) => stores.pods);
          return;
        }
        case 'endpointslices': {
          put(projectEndpointSlice(raw), (stores) => stores.slices);
          return;
        }
        case 'leaderpolicies': {
          put(projectLeaderPolicy(raw), (stores) => stores.policies);
          return;
        }
      }
    },
    onGone: (resource, key, seen) => {
      if (versionOf(resource, key) === seen) storeOf(resource, key)?.remove(key);
    },
  };
}
