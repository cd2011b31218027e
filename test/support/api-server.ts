/** What the API server makes of the bodies that a plan writes: validation, defaults, merge patch. */
import type { Body } from '../../src/plan/types.ts';

/** An object as the API server keeps it. */
export interface Raw {
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    creationTimestamp: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
  };
  spec?: Record<string, unknown>;
  addressType?: string;
  endpoints?: { addresses: string[]; targetRef?: { name: string; uid: string } }[];
  ports?: { name: string }[];
}

/** A body as it goes over the wire. */
export function wire(body: Body): Raw {
  return JSON.parse(JSON.stringify(body)) as Raw;
}

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a dual-stack cluster. */
export function withServiceDefaults(raw: Raw, clusterIP: string): Raw {
  const spec: Record<string, unknown> = {
    type: 'ClusterIP',
    clusterIP,
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    ...raw.spec,
  };
  const policy = spec['ipFamilyPolicy'] ?? 'SingleStack';
  const families = (spec['ipFamilies'] ?? ['IPv4']) as string[];
  const [primary = 'IPv4'] = families;
  const other = primary === 'IPv4' ? 'IPv6' : 'IPv4';
  const ports = (spec['ports'] ?? []) as { port: number }[];
  return {
    ...raw,
    spec: {
      ...spec,
      ipFamilyPolicy: policy,
      ipFamilies: policy === 'SingleStack' ? [primary] : [primary, other],
      ports: ports.map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port })),
    },
  };
}

/** Throws what the API server would answer with 422. */
export function validateSlice({ addressType, endpoints = [], ports = [] }: Raw): void {
  for (const { addresses } of endpoints) {
    if (addresses.length === 0) throw new Error('expected every endpoint to have an address');
    for (const address of addresses) {
      const family = address.includes(':') ? 'IPv6' : 'IPv4';
      if (family !== addressType) throw new Error(`expected an ${addressType ?? ''} address, got ${address}`);
    }
  }
  const names = ports.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw new Error(`expected unique port names, got ${names.join(', ')}`);
}
