import { expect } from 'chai';
import { eventually } from '../integration/support/eventually.ts';
import { behindTcpProxy, restarts } from './support/behind-proxy.ts';

describe('an operator that was cut off for longer than the API server remembers (410)', () => {
  const stage = behindTcpProxy('expired');

  it('lists again and finds the pod that was deleted and the Service that was left', async function () {
    this.timeout(30_000);
    const { ns, proxy, operator } = stage;
    await ns.createService('db');
    await ns.createService('left');
    await ns.createService('calm');
    const [leader] = await ns.createPods('db', 2);
    await ns.createPods('left', 1);
    await ns.createPods('calm', 2);
    await Promise.all([
      ns.leads('db-leader', 'db-0'),
      ns.leads('left-leader', 'left-0'),
      ns.leads('calm-leader', 'calm-0'),
    ]);
    await proxy.refuse();
    proxy.cutAll();
    await leader!.remove();
    await ns.annotate('left', { enabled: null });
    await ns.cluster.expireResourceVersions();
    await proxy.accept();
    await ns.leads('db-leader', 'db-1', 10_000);
    await eventually(async () => {
      expect(await ns.service('left-leader')).to.equal(undefined);
    });
    expect(await ns.leaderOf('calm-leader')).to.equal('calm-0');
    expect(await restarts(operator, 'expired')).to.be.above(0);
  });
});
