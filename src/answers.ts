/** The API server's answers to our own writes go into the caches before the watch brings them. */
import type { KubeObject } from './api/objects.ts';
import type { Answered, Answers } from './apply/apply-writes.ts';
import { splitKey } from './names.ts';
import type { Stores } from './watch/gather.ts';
import { projectLeaderPolicy } from './watch/project-leader-policy.ts';
import { projectEndpointSlice, projectService } from './watch/projections.ts';
import type { Store } from './watch/store.ts';

const STORE_OF = { services: 'services', endpointslices: 'slices', leaderpolicies: 'policies' } as const;

/** @param storesOf the caches of a namespace; undefined where it is not watched */
export function answersInto(storesOf: (namespace: string) => Stores | undefined): Answers {
  const storeOf = (resource: Answered, key: string): Pick<Store<KubeObject>, 'get' | 'remove'> | undefined =>
    storesOf(splitKey(key).namespace)?.[STORE_OF[resource]];
  const versionOf: Answers['versionOf'] = (resource, key) =>
    storeOf(resource, key)?.get(key)?.resourceVersion;
  return {
    versionOf,
    onObject: (resource, raw) => {
      if (resource === 'services') {
        const service = projectService(raw);
        storesOf(service.namespace)?.services.upsert(service);
      } else if (resource === 'endpointslices') {
        const slice = projectEndpointSlice(raw);
        storesOf(slice.namespace)?.slices.upsert(slice);
      } else {
        const policy = projectLeaderPolicy(raw);
        storesOf(policy.namespace)?.policies.upsert(policy);
      }
    },
    onGone: (resource, key, seen) => {
      if (versionOf(resource, key) === seen) storeOf(resource, key)?.remove(key);
    },
  };
}
