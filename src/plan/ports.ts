/** The source's ports on one pod: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports */
import type { EndpointPort, Pod, ServicePort } from '../api/objects.ts';

export type Resolved =
  | { readonly ports: readonly EndpointPort[] }
  /** Names the port and the pod. */
  | { readonly unresolved: string };

/** All ports or none: a leader that answers on half of its ports would look healthy and not be. */
export function resolvePorts(ports: readonly ServicePort[], pod: Pod): Resolved {
  const resolved: EndpointPort[] = [];
  for (const port of ports) {
    const number = resolve(port, pod);
    if (number === undefined) return { unresolved: describe(port, pod) };
    const { name, protocol, appProtocol } = port;
    resolved.push({ name, protocol, port: number, ...(appProtocol === undefined ? {} : { appProtocol }) });
  }
  return { ports: resolved };
}

function resolve({ port, targetPort, protocol }: ServicePort, pod: Pod): number | undefined {
  if (typeof targetPort !== 'string') return targetPort ?? port;
  return pod.ports.find((named) => named.name === targetPort && named.protocol === protocol)?.port;
}

function describe(port: ServicePort, pod: Pod): string {
  const has = pod.ports.map((named) => `${named.name}/${named.protocol}`).join(', ') || 'no named ports';
  return `port ${port.name || port.port}: targetPort "${String(port.targetPort)}"/${port.protocol} is not a container port of pod ${pod.name} (it has ${has})`;
}
