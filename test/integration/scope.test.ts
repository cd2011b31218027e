import { expect } from 'chai';
import { AuditTrail } from './support/audit.ts';
import { eventually, throughout } from './support/eventually.ts';
import { namespace, type Namespace } from './support/namespace.ts';
import { startOperator } from './support/operator-process.ts';
import { grantIn } from './support/rbac.ts';

async function led(ns: Namespace): Promise<void> {
  await ns.createService('web');
  await ns.createPods('web', 2);
}

describe('an operator', function () {
  this.timeout(20_000);

  it('of two namespaces leads the Services of both, each with its own pods, and needs no rights elsewhere', async () => {
    const [one, two, other] = await Promise.all([namespace('one'), namespace('two'), namespace('other')]);
    await Promise.all([grantIn(one.cluster, one.name, 'tenant'), grantIn(two.cluster, two.name, 'tenant')]);
    const kubeconfig = await one.cluster.createUserKubeconfig({ user: 'tenant' });
    const operator = await startOperator({ namespaces: [one.name, two.name], kubeconfig });
    await operator.ready();
    await Promise.all([one, two, other].map(led));
    await one.leads('web-leader', 'web-0');
    await two.leads('web-leader', 'web-0');
    const uids = await Promise.all(
      [one, two].map(async (ns) => (await ns.endpoint('web-leader'))?.targetRef?.uid),
    );
    expect(new Set(uids).size).to.equal(2);
    await throughout(200, async () => {
      expect(await other.service('web-leader')).to.equal(undefined);
    });
    expect(operator.logs.filter(({ level }) => level === 'warn' || level === 'error')).to.deep.equal([]);
    await operator.stop();
  });

  it('of all namespaces leads the Services of those that are made later too, and outlives their deletion', async () => {
    const operator = await startOperator({ namespaces: 'all' });
    await operator.ready();
    const ns = await namespace('later');
    await led(ns);
    await ns.leads('web-leader', 'web-0');
    await ns.delete();
    // No kubelet is here to end them, and the namespace waits for its pods.
    const pods = await ns.cluster.api.call<{ items: { metadata: { name: string } }[] }>(
      'GET',
      ns.path('pods'),
    );
    for (const { metadata } of pods.items) {
      await ns.cluster.api.call('DELETE', ns.path('pods', metadata.name), {
        body: { gracePeriodSeconds: 0 },
      });
    }
    await eventually(
      async () => {
        expect((await ns.cluster.api.request('GET', `/api/v1/namespaces/${ns.name}`)).status).to.equal(404);
      },
      { timeout: 15_000, describe: 'the namespace to be gone' },
    );
    expect(operator.logs.filter(({ level }) => level === 'error')).to.deep.equal([]);
    const mine = operator.logs.filter(
      (line) => line.level === 'warn' && JSON.stringify(line).includes(ns.name),
    );
    expect(mine).to.deep.equal([]);
    expect((await operator.get('/readyz')).status).to.equal(200);
    await operator.stop();
  });

  it('writes no pod, and asks for nothing that its role does not grant', async () => {
    const ns = await namespace('rights');
    const operator = await startOperator({ namespaces: [ns.name] });
    await operator.ready();
    const trail = await AuditTrail.begin();
    await led(ns);
    await ns.leads('web-leader', 'web-0');
    await ns.eventsOf('web', 'LeaderElected');
    await ns.annotate('web', { enabled: null });
    await ns.eventsOf('web', 'LeaderServiceDeleted');
    const writes = await trail.writes({ namespace: ns.name });
    expect(writes.length).to.be.greaterThan(3);
    expect(new Set(writes.map(({ objectRef }) => objectRef?.resource))).to.deep.equal(
      new Set(['services', 'endpointslices', 'events']),
    );
    expect(writes.filter(({ responseStatus }) => responseStatus?.code === 403)).to.deep.equal([]);
    await operator.stop();
  });
});
