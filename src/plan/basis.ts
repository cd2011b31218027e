/** What a plan was made from, as far as another replica may know better (invariant I9). */
import { LABEL } from '../names.ts';
import { controllerOf, isOurSlice, isPolicyReference } from './ownership.ts';
import type { Input, Plan } from './types.ts';

/** An object of the plan's namespace: `pods/web-0`. */
export type BasisObject = `${'pods' | 'services' | 'leaderpolicies'}/${string}`;

/** Of a Service with more pods than that, some may be taken for what they were. */
const MAX_PODS = 32;

/** Without these as they are now, the writes of the plan may be wrong: it may have been made from what is past. */
export function basisOf(input: Input, planned: Plan): BasisObject[] {
  return [...new Set([...podsOf(input, planned), ...servicesOf(input), ...policiesOf(input)])];
}

/** The leader of before and the one to come; where there is to be none, all that might have led instead. */
function podsOf({ claims }: Input, { change, memory, outlook }: Plan): BasisObject[] {
  const pods = outlook?.published === false ? claims.flatMap((claim) => claim.pods) : [];
  const names = [change?.from?.name, memory.podName, ...pods.slice(0, MAX_PODS).map(({ name }) => name)];
  return names.filter((name) => name !== undefined).map((name) => `pods/${name}` as const);
}

/** The leader Service, and those who want it or may have wanted it. */
function servicesOf({ name, claims, actual }: Input): BasisObject[] {
  const source = actual?.labels[LABEL.sourceService];
  const names = [name, ...(source === undefined ? [] : [source])];
  return [...names, ...claims.map(({ request }) => request.sourceName)].map(
    (each) => `services/${each}` as const,
  );
}

function policiesOf({ claims, actual }: Input): BasisObject[] {
  const controller = actual === undefined ? undefined : controllerOf(actual);
  const maker = controller !== undefined && isPolicyReference(controller) ? [controller.name] : [];
  const names = claims.flatMap(({ request }) => request.policy?.name ?? []);
  return [...maker, ...names].map((name) => `leaderpolicies/${name}` as const);
}

/** Tells two states of our slices apart. */
export function revisionOf({ slices, name }: Pick<Input, 'slices' | 'name'>): string {
  const ours = slices.filter((slice) => isOurSlice(slice, name));
  return ours
    .map(({ uid, resourceVersion }) => `${uid}/${resourceVersion}`)
    .sort()
    .join();
}
