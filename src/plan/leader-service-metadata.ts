/** Labels, annotations and owners of the leader Service. What other hands added is left alone. */
import { isDeepStrictEqual } from 'node:util';
import type { ObjectReference, OwnerReference, Service, StringMap } from '../api/objects.ts';
import { LABEL, MANAGED_BY, SERVICE_ANNOTATION } from '../names.ts';
import { isServiceReference } from './ownership.ts';
import type { Requester, Shape } from './request.ts';
import type { Body } from './types.ts';

/** What the elected request makes of the leader Service. */
export interface Wanted {
  readonly shape: Shape;
  readonly requester: Requester;
  readonly sourceName: string;
  /**
   * The source, where it asks for this leader Service by annotation too: a second, non-controller owner, so that the Service
   * lives on when the policy goes.
   */
  readonly heir?: ObjectReference;
}

export function wantedMetadata(wanted: Wanted): Body {
  const { labels, annotations } = added(wanted.shape);
  return {
    labels: { ...labels, ...ourLabels(wanted) },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ownerReferences: ownersFor(wanted, []),
  };
}

export function metadataPatch(actual: Service, wanted: Wanted): Body | undefined {
  const { labels, annotations } = added(wanted.shape);
  const before = addedBefore(actual);
  const patch: Record<string, unknown> = {};
  const labelPatch = mapPatch(actual.labels, { ...labels, ...ourLabels(wanted) }, before.labels);
  const annotationPatch = mapPatch(actual.annotations, annotations, [
    ...before.annotations,
    SERVICE_ANNOTATION.addedMetadata,
  ]);
  if (labelPatch !== undefined) patch['labels'] = labelPatch;
  if (annotationPatch !== undefined) patch['annotations'] = annotationPatch;
  // While the owner is being deleted, a missing reference means that its deletion orphans: to write it again would undo that.
  const owners = ownersFor(wanted, actual.owners, actual.labels[LABEL.sourceService]);
  if (!wanted.requester.deleting && !sameOwners(actual.owners, owners)) patch['ownerReferences'] = owners;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function ourLabels({ sourceName }: Wanted): StringMap {
  return { [LABEL.managedBy]: MANAGED_BY, [LABEL.sourceService]: sourceName };
}

/** What the policy adds, and a note of it for the day on which it no longer does. */
function added({ labels, annotations }: Shape): { labels: StringMap; annotations: StringMap } {
  const names = { labels: Object.keys(labels).sort(), annotations: Object.keys(annotations).sort() };
  if (names.labels.length + names.annotations.length === 0) return { labels, annotations };
  return {
    labels,
    annotations: { ...annotations, [SERVICE_ANNOTATION.addedMetadata]: JSON.stringify(names) },
  };
}

interface Names {
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
}

function addedBefore({ annotations }: Service): Names {
  try {
    const names = JSON.parse(annotations[SERVICE_ANNOTATION.addedMetadata] ?? '{}') as Partial<
      Record<keyof Names, unknown>
    > | null;
    return { labels: strings(names?.labels), annotations: strings(names?.annotations) };
  } catch {
    return { labels: [], annotations: [] }; // A hand was there: what cannot be told is left alone.
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** @param gone names that are to go, unless they are wanted */
function mapPatch(actual: StringMap, wanted: StringMap, gone: readonly string[]): Body | undefined {
  const patch: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(wanted)) if (actual[name] !== value) patch[name] = value;
  for (const name of gone) if (wanted[name] === undefined && actual[name] !== undefined) patch[name] = null;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The controller first; other hands' references stay, but for a second controller and for ours of before. */
function ownersFor(
  { requester, heir, sourceName }: Wanted,
  present: readonly OwnerReference[],
  formerSource?: string,
): OwnerReference[] {
  const ours = [
    ownerReference(requester, true),
    ...(heir === undefined ? [] : [ownerReference(heir, false)]),
  ];
  const others = present.filter(
    (owner) =>
      !owner.controller &&
      owner.uid !== requester.uid &&
      !(isServiceReference(owner) && (owner.name === sourceName || owner.name === formerSource)),
  );
  return [...ours, ...others];
}

function ownerReference(
  { apiVersion, kind, name, uid }: ObjectReference,
  controller: boolean,
): OwnerReference {
  return { apiVersion, kind, name, uid, controller };
}

function sameOwners(actual: readonly OwnerReference[], wanted: readonly OwnerReference[]): boolean {
  const sorted = (owners: readonly OwnerReference[]): OwnerReference[] =>
    owners.toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
  return isDeepStrictEqual(sorted(actual), sorted(wanted));
}
