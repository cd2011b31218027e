import { expect } from 'chai';
import { eventually } from '../../integration/support/eventually.ts';
import type { FaultHttpProxy } from '../../support/fault-http-proxy.ts';
import type { Behind } from '../support/behind-proxy.ts';

const POD_WATCH = /\/pods\?.*watch=/;
const PODS = /\/pods\?/;

/** The last good state is left, /readyz and one log line name what is wrong, and afterwards it is forgotten. */
export async function refusedPods({ ns, proxy, operator }: Behind<FaultHttpProxy>): Promise<void> {
  await ns.createService('db');
  const [leader] = await ns.createPods('db', 2);
  await ns.leads('db-leader', 'db-0');
  const allow = proxy.addRule({ path: PODS, answer: { status: 403 } });
  proxy.cut(POD_WATCH);
  await leader!.setReady(false);
  const line = await operator.waitForLog(({ level, resource }) => level === 'warn' && resource === 'pods');
  expect(JSON.stringify(line)).to.contain('403').and.to.contain(ns.name);
  await eventually(
    async () => {
      const { status, body } = await operator.get('/readyz?verbose');
      expect(status).to.equal(503);
      expect(body).to.contain('pods');
    },
    { timeout: 25_000 },
  );
  expect(await ns.leaderOf('db-leader')).to.equal('db-0');
  allow();
  await ns.leads('db-leader', 'db-1', 12_000);
  await operator.ready();
}
