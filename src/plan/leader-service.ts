/** The leader Service: what it is to be, and the smallest write that puts a present one right. */
import { isDeepStrictEqual } from 'node:util';
import type { Service, ServicePort } from '../api/objects.ts';
import { metadataPatch, wantedMetadata, type Wanted } from './leader-service-metadata.ts';
import type { Shape } from './request.ts';
import type { Body, Input } from './types.ts';

/** @param clusterIP the address to ask for again, where the Service is made a second time */
export function leaderServiceBody(input: Input, wanted: Wanted, clusterIP?: string): Body {
  const { shape } = wanted;
  const address = shape.headless ? 'None' : clusterIP;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: input.name, namespace: input.namespace, ...wantedMetadata(wanted) },
    spec: {
      type: 'ClusterIP',
      ports: portBodies(shape.ports),
      ...(shape.ipFamilies.length > 0 ? { ipFamilies: shape.ipFamilies } : {}),
      ...(shape.ipFamilyPolicy === undefined ? {} : { ipFamilyPolicy: shape.ipFamilyPolicy }),
      ...affinity(shape),
      ...(address === undefined ? {} : { clusterIP: address }),
    },
  };
}

/**
 * Some things cannot be patched: a headless Service does not become one with an address, nor the other way round, the primary
 * family does not change, and kube-controller-manager leaves the slices that it made for a selector behind when the selector
 * goes. Those of a Service that was deleted may still be seen until the garbage collector has been there; they are not about this one.
 */
export function mustBeRemade({ kcmSlices }: Input, actual: Service, shape: Shape): boolean {
  const [primary] = actual.ipFamilies;
  return (
    kcmSlices.some(({ owners }) => owners.some(({ uid }) => uid === actual.uid)) ||
    (actual.clusterIP === 'None') !== shape.headless ||
    (primary !== undefined && shape.ipFamilies.length > 0 && shape.ipFamilies[0] !== primary)
  );
}

/** A JSON merge patch (RFC 7386) with the resourceVersion seen, or undefined if nothing is wrong. */
export function leaderServicePatch(actual: Service, wanted: Wanted): Body | undefined {
  const metadata = metadataPatch(actual, wanted);
  const spec = specPatch(actual, wanted.shape);
  if (metadata === undefined && spec === undefined) return undefined;
  return {
    metadata: { ...metadata, resourceVersion: actual.resourceVersion },
    ...(spec === undefined ? {} : { spec }),
  };
}

function specPatch(actual: Service, shape: Shape): Body | undefined {
  const patch: Record<string, unknown> = {};
  if (actual.type !== 'ClusterIP') patch['type'] = 'ClusterIP';
  for (const field of actual.forbidden) patch[field] = field === 'internalTrafficPolicy' ? 'Cluster' : null;
  if (!samePorts(actual.ports, shape.ports)) patch['ports'] = portBodies(shape.ports);
  if (
    actual.sessionAffinity !== shape.sessionAffinity ||
    actual.sessionAffinityTimeout !== shape.sessionAffinityTimeout
  ) {
    Object.assign(patch, { sessionAffinityConfig: null }, affinity(shape));
  }
  Object.assign(patch, familiesPatch(actual, shape));
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** On the way to one family the API server itself trims addresses and families, if only the policy is written. */
function familiesPatch(actual: Service, { ipFamilyPolicy, ipFamilies }: Shape): Body {
  if (ipFamilyPolicy === undefined) return {};
  const grows = ipFamilies.length > actual.ipFamilies.length;
  if (ipFamilyPolicy === actual.ipFamilyPolicy && !grows) return {};
  return grows ? { ipFamilyPolicy, ipFamilies } : { ipFamilyPolicy };
}

function affinity({ sessionAffinity, sessionAffinityTimeout }: Shape): Body {
  if (sessionAffinityTimeout === undefined) return { sessionAffinity };
  return { sessionAffinity, sessionAffinityConfig: { clientIP: { timeoutSeconds: sessionAffinityTimeout } } };
}

function portBodies(ports: readonly ServicePort[]): Body[] {
  return ports.map(({ name, nodePort: _, ...port }) => ({ ...(name === '' ? {} : { name }), ...port }));
}

/** A node port on a leader Service is a difference. */
function samePorts(actual: readonly ServicePort[], wanted: readonly ServicePort[]): boolean {
  return isDeepStrictEqual(
    actual,
    wanted.map(({ nodePort: _, ...port }) => port),
  );
}
