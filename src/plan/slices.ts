/** The present slices of one leader Service, sorted into ours and others'. */
import type { EndpointSlice, Service } from '../api/objects.ts';
import { LABEL, sliceName, type AddressType } from '../names.ts';
import { isOurSlice } from './ownership.ts';
import type { Shape } from './request.ts';
import type { Input } from './types.ts';

const ALL_FAMILIES: readonly AddressType[] = ['IPv4', 'IPv6'];

export interface Slices {
  /** Of the leader Service, the primary one first. */
  readonly families: readonly AddressType[];
  readonly primary: AddressType;
  /** Ours by family, those of families that the Service does not have (any longer) too. */
  readonly ours: ReadonlyMap<AddressType, EndpointSlice>;
  /** Have one of our names and are not ours. */
  readonly taken: readonly EndpointSlice[];
  /** The primary family's name is taken: nobody can be published. */
  readonly isPrimaryTaken: boolean;
  /** Feed the leader Service and are not ours. */
  readonly foreign: readonly EndpointSlice[];
}

export function sortSlices(input: Input, actual: Service, shape: Shape | undefined): Slices {
  const families = actual.ipFamilies.length > 0 ? actual.ipFamilies : (shape?.ipFamilies ?? []);
  const familyByName = new Map(ALL_FAMILIES.map((family) => [sliceName(input.name, family), family]));
  const ours = new Map<AddressType, EndpointSlice>();
  const taken: EndpointSlice[] = [];
  const foreign: EndpointSlice[] = [];
  for (const slice of input.slices) {
    const family = familyByName.get(slice.name);
    if (family !== undefined && isOurSlice(slice, input.name)) ours.set(family, slice);
    else if (family !== undefined) taken.push(slice);
    else if (slice.labels[LABEL.serviceName] === input.name) foreign.push(slice);
  }
  const primary = families[0] ?? 'IPv4';
  return {
    families: families.length > 0 ? families : [primary],
    primary,
    ours,
    taken,
    isPrimaryTaken: taken.some(({ name }) => familyByName.get(name) === primary),
    foreign,
  };
}
