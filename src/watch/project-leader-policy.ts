import { validateSpec } from '../api/leader-policy-validator.ts';
import type { LeaderPolicy } from '../api/objects.ts';
import { LEADER_SUFFIX, MAX_SERVICE_NAME } from '../names.ts';
import { SERVICE_NAME } from '../plan/request.ts';
import { metadataOf, projecting } from './metadata.ts';
import type { RawLeaderPolicy } from './raw.ts';

/**
 * The spec is validated here, once for each change of a policy, with its defaults applied. Throws ZenLeadError
 * InvalidAnswer for what is no object of the API server; a policy with an invalid spec is kept, with its problems.
 */
export function projectLeaderPolicy(raw: unknown): LeaderPolicy {
  return projecting('LeaderPolicy', raw, () => policyOf(raw as RawLeaderPolicy));
}

function policyOf(raw: RawLeaderPolicy): LeaderPolicy {
  return {
    ...metadataOf('LeaderPolicy', raw),
    generation: raw.metadata?.generation ?? 0,
    ...namesIn(raw.spec),
    ...validateSpec(raw.spec),
    // The API server keeps to the schema of its CRD, in which nothing of a status is required.
    status: isObject(raw.status) ? raw.status : {},
  };
}

/** Also of a spec that is invalid elsewhere: its leader Service stays, and is not taken for one that nobody wants. */
function namesIn(spec: unknown): Pick<LeaderPolicy, 'serviceName' | 'leaderServiceName'> {
  const serviceName = nameIn(spec, 'serviceRef');
  const given = nameIn(spec, 'leaderService');
  const wanted = given ?? (typeof serviceName === 'string' ? serviceName + LEADER_SUFFIX : undefined);
  return {
    ...(typeof serviceName === 'string' ? { serviceName } : {}),
    ...(isServiceName(wanted) && wanted !== serviceName ? { leaderServiceName: wanted } : {}),
  };
}

/** `spec.<part>.name`; undefined where there is none. */
function nameIn(spec: unknown, part: 'serviceRef' | 'leaderService'): unknown {
  const object = isObject(spec) ? spec[part] : undefined;
  return isObject(object) ? (object['name'] ?? undefined) : undefined;
}

function isServiceName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MAX_SERVICE_NAME && SERVICE_NAME.test(name);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
