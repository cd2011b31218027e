import { Resolver } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * Asks one DNS server for IPv4 addresses, anew for every connection: neither the machine's resolver nor a cache is between.
 * @param server `address:port`
 */
export function lookupAt(server: string): LookupFunction {
  const resolver = new Resolver({ timeout: 500, tries: 2 });
  resolver.setServers([server]);
  return (hostname, { all }, callback) => {
    resolver.resolve4(hostname, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const [address = ''] = addresses;
      if (all === true) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    });
  };
}
