/** Rights that were granted, and those that were used, in words that can be compared. */
import type { AuditEvent, Cluster } from '../../cluster/cluster.ts';
import { objectsIn, kindsIn, type Release, type Rendered } from './helm.ts';
import { helmOk } from './helm.ts';

interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** What a pod may ask of anybody: no group's name is that of a resource of ours. */
const EVERYWHERE = 'all namespaces';

/** `verb group/resource[ name] in namespace`: of all roles that the release binds to its account. */
export async function grantedTo(cluster: Cluster, { name, namespace }: Release): Promise<string[]> {
  const manifest = await helmOk(
    ['get', 'manifest', name, '--namespace', namespace],
    '',
    cluster.kubeconfigPath,
  );
  const objects = objectsIn(manifest);
  const bound = (binding: Rendered, kind: string): string[] => {
    const roleName = (binding['roleRef'] as { name: string }).name;
    const where = binding.metadata.namespace;
    const role = kindsIn(objects, kind).find(
      ({ metadata }) => metadata.name === roleName && metadata.namespace === where,
    );
    return (role?.['rules'] as PolicyRule[]).flatMap((rule) => rightsOf(rule, where ?? EVERYWHERE));
  };
  return [
    ...kindsIn(objects, 'RoleBinding').flatMap((binding) => bound(binding, 'Role')),
    ...kindsIn(objects, 'ClusterRoleBinding').flatMap((binding) => bound(binding, 'ClusterRole')),
  ].sort();
}

function rightsOf(
  { apiGroups, resources, resourceNames = [''], verbs }: PolicyRule,
  where: string,
): string[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      resourceNames.flatMap((name) => verbs.map((verb) => right(verb, group, resource, name, where))),
    ),
  );
}

function right(verb: string, group: string, resource: string, name: string, where: string): string {
  return `${verb} ${group === '' ? 'core' : group}/${resource}${name === '' ? '' : ` ${name}`} in ${where}`;
}

/**
 * The same of the requests in the audit log. A cluster-wide right is used in whatever namespace; names count only for the
 * resources whose rights are bound to names.
 */
export function usedBy(
  events: readonly AuditEvent[],
  granted: readonly string[],
  username: string,
): string[] {
  const used = new Set<string>();
  for (const { user, verb, objectRef } of events) {
    if (user.username !== username || objectRef === undefined) continue;
    const { apiGroup = '', resource, subresource, name = '', namespace = '' } = objectRef;
    const full = subresource === undefined ? resource : `${resource}/${subresource}`;
    const candidates = [name, ''].flatMap((named) =>
      [namespace, EVERYWHERE].map((where) => right(verb, apiGroup, full, named, where)),
    );
    used.add(candidates.find((one) => granted.includes(one)) ?? candidates[0] ?? '');
  }
  return [...used].sort();
}

/** Requests of the user that were refused, in the same words. */
export function refusedTo(events: readonly AuditEvent[], username: string): string[] {
  return events
    .filter(({ user, responseStatus }) => user.username === username && responseStatus?.code === 403)
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}
