import type { KubeObject, OwnerReference, StringMap } from '../api/objects.ts';
import { ZenLeadError, messageOf } from '../errors.ts';
import { GROUP, keyOf, LABEL, MANAGED_BY, SLICE_ANNOTATION } from '../names.ts';
import { internMap, internString } from './intern.ts';
import type { RawMetadata, RawObject } from './raw.ts';

const NONE: StringMap = {};
const OWN_PREFIX = `${GROUP}/`;
/** kubectl's copy of a whole object. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** An integer is shorter, and what is cut can still be shown in a warning. */
const MAX_POD_ANNOTATION = 32;

/**
 * The fields that every kept object has. Throws ZenLeadError InvalidAnswer where one that identifies or orders objects
 * is missing.
 */
export function metadataOf(kind: string, raw: RawObject): KubeObject {
  const metadata = raw.metadata ?? {};
  return {
    namespace: internString(required(kind, metadata, 'namespace')),
    name: required(kind, metadata, 'name'),
    uid: required(kind, metadata, 'uid'),
    resourceVersion: required(kind, metadata, 'resourceVersion'),
    createdAt: createdAt(kind, metadata),
    deleting: metadata.deletionTimestamp !== undefined && metadata.deletionTimestamp !== null,
    labels: stringMap(metadata.labels),
  };
}

/** For an object that may not be one. */
export function rawKeyOf(raw: RawObject | null): string {
  return keyOf(raw?.metadata?.namespace ?? '', raw?.metadata?.name ?? '');
}

/** Runs a projection; whatever a wrong shape makes it throw becomes InvalidAnswer. */
export function projecting<T>(kind: string, raw: unknown, project: () => T): T {
  try {
    return project();
  } catch (error) {
    if (error instanceof ZenLeadError) throw error;
    const metadata = (raw as RawObject | null | undefined)?.metadata;
    throw invalid(kind, metadata ?? {}, `cannot be read: ${messageOf(error)}`);
  }
}

export function stringMap(value: StringMap | null | undefined): StringMap {
  return value === undefined || value === null ? NONE : internMap(value);
}

/** Our annotations. Others (kubectl's last-applied-configuration) are large and change often. */
export function ownAnnotations(raw: RawObject): StringMap {
  const annotations = raw.metadata?.annotations ?? NONE;
  const own = Object.entries(annotations).filter(
    ([name]) => name.startsWith(OWN_PREFIX) || name === SLICE_ANNOTATION.lastChangeTriggerTime,
  );
  return own.length === 0 ? NONE : Object.fromEntries(own);
}

/** What others put on a leader Service of ours may be for the plan to take away; of another Service, see ownAnnotations. */
export function serviceAnnotations(raw: RawObject): StringMap {
  if (raw.metadata?.labels?.[LABEL.managedBy] !== MANAGED_BY) return ownAnnotations(raw);
  const annotations = Object.entries(raw.metadata.annotations ?? NONE);
  const kept = annotations.filter(([name]) => name !== LAST_APPLIED);
  return kept.length === 0 ? NONE : Object.fromEntries(kept);
}

/** Any of them may be the one that a policy reads priorities from; some hold kilobytes, so long values are cut. */
export function podAnnotations(raw: RawObject): StringMap {
  const annotations = Object.entries(raw.metadata?.annotations ?? NONE);
  const kept = annotations.filter(([name]) => name !== LAST_APPLIED);
  if (kept.length === 0) return NONE;
  // internMap makes JSON of the values, and V8 then keeps a flat copy of the part, not the whole behind it.
  return internMap(Object.fromEntries(kept.map(([name, value]) => [name, cut(value)])));
}

function cut(value: string): string {
  return value.length <= MAX_POD_ANNOTATION ? value : `${value.slice(0, MAX_POD_ANNOTATION)}…`;
}

export function ownersOf(raw: RawObject): OwnerReference[] {
  return (raw.metadata?.ownerReferences ?? []).map((owner) => ({
    apiVersion: internString(owner.apiVersion),
    kind: internString(owner.kind),
    name: owner.name,
    uid: owner.uid,
    controller: owner.controller === true,
    ...(owner.blockOwnerDeletion === true ? { blockOwnerDeletion: true } : {}),
  }));
}

/** An RFC 3339 time as epoch milliseconds. */
export function timeOf(value: string | null | undefined): number | undefined {
  const time = Date.parse(value ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function createdAt(kind: string, metadata: RawMetadata): number {
  const time = timeOf(metadata.creationTimestamp);
  if (time === undefined) throw invalid(kind, metadata, 'has no metadata.creationTimestamp');
  return time;
}

type Identity = 'namespace' | 'name' | 'uid' | 'resourceVersion';

function required(kind: string, metadata: RawMetadata, field: Identity): string {
  const value: unknown = metadata[field];
  if (typeof value !== 'string' || value === '') throw invalid(kind, metadata, `has no metadata.${field}`);
  return value;
}

function invalid(kind: string, { namespace, name }: RawMetadata, problem: string): ZenLeadError {
  return new ZenLeadError('InvalidAnswer', `the ${kind} ${namespace ?? '?'}/${name ?? '?'} ${problem}`);
}
