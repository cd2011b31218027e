/** Where a server listens. Without a host: on all addresses. Port 0: any free one. */
export interface BindAddress {
  readonly host?: string;
  readonly port: number;
}

/** The syntax in words, for error messages. */
export const BIND_ADDRESS_SYNTAX =
  '[host]:port with a port from 0 to 65535 (":8080", "127.0.0.1:8080", "[::1]:8080"), or "0" for off';

const PATTERN = /^(?:\[(?<ipv6>[0-9a-fA-F:.%a-z]+)\]|(?<host>[\w.-]+))?:(?<port>\d{1,5})$/;

/**
 * Reads an address as Go's net.Listen writes it. "off" for `0` and the empty string; undefined where it cannot be read.
 */
export function parseBindAddress(text: string): BindAddress | 'off' | undefined {
  if (text === '' || text === '0') return 'off';
  const groups = PATTERN.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const port = Number(groups['port']);
  if (port > 65_535) return undefined;
  const host = groups['ipv6'] ?? groups['host'];
  return host === undefined ? { port } : { host, port };
}

export function formatBindAddress({ host = '', port }: BindAddress): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
