import { LEADER_SERVICE_FORBIDDEN } from '../api/objects.ts';
import type {
  Endpoint,
  EndpointPort,
  EndpointSlice,
  NamedPort,
  Pod,
  Protocol,
  Service,
  ServicePort,
} from '../api/objects.ts';
import { LABEL } from '../names.ts';
import type { AddressType } from '../names.ts';
import { internList, internString } from './intern.ts';
import {
  metadataOf,
  ownAnnotations,
  ownersOf,
  podAnnotations,
  projecting,
  serviceAnnotations,
  stringMap,
  timeOf,
} from './metadata.ts';
import type {
  RawContainer,
  RawEndpoint,
  RawEndpointPort,
  RawEndpointSlice,
  RawPod,
  RawService,
  RawServicePort,
  RawServiceSpec,
} from './raw.ts';

/*
 * Pure functions from what the API server sends to what the plan reads; the rest is dropped, so that a pod of 14 KB
 * takes about 2 KB. They throw ZenLeadError InvalidAnswer for an object that cannot be understood.
 */

export function projectPod(raw: unknown): Pod {
  return projecting('Pod', raw, () => podOf(raw as RawPod));
}

export function projectService(raw: unknown): Service {
  return projecting('Service', raw, () => serviceOf(raw as RawService));
}

export function projectEndpointSlice(raw: unknown): EndpointSlice {
  return projecting('EndpointSlice', raw, () => endpointSliceOf(raw as RawEndpointSlice));
}

function podOf(raw: RawPod): Pod {
  const metadata = metadataOf('Pod', raw);
  const ready = raw.status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    ...metadata,
    ...optional('nodeName', text(raw.spec?.nodeName), internString),
    ...optional('zone', metadata.labels[LABEL.zone], internString),
    phase: internString(raw.status?.phase ?? 'Unknown'),
    ips: (raw.status?.podIPs ?? []).flatMap(({ ip }) => text(ip) ?? []),
    ready: ready?.status === 'True',
    ...optional('readyChangedAt', timeOf(ready?.lastTransitionTime)),
    annotations: podAnnotations(raw),
    ports: internList(namedPorts(raw)),
  };
}

/** A named targetPort is looked up in containers first and then in sidecars, as kube-controller-manager does (KEP-753). */
function namedPorts(raw: RawPod): NamedPort[] {
  const sidecars = (raw.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(raw.spec?.containers ?? []), ...sidecars].flatMap(portsOf);
}

function portsOf(container: RawContainer): NamedPort[] {
  return (container.ports ?? []).flatMap(({ name, containerPort, protocol }) =>
    name === undefined || name === '' ? [] : { name, port: containerPort, protocol: protocolOf(protocol) },
  );
}

function serviceOf(raw: RawService): Service {
  const spec: RawServiceSpec = raw.spec ?? {};
  return {
    ...metadataOf('Service', raw),
    annotations: serviceAnnotations(raw),
    owners: ownersOf(raw),
    type: internString(spec.type ?? 'ClusterIP'),
    ...optional('selector', isUnset(spec.selector) ? undefined : spec.selector, stringMap),
    clusterIP: spec.clusterIP ?? '',
    ipFamilies: internList((spec.ipFamilies ?? []) as AddressType[]),
    ...optional('ipFamilyPolicy', text(spec.ipFamilyPolicy), internString),
    ports: internList((spec.ports ?? []).map(servicePort)),
    sessionAffinity: internString(spec.sessionAffinity ?? 'None'),
    ...optional('sessionAffinityTimeout', spec.sessionAffinityConfig?.clientIP?.timeoutSeconds),
    forbidden: internList(forbiddenFields(spec as Readonly<Record<string, unknown>>)),
  };
}

function servicePort(raw: RawServicePort): ServicePort {
  return {
    name: raw.name ?? '',
    port: raw.port,
    protocol: protocolOf(raw.protocol),
    ...optional('targetPort', raw.targetPort),
    ...optional('appProtocol', text(raw.appProtocol)),
    ...optional('nodePort', raw.nodePort === 0 ? undefined : raw.nodePort),
  };
}

/** Values that the API server fills in by itself; a leader Service that has them needs no repair. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  externalTrafficPolicy: 'Cluster',
  allocateLoadBalancerNodePorts: true,
};

function forbiddenFields(spec: Readonly<Record<string, unknown>>): string[] {
  const set: string[] = LEADER_SERVICE_FORBIDDEN.filter(
    (field) => !isUnset(spec[field]) && spec[field] !== DEFAULTS[field],
  );
  // Every Service has an internalTrafficPolicy; with one endpoint, Local drops the traffic of all other nodes.
  return spec['internalTrafficPolicy'] === 'Local' ? [...set, 'internalTrafficPolicy'] : set;
}

function endpointSliceOf(raw: RawEndpointSlice): EndpointSlice {
  return {
    ...metadataOf('EndpointSlice', raw),
    annotations: ownAnnotations(raw),
    owners: ownersOf(raw),
    addressType: internString(raw.addressType ?? ''),
    endpoints: (raw.endpoints ?? []).map(endpointOf),
    ports: internList((raw.ports ?? []).map(endpointPort)),
  };
}

/** Fields of an endpoint that we never publish. `hints` may also be added by another controller. */
const EXTRA_FIELDS = ['hints', 'hostname', 'deprecatedTopology'] as const;

function endpointOf(raw: RawEndpoint): Endpoint {
  const pod = raw.targetRef?.kind === 'Pod' ? raw.targetRef : undefined;
  const fields = raw as Readonly<Record<string, unknown>>;
  return {
    addresses: raw.addresses ?? [],
    ...optional('ready', raw.conditions?.ready),
    ...optional('serving', raw.conditions?.serving),
    ...optional('terminating', raw.conditions?.terminating),
    ...optional('podName', text(pod?.name)),
    ...optional('podUID', text(pod?.uid)),
    ...optional('nodeName', text(raw.nodeName), internString),
    ...optional('zone', text(raw.zone), internString),
    extra: internList(EXTRA_FIELDS.filter((field) => !isUnset(fields[field]))),
  };
}

function endpointPort(raw: RawEndpointPort): EndpointPort {
  return {
    name: raw.name ?? '',
    ...optional('port', raw.port),
    protocol: protocolOf(raw.protocol),
    ...optional('appProtocol', text(raw.appProtocol)),
  };
}

function protocolOf(value: string | null | undefined): Protocol {
  return (text(value) ?? 'TCP') as Protocol;
}

/** A field that is absent where its value is: exactOptionalPropertyTypes tells `undefined` from absent. */
function optional<K extends string, V>(
  key: K,
  value: V | null | undefined,
  convert: (value: V) => V = (same) => same,
): Partial<Record<K, V>> {
  return value === undefined || value === null ? {} : ({ [key]: convert(value) } as Record<K, V>);
}

function text(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value;
}

/** Absent, or the value that the API server treats as absent. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
