/** What the watches of a measurement read of pods and EndpointSlices. */
import { KCM_SLICE_MANAGER, LABEL } from '../../../src/names.ts';
import type { PodSighting, SliceSighting } from './sightings.ts';

export interface RawPod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly status?: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface RawSlice {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean };
        readonly targetRef?: { readonly uid?: string };
      }[]
    | null;
}

export function seePod({ metadata, status }: RawPod, at: number, gone: boolean): PodSighting {
  const { name, uid, deletionTimestamp } = metadata;
  const ready = status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
  const fit = ready && deletionTimestamp === undefined && !gone;
  return { what: 'pod', at, name, uid, ip: status?.podIP, fit };
}

/** @returns undefined for a slice of neither Service */
export function seeSlice(
  { metadata, endpoints }: RawSlice,
  at: number,
  { source, leader }: { readonly source: string; readonly leader: string },
): SliceSighting | undefined {
  const { labels = {}, resourceVersion } = metadata;
  const service = labels[LABEL.serviceName];
  const byKcm = labels[LABEL.sliceManagedBy] === KCM_SLICE_MANAGER;
  const what = byKcm && service === source ? 'source' : !byKcm && service === leader ? 'leader' : undefined;
  if (what === undefined) return undefined;
  const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
  return {
    what,
    at,
    resourceVersion: Number(resourceVersion),
    ready: ready.flatMap(({ targetRef }) => targetRef?.uid ?? []),
    addresses: ready.flatMap(({ addresses }) => addresses),
  };
}
