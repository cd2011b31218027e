/** The rules of leading, written a second time and without the code under test, for property tests. */
import { BlockList, isIPv6 } from 'node:net';
import type { Pod, Service, ServicePort, StringMap } from '../../src/api/objects.ts';
import type { AddressType } from '../../src/names.ts';
import type { Request } from '../../src/plan/request.ts';

const REFUSED = new BlockList();
REFUSED.addSubnet('127.0.0.0', 8);
REFUSED.addSubnet('169.254.0.0', 16);
REFUSED.addSubnet('224.0.0.0', 4);
REFUSED.addAddress('0.0.0.0');
REFUSED.addAddress('::1', 'ipv6');
REFUSED.addAddress('::', 'ipv6');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
REFUSED.addSubnet('ff00::', 8, 'ipv6');

export function isRefused(address: string): boolean {
  return REFUSED.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

export function familyOf(address: string): AddressType {
  return isIPv6(address) ? 'IPv6' : 'IPv4';
}

/** Ready, not on its way out, and with an address of the family. */
export function mayLead(pod: Pod, family: AddressType): boolean {
  return isAlive(pod) && pod.ready && pod.ips.some((ip) => familyOf(ip) === family && !isRefused(ip));
}

export function isAlive({ deleting, phase }: Pod): boolean {
  return !deleting && phase !== 'Succeeded' && phase !== 'Failed';
}

export function isSelected({ labels }: Pod, source: Service | undefined): boolean {
  const selector = source?.selector;
  return selector !== undefined && carries(labels, selector);
}

function carries(labels: StringMap, wanted: StringMap): boolean {
  return Object.keys(wanted).every((name) => labels[name] === wanted[name]);
}

export function hasPorts(pod: Pod, ports: readonly ServicePort[]): boolean {
  return ports.every(
    ({ targetPort, protocol }) =>
      typeof targetPort !== 'string' ||
      pod.ports.some((port) => port.name === targetPort && port.protocol === protocol),
  );
}

/** The pods that may lead by the request, but for minReady and ports. */
export function fit(pods: readonly Pod[], request: Request, family: AddressType): Pod[] {
  const { source, exclude, followLabel } = request;
  const isOut = ({ labels }: Pod): boolean => exclude !== undefined && carries(labels, exclude);
  const selected = pods.filter((pod) => isSelected(pod, source) && !isOut(pod));
  if (followLabel === undefined) return selected.filter((pod) => mayLead(pod, family));
  const claimants = selected.filter((pod) => pod.ready && isAlive(pod) && carries(pod.labels, followLabel));
  return claimants.length === 1 ? claimants.filter((pod) => mayLead(pod, family)) : [];
}
