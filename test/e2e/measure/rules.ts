/** kube-proxy's rules as `nft monitor` tells them. */
import type { RulesSighting } from './sightings.ts';

/**
 * A Service's chain, `service-<hash>-<namespace>/<name>/<protocol>/<port name>`, gets one rule that goes to the chains of its
 * endpoints, `endpoint-<hash>-<the same>__<address>/<port>` (pkg/proxy/nftables in k8s.io/kubernetes). kube-proxy
 * writes all of a sync as one transaction, and the kernel tells of it when it is in force.
 */
const RULE = /^add rule ip6? kube-proxy service-\w+-(\S+?)\/(\S+?)\/\S+ .*\bgoto endpoint-/;
const ENDPOINT = /\bgoto endpoint-[^\s]+?__([^/\s]+)\/\d+/g;

/** @returns undefined for lines about anything else than this Service, and where it leads to more than one address */
export function readRule(
  line: string,
  at: number,
  service: { readonly namespace: string; readonly name: string },
): RulesSighting | undefined {
  const [, namespace, name] = RULE.exec(line) ?? [];
  if (namespace !== service.namespace || name !== service.name) return undefined;
  const addresses = [...line.matchAll(ENDPOINT)].map(([, address = '']) => address);
  const [address] = addresses;
  return address === undefined || addresses.length > 1 ? undefined : { what: 'rules', at, address };
}
