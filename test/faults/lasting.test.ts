import { installCrd } from '../integration/support/crd.ts';
import { sideBySide } from '../integration/support/side-by-side.ts';
import { refusedPods } from './scenarios/refused-pods.ts';
import { refusedStatus } from './scenarios/refused-status.ts';
import { REPLICAS } from './scenarios/replicas.ts';
import { silentConnections } from './scenarios/silent-connections.ts';
import { behindHttpProxy, behindTcpProxy } from './support/behind-proxy.ts';

/** Until a silent watch is given up, a Lease has run out, a refused report is tried again: that takes its time, so all of it is done at once. */
describe('faults that last', () => {
  before(async function () {
    this.timeout(20_000);
    await installCrd();
  });
  const forbidden = behindHttpProxy('forbidden');
  const silent = behindTcpProxy('silent');
  const status = behindHttpProxy('policy-status');
  const refused = [409, 500, 429].map((code) => [
    `a status of a LeaderPolicy that is not taken at first (${code}) holds no failover up, and has the whole history in the end`,
    () => refusedStatus(status, code),
  ]);

  sideBySide(
    {
      'pods that may not be read (403) for a while leave the last good state, are named on /readyz and in one log line, and are forgotten afterwards':
        () => refusedPods(forbidden),
      'connections that go silent without being closed are noticed within 15 s, and the failover that they hid is made up for':
        () => silentConnections(silent),
      ...(Object.fromEntries(refused) as Record<string, () => Promise<void>>),
      ...REPLICAS,
    },
    45_000,
  );
});
