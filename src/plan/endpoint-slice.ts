/** The EndpointSlices of a leader Service: what they are to be, and whether the present ones are that. */
import { isDeepStrictEqual } from 'node:util';
import type { Endpoint, EndpointPort, EndpointSlice, Pod, Service } from '../api/objects.ts';
import { LABEL, MANAGED_BY, SLICE_ANNOTATION, sliceName, type AddressType } from '../names.ts';
import { addressOf } from './eligibility.ts';
import { memoryAnnotations, microTime } from './memory.ts';
import type { Body, Memory } from './types.ts';

/** What all slices of one leader Service share. */
export interface Publication {
  readonly service: Service;
  readonly sourceName: string;
  readonly pod?: Pod;
  readonly ports: readonly EndpointPort[];
  readonly memory: Memory;
}

export interface DesiredSlice {
  readonly name: string;
  readonly addressType: AddressType;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The leader Service; absent where an orphaning delete took it. */
  readonly owner?: { readonly name: string; readonly uid: string };
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly EndpointPort[];
}

export function desiredSlice(publication: Publication, family: AddressType): DesiredSlice {
  const { service, sourceName, pod, memory } = publication;
  const endpoints = pod === undefined ? [] : endpointsFor(pod, family);
  return {
    name: sliceName(service.name, family),
    addressType: family,
    labels: {
      [LABEL.serviceName]: service.name,
      [LABEL.sliceManagedBy]: MANAGED_BY,
      [LABEL.managedBy]: MANAGED_BY,
      [LABEL.sourceService]: sourceName,
    },
    annotations: memoryAnnotations(memory),
    owner: { name: service.name, uid: service.uid },
    endpoints,
    ports: endpoints.length === 0 ? [] : publication.ports,
  };
}

/** One endpoint, or none where the pod has no address of the family: an endpoint without addresses is refused. */
export function endpointsFor(pod: Pod, family: AddressType): readonly Endpoint[] {
  const address = addressOf(pod, family);
  if (address === undefined) return [];
  return [
    {
      addresses: [address],
      ready: true,
      serving: true,
      terminating: false,
      podName: pod.name,
      podUID: pod.uid,
      ...(pod.nodeName === undefined ? {} : { nodeName: pod.nodeName }),
      ...(pod.zone === undefined ? {} : { zone: pod.zone }),
      extra: [],
    },
  ];
}

export function sameSlice(actual: EndpointSlice, desired: DesiredSlice): boolean {
  const { [SLICE_ANNOTATION.lastChangeTriggerTime]: _, ...annotations } = actual.annotations;
  const [owner] = actual.owners;
  return (
    Object.entries(desired.labels).every(([name, value]) => actual.labels[name] === value) &&
    actual.owners.length === 1 &&
    owner?.uid === desired.owner?.uid &&
    owner?.controller === true &&
    isDeepStrictEqual(annotations, desired.annotations) &&
    sameTraffic(actual, desired)
  );
}

function sameTraffic(actual: EndpointSlice, desired: DesiredSlice): boolean {
  return (
    isDeepStrictEqual(actual.endpoints, desired.endpoints) && isDeepStrictEqual(actual.ports, desired.ports)
  );
}

/** A whole body for PUT (with `actual`'s resourceVersion) or POST. */
export function sliceBody(
  desired: DesiredSlice,
  namespace: string,
  actual: EndpointSlice | undefined,
  now: number,
): Body {
  const triggered = actual?.annotations[SLICE_ANNOTATION.lastChangeTriggerTime];
  const unchanged = actual !== undefined && triggered !== undefined && sameTraffic(actual, desired);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: desired.name,
      namespace,
      ...(actual === undefined ? {} : { resourceVersion: actual.resourceVersion }),
      labels: { ...actual?.labels, ...desired.labels },
      annotations: {
        ...desired.annotations,
        [SLICE_ANNOTATION.lastChangeTriggerTime]: unchanged ? triggered : microTime(now),
      },
      ownerReferences:
        desired.owner === undefined
          ? []
          : [{ apiVersion: 'v1', kind: 'Service', controller: true, ...desired.owner }],
    },
    addressType: desired.addressType,
    endpoints: desired.endpoints.map((endpoint) => endpointBody(endpoint, namespace)),
    ports: desired.ports,
  };
}

function endpointBody(endpoint: Endpoint, namespace: string): Body {
  const { addresses, ready, serving, terminating, podName, podUID, nodeName, zone } = endpoint;
  return {
    addresses,
    conditions: { ready, serving, terminating },
    targetRef: { kind: 'Pod', namespace, name: podName, uid: podUID },
    nodeName,
    zone,
  };
}
