import { expect } from 'chai';
import type { FaultProxy } from '../../support/fault-proxy.ts';
import { restarts, type Behind } from '../support/behind-proxy.ts';

/** Noticed within 15 s, and the failover that they hid is made up for. */
export async function silentConnections({ ns, proxy, operator }: Behind<FaultProxy>): Promise<void> {
  await ns.createService('db');
  const [leader] = await ns.createPods('db', 2);
  await ns.leads('db-leader', 'db-0');
  proxy.freeze();
  await leader!.setReady(false);
  await ns.leads('db-leader', 'db-1', 15_000);
  expect(await restarts(operator, 'silent')).to.be.above(0);
  await operator.ready();
}
