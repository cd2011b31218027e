import { expect } from 'chai';
import { ledByPolicy } from '../../integration/support/policy.ts';
import type { FaultHttpProxy } from '../../support/fault-http-proxy.ts';
import type { Behind } from '../support/behind-proxy.ts';

/** Twice refused, and tried again five seconds later each time. */
const RETRIED_MS = 20_000;

/** No failover is held up, and the whole history is there in the end. */
export async function refusedStatus({ ns, proxy }: Behind<FaultHttpProxy>, status: number): Promise<void> {
  const name = `web-${status}`;
  const { policy, pods, leader } = await ledByPolicy(ns, name);
  const path = new RegExp(`/leaderpolicies/${name}/status`);
  proxy.addRule({ method: 'PATCH', path, times: 2, answer: { status } });
  for (const round of [0, 1, 0]) {
    await pods[round]!.setReady(false);
    await ns.leads(leader, pods[1 - round]!.name);
    await pods[round]!.setReady(true);
  }
  const { history, failovers } = await policy.becomes(({ leader, candidates }) => {
    expect([leader?.podName, candidates?.eligible]).to.deep.equal([pods[1]!.name, 2]);
  }, RETRIED_MS);
  expect(failovers).to.equal(3);
  expect(history?.map(({ epoch }) => epoch)).to.deep.equal([4, 3, 2, 1]);
  const refused = proxy.requests.filter((each) => path.test(each.path) && each.status === status);
  expect(refused).to.have.length(2);
}
