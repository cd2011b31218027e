/** kube-proxy's rules as `nft monitor` tells them. */
import type { RulesSighting } from './sightings.ts';

/**
 * A Service's chain, `service-<hash>-<namespace>/<name>/<protocol>/<port name>`, has one rule that translates to the address
 * of its endpoint, or of one of several. kube-proxy writes all of a sync as one transaction, and the kernel tells of it when it
 * is in force.
 */
const RULE = /^add rule ip6? kube-proxy service-\w+-(\S+?)\/(\S+?)\/\S+ .*\bdnat to \[?([\da-f.:]+?)\]?:\d+$/;

/** @returns undefined for lines about anything else than this Service, and where it leads to more than one address */
export function readRule(
  line: string,
  at: number,
  service: { readonly namespace: string; readonly name: string },
): RulesSighting | undefined {
  const [, namespace, name, address] = RULE.exec(line.trimEnd()) ?? [];
  if (namespace !== service.namespace || name !== service.name || address === undefined) return undefined;
  return { what: 'rules', at, address };
}
