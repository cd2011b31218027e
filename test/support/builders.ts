/** Fluent builders of projected objects. What they build is frozen all the way down. */
import type {
  Endpoint,
  EndpointPort,
  EndpointSlice,
  KubeObject,
  LeaderPolicy,
  OwnerReference,
  Pod,
  Protocol,
  Service,
  ServicePort,
  StringMap,
} from '../../src/api/objects.ts';
import {
  ANNOTATION,
  LABEL,
  MANAGED_BY,
  POD_PRIORITY_ANNOTATION,
  POLICY_API_VERSION,
  POLICY_KIND,
  sliceName,
  type AddressType,
} from '../../src/names.ts';
import { parseAnnotations, serviceRequester, shapeOf } from '../../src/plan/annotation-request.ts';
import type { Wanted } from '../../src/plan/leader-service-metadata.ts';
import { memoryAnnotations, microTime } from '../../src/plan/memory.ts';
import { parsePolicy } from '../../src/plan/policy-request.ts';
import type { Claim, Input, Memory } from '../../src/plan/types.ts';
import { Builder, metadata, MINUTE, NAMESPACE, NOW, SECOND } from './builder.ts';
import { deepFreeze } from './freeze.ts';

export { MINUTE, NAMESPACE, NOW, SECOND };
export { policy, policyPort, type PolicyBuilder } from './policy-builder.ts';

/** The labels that pods have and the source selects by, unless said otherwise. */
const APP: StringMap = { app: 'web' };

export class PodBuilder extends Builder<Pod> {
  ready(since = NOW - 60 * MINUTE): this {
    return this.with({ ready: true, readyChangedAt: since });
  }

  notReady(since = NOW - 60 * MINUTE): this {
    return this.with({ ready: false, readyChangedAt: since });
  }

  phase(phase: string): this {
    return this.with({ phase });
  }

  ip(...ips: string[]): this {
    return this.with({ ips });
  }

  on(nodeName: string, zone: string): this {
    return this.with({ nodeName, zone });
  }

  annotated(annotations: StringMap): this {
    return this.with({ annotations: { ...this.value.annotations, ...annotations } });
  }

  priority(priority: string): this {
    return this.annotated({ [POD_PRIORITY_ANNOTATION]: priority });
  }

  port(name: string, port: number, protocol: Protocol = 'TCP'): this {
    return this.with({ ports: [...this.value.ports, { name, port, protocol }] });
  }
}

/** A Running pod, Ready for an hour, that `service()` selects. */
export function pod(name = 'a'): PodBuilder {
  const base = {
    ...metadata(name),
    labels: APP,
    phase: 'Running',
    ips: ['10.0.0.1'],
    ready: true,
    annotations: {},
    ports: [],
  };
  return new PodBuilder(base).ready();
}

export class ServiceBuilder extends Builder<Service> {
  annotated(annotations: StringMap): this {
    return this.with({ annotations: { ...this.value.annotations, ...annotations } });
  }

  selecting(selector: StringMap): this {
    return this.with({ selector });
  }

  ports(...ports: ServicePort[]): this {
    return this.with({ ports });
  }

  families(ipFamilyPolicy: string, ...ipFamilies: AddressType[]): this {
    return this.with({ ipFamilies, ipFamilyPolicy });
  }

  ownedBy(...owners: OwnerReference[]): this {
    return this.with({ owners });
  }
}

/** An opted-in Service with port 80 that selects what `pod()` builds. */
export function service(name = 'web'): ServiceBuilder {
  return new ServiceBuilder({
    ...metadata(name),
    annotations: { [ANNOTATION.enabled]: 'true' },
    owners: [],
    type: 'ClusterIP',
    selector: APP,
    clusterIP: '10.96.0.1',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ports: [servicePort('', 80, 8080)],
    sessionAffinity: 'None',
    forbidden: [],
  });
}

export function servicePort(name: string, port: number, targetPort: number | string = port): ServicePort {
  return { name, port, protocol: 'TCP', targetPort };
}

export function ownerReference(owner: KubeObject, kind = 'Service', controller = true): OwnerReference {
  const apiVersion = kind === POLICY_KIND ? POLICY_API_VERSION : 'v1';
  return { apiVersion, kind, name: owner.name, uid: owner.uid, controller };
}

/** The leader Service of `source`, exactly as it is to be. */
export function leaderOf(source: Service, name = `${source.name}-leader`): ServiceBuilder {
  return service(name)
    .without('selector')
    .labelled({ [LABEL.managedBy]: MANAGED_BY, [LABEL.sourceService]: source.name })
    .ownedBy(ownerReference(source))
    .ports(...source.ports)
    .families(source.ipFamilyPolicy ?? 'SingleStack', ...source.ipFamilies)
    .with({ annotations: {}, clusterIP: '10.96.0.2', sessionAffinity: source.sessionAffinity });
}

export class SliceBuilder extends Builder<EndpointSlice> {
  holding(...endpoints: Endpoint[]): this {
    return this.with({ endpoints });
  }

  ports(...ports: EndpointPort[]): this {
    return this.with({ ports });
  }

  remembering(memory: Memory): this {
    return this.with({ annotations: memoryAnnotations(memory) });
  }

  ownedBy(...owners: OwnerReference[]): this {
    return this.with({ owners });
  }
}

/** An empty slice of ours. */
export function slice(leader: Service, family: AddressType = 'IPv4'): SliceBuilder {
  return new SliceBuilder({
    ...metadata(sliceName(leader.name, family)),
    labels: {
      [LABEL.serviceName]: leader.name,
      [LABEL.sliceManagedBy]: MANAGED_BY,
      [LABEL.managedBy]: MANAGED_BY,
      [LABEL.sourceService]: leader.labels[LABEL.sourceService] ?? 'web',
    },
    annotations: {},
    owners: [ownerReference(leader)],
    addressType: family,
    endpoints: [],
    ports: [],
  });
}

/** As a leader is published. */
export function endpoint({ name, uid, ips, nodeName, zone }: Pod, address = ips[0] ?? ''): Endpoint {
  return {
    addresses: [address],
    ready: true,
    serving: true,
    terminating: false,
    podName: name,
    podUID: uid,
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
    extra: [],
  };
}

export const HTTP: EndpointPort = { name: '', port: 8080, protocol: 'TCP' };

/** What is remembered once the pod has led for half an hour. */
export function memoryOf(leader: Pod, epoch = 1, more: Partial<Memory> = {}): Memory {
  const since = microTime(NOW - 30 * MINUTE);
  return { epoch, podName: leader.name, podUID: leader.uid, since, reason: 'Elected', ...more };
}

export function claim(source: Service, ...pods: Pod[]): Claim {
  const request = parseAnnotations(source);
  if (request === undefined) throw new Error(`Service ${source.name} is not opted in`);
  return { request, pods };
}

/** @param source the Service that the policy names; undefined: there is none */
export function claimBy(policy: LeaderPolicy, source: Service | undefined, ...pods: Pod[]): Claim {
  return { request: parsePolicy(policy, source), pods };
}

/** What annotation mode makes of the leader Service. */
export function wantedBy(source: Service, more: Partial<Wanted> = {}): Wanted {
  return { shape: shapeOf(source), requester: serviceRequester(source), sourceName: source.name, ...more };
}

export function input(fields: Partial<Input> = {}): Input {
  const nothing = { claims: [], policiesKnown: true, slices: [], kcmSlices: [] };
  return deepFreeze({ now: NOW, namespace: NAMESPACE, name: 'web-leader', ...nothing, ...fields });
}
