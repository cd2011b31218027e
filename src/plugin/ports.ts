/** Ports of the leader Service as ports of the leader's pod. */
import type { EndpointPort, ServicePort } from '../api/objects.ts';
import { CommandFailure } from './failure.ts';

const ARGUMENT = /^(?:(\d{0,5}):)?([a-z0-9-]+)$/i;

export interface Wanted {
  /** undefined: the same as `port`; '': a free one. */
  readonly local?: string;
  /** Of the leader Service. */
  readonly port: ServicePort;
}

/**
 * @param args `[LOCAL:]PORT`, PORT a number or name of the leader Service; none: all of its TCP ports
 * @throws CommandFailure `usage`
 */
export function wantedPorts(args: readonly string[], ports: readonly ServicePort[]): readonly Wanted[] {
  const tcp = ports.filter(({ protocol }) => protocol === 'TCP');
  if (args.length > 0) return args.map((argument) => wantedPort(argument, tcp));
  if (tcp.length > 0) return tcp.map((port) => ({ port }));
  throw new CommandFailure('usage', 'the leader Service has no TCP port, and no other can be forwarded');
}

function wantedPort(argument: string, ports: readonly ServicePort[]): Wanted {
  const [, local, wanted] = ARGUMENT.exec(argument) ?? [];
  const port = ports.find(({ name, port: number }) => name === wanted || String(number) === wanted);
  if (wanted !== undefined && port !== undefined) return { port, ...(local === undefined ? {} : { local }) };
  const known = ports.map(({ name, port: number }) => (name === '' ? `${number}` : `${number} (${name})`));
  throw new CommandFailure(
    'usage',
    `port "${argument}": expected [LOCAL:]PORT with a TCP port of the leader Service: ${known.join(', ')}`,
  );
}

/** For `kubectl port-forward pod/...`: LOCAL:CONTAINER. @param resolved ports of the slice that publishes the pod */
export function forwardArguments(
  wanted: readonly Wanted[],
  resolved: readonly EndpointPort[],
): readonly string[] {
  return wanted.map(({ local, port }) => {
    const container = resolved.find(({ name, protocol }) => name === port.name && protocol === 'TCP')?.port;
    return `${local ?? port.port}:${container ?? port.port}`;
  });
}
