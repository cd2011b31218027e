/** The resources that the operator writes or reads one by one: where they are. */
import { POLICY_API_VERSION, splitKey } from '../names.ts';

export type Resource = 'services' | 'pods' | 'endpointslices' | 'events' | 'leaderpolicies';

const ROOT: Readonly<Record<Resource, string>> = {
  services: '/api/v1',
  pods: '/api/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  events: '/apis/events.k8s.io/v1',
  leaderpolicies: `/apis/${POLICY_API_VERSION}`,
};

export function collectionPath(resource: Resource, namespace: string): string {
  return `${ROOT[resource]}/namespaces/${namespace}/${resource}`;
}

/** @param key `namespace/name` */
export function objectPath(resource: Resource, key: string): string {
  const { namespace, name } = splitKey(key);
  return `${collectionPath(resource, namespace)}/${name}`;
}
