/** The leader Service: what it is to be, and the smallest write that puts a present one right. */
import { isDeepStrictEqual } from 'node:util';
import type { OwnerReference, Service, ServicePort } from '../api/objects.ts';
import { LABEL, MANAGED_BY } from '../names.ts';
import { controllerOf } from './ownership.ts';
import type { Body, Input } from './types.ts';

/** @param clusterIP the address to ask for again, where the Service is made a second time */
export function leaderServiceBody(input: Input, source: Service, clusterIP?: string): Body {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: input.name,
      namespace: input.namespace,
      labels: ourLabels(source),
      ownerReferences: [ownerReference(source)],
    },
    spec: {
      type: 'ClusterIP',
      ports: portBodies(source.ports),
      ...(source.ipFamilies.length > 0 ? { ipFamilies: source.ipFamilies } : {}),
      ...(source.ipFamilyPolicy === undefined ? {} : { ipFamilyPolicy: source.ipFamilyPolicy }),
      ...affinity(source),
      ...(clusterIP === undefined ? {} : { clusterIP }),
    },
  };
}

/**
 * Some things cannot be patched: a headless Service does not become one with an address, the primary family does not
 * change, and kube-controller-manager leaves the slices that it made for a selector behind when the selector goes. Those
 * of a Service that was deleted may still be seen until the garbage collector has been there; they are not about this one.
 */
export function mustBeRemade({ kcmSlices }: Input, actual: Service, source: Service): boolean {
  const [primary] = actual.ipFamilies;
  return (
    kcmSlices.some(({ owners }) => owners.some(({ uid }) => uid === actual.uid)) ||
    actual.clusterIP === 'None' ||
    (primary !== undefined && source.ipFamilies.length > 0 && source.ipFamilies[0] !== primary)
  );
}

/** A JSON merge patch (RFC 7386) with the resourceVersion seen, or undefined if nothing is wrong. */
export function leaderServicePatch(actual: Service, source: Service): Body | undefined {
  const metadata = metadataPatch(actual, source);
  const spec = specPatch(actual, source);
  if (metadata === undefined && spec === undefined) return undefined;
  return {
    metadata: { ...metadata, resourceVersion: actual.resourceVersion },
    ...(spec === undefined ? {} : { spec }),
  };
}

function metadataPatch(actual: Service, source: Service): Body | undefined {
  const patch: Record<string, unknown> = {};
  const labels = ourLabels(source);
  if (Object.entries(labels).some(([name, value]) => actual.labels[name] !== value)) patch['labels'] = labels;
  // While the source is being deleted, a missing reference means that its deletion orphans: to write it again would undo that.
  if (controllerOf(actual)?.uid !== source.uid && !source.deleting) {
    const others = actual.owners.filter((owner) => !owner.controller && owner.uid !== source.uid);
    patch['ownerReferences'] = [ownerReference(source), ...others];
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function specPatch(actual: Service, source: Service): Body | undefined {
  const patch: Record<string, unknown> = {};
  if (actual.type !== 'ClusterIP') patch['type'] = 'ClusterIP';
  for (const field of actual.forbidden) patch[field] = field === 'internalTrafficPolicy' ? 'Cluster' : null;
  if (!samePorts(actual.ports, source.ports)) patch['ports'] = portBodies(source.ports);
  if (
    actual.sessionAffinity !== source.sessionAffinity ||
    actual.sessionAffinityTimeout !== source.sessionAffinityTimeout
  ) {
    Object.assign(patch, { sessionAffinityConfig: null }, affinity(source));
  }
  Object.assign(patch, familiesPatch(actual, source));
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** On the way to one family the API server itself trims addresses and families, if only the policy is written. */
function familiesPatch(actual: Service, source: Service): Body {
  const { ipFamilyPolicy, ipFamilies } = source;
  if (ipFamilyPolicy === undefined) return {};
  const grows = ipFamilies.length > actual.ipFamilies.length;
  if (ipFamilyPolicy === actual.ipFamilyPolicy && !grows) return {};
  return grows ? { ipFamilyPolicy, ipFamilies } : { ipFamilyPolicy };
}

function affinity(source: Service): Body {
  const { sessionAffinity, sessionAffinityTimeout } = source;
  if (sessionAffinityTimeout === undefined) return { sessionAffinity };
  return { sessionAffinity, sessionAffinityConfig: { clientIP: { timeoutSeconds: sessionAffinityTimeout } } };
}

function portBodies(ports: readonly ServicePort[]): Body[] {
  return ports.map(({ name, nodePort: _, ...port }) => ({ ...(name === '' ? {} : { name }), ...port }));
}

/** A node port on a leader Service is a difference. */
function samePorts(actual: readonly ServicePort[], source: readonly ServicePort[]): boolean {
  return isDeepStrictEqual(
    actual,
    source.map(({ nodePort: _, ...port }) => port),
  );
}

function ourLabels(source: Service): Record<string, string> {
  return { [LABEL.managedBy]: MANAGED_BY, [LABEL.sourceService]: source.name };
}

function ownerReference({ name, uid }: Service): OwnerReference {
  return { apiVersion: 'v1', kind: 'Service', name, uid, controller: true };
}
