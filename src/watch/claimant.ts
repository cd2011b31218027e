/** Who may want a leader Service: a source Service, by its annotations, or a LeaderPolicy. */
import type { LeaderPolicy, Service } from '../api/objects.ts';
import { keyOf, LABEL, POLICY_KIND, splitKey } from '../names.ts';
import { namesByAnnotation, parseAnnotations } from '../plan/annotation-request.ts';
import { controllerOf, isLabelledOurs, isPolicyReference } from '../plan/ownership.ts';
import { namesByPolicy, parsePolicy } from '../plan/policy-request.ts';
import type { Request, Requester } from '../plan/request.ts';
import type { Store } from './store.ts';

/** `Service/web` or `LeaderPolicy/web`, within a namespace. */
export type ClaimantId = `${Requester['kind']}/${string}`;

/** Where claimants are found. */
export interface Claimants {
  readonly services: Store<Service>;
  readonly policies: Store<LeaderPolicy>;
}

export interface Wish {
  /** Name of the Service whose pods may lead. */
  readonly source?: string;
  /** Names of the leader Services. */
  readonly names: readonly string[];
}

/** @param owned names of the leader Services that it owns now */
export function wishOf(
  { services, policies }: Claimants,
  namespace: string,
  id: ClaimantId,
  owned: readonly string[],
): Wish {
  const { namespace: kind, name } = splitKey(id);
  const key = keyOf(namespace, name);
  if (kind !== POLICY_KIND) {
    const service = services.get(key);
    return { source: name, names: service === undefined ? [] : namesByAnnotation(service, owned) };
  }
  const policy = policies.get(key);
  if (policy === undefined) return { names: [] };
  const source = policy.serviceName === undefined ? {} : { source: policy.serviceName };
  return { ...source, names: namesByPolicy(policy, owned) };
}

export function requestOf(
  { services, policies }: Claimants,
  namespace: string,
  id: ClaimantId,
): Request | undefined {
  const { namespace: kind, name } = splitKey(id);
  const key = keyOf(namespace, name);
  if (kind !== POLICY_KIND) {
    const source = services.get(key);
    return source === undefined ? undefined : parseAnnotations(source);
  }
  const policy = policies.get(key);
  if (policy === undefined) return undefined;
  return parsePolicy(policy, services.get(keyOf(namespace, policy.serviceName ?? '')));
}

/** Who made a Service that says it is ours: the policy that controls it, else the source of its label. */
export function makerOf(service: Service): ClaimantId | undefined {
  const source = service.labels[LABEL.sourceService];
  if (!isLabelledOurs(service) || source === undefined) return undefined;
  const controller = controllerOf(service);
  return controller !== undefined && isPolicyReference(controller)
    ? `${POLICY_KIND}/${controller.name}`
    : `Service/${source}`;
}
