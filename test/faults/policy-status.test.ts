import { expect } from 'chai';
import { installCrd } from '../integration/support/crd.ts';
import { ledByPolicy } from '../integration/support/policy.ts';
import { behindHttpProxy } from './support/behind-proxy.ts';

/** Twice refused, and tried again five seconds later each time. */
const RETRIED_MS = 20_000;
const STATUS = /\/leaderpolicies\/[^/]*\/status/;

describe('an API server that does not take the status of a LeaderPolicy at first', function () {
  this.timeout(40_000);
  before(() => installCrd());
  const stage = behindHttpProxy('policy-status');

  for (const status of [409, 500, 429]) {
    it(`(${status}) holds no failover up, and gets the whole history in the end`, async () => {
      const { ns, proxy } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, `web-${status}`);
      proxy.addRule({ method: 'PATCH', path: STATUS, times: 2, answer: { status } });
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
    });
  }
});
