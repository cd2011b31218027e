/** The API server's answers to our own writes go into the caches before the watch brings them. */
import type { Answers, Written } from './apply/apply-writes.ts';
import { splitKey } from './names.ts';
import type { Stores } from './watch/cluster-view.ts';
import { projectEndpointSlice, projectService } from './watch/projections.ts';

/** @param storesOf the caches of a namespace; undefined where it is not watched */
export function answersInto(storesOf: (namespace: string) => Stores | undefined): Answers {
  const storeOf = (resource: Written, key: string): Stores['services'] | Stores['slices'] | undefined => {
    const stores = storesOf(splitKey(key).namespace);
    return resource === 'services' ? stores?.services : stores?.slices;
  };
  const versionOf: Answers['versionOf'] = (resource, key) =>
    storeOf(resource, key)?.get(key)?.resourceVersion;
  return {
    versionOf,
    onObject: (resource, raw) => {
      if (resource === 'services') {
        const service = projectService(raw);
        storesOf(service.namespace)?.services.upsert(service);
      } else {
        const slice = projectEndpointSlice(raw);
        storesOf(slice.namespace)?.slices.upsert(slice);
      }
    },
    onGone: (resource, key, seen) => {
      if (versionOf(resource, key) === seen) storeOf(resource, key)?.remove(key);
    },
  };
}
