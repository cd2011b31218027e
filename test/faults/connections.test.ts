import { expect } from 'chai';
import { eventually } from '../integration/support/eventually.ts';
import { behindTcpProxy, restarts } from './support/behind-proxy.ts';

describe('a proxy that cuts every connection', () => {
  const stage = behindTcpProxy('cut');

  it('costs no failover, and moves nobody', async () => {
    const { ns, proxy, operator } = stage;
    await ns.createService('db');
    const [first, second, third] = await ns.createPods('db', 3);
    await ns.leads('db-leader', 'db-0');
    proxy.cutAll();
    await first!.setReady(false);
    await ns.leads('db-leader', 'db-1');
    for (let round = 0; round < 5; round += 1) proxy.cutAll();
    await second!.remove();
    await ns.leads('db-leader', 'db-2');
    proxy.cutAll();
    await first!.setReady(true);
    await third!.setReady(false);
    await ns.leads('db-leader', 'db-0');
    expect((await ns.memory('db-leader')).epoch).to.equal(4);
    expect(await restarts(operator, 'dropped')).to.be.above(0);
  });

  it('hides what happened meanwhile only until it lets connections pass again', async () => {
    const { ns, proxy } = stage;
    await ns.createService('gap');
    await ns.createService('left');
    const [leader] = await ns.createPods('gap', 2);
    await ns.createPods('left', 1);
    await Promise.all([ns.leads('gap-leader', 'gap-0'), ns.leads('left-leader', 'left-0')]);
    await proxy.refuse();
    proxy.cutAll();
    await leader!.remove();
    await ns.annotate('left', { enabled: null });
    await proxy.accept();
    await ns.leads('gap-leader', 'gap-1');
    await eventually(async () => {
      expect(await ns.service('left-leader')).to.equal(undefined);
    });
  });
});
