import { expect } from 'chai';
import { AuditTrail } from '../integration/support/audit.ts';
import { eventually } from '../integration/support/eventually.ts';
import { namespace } from '../integration/support/namespace.ts';
import { withOperator } from '../integration/support/with-operator.ts';

describe('an API server that is killed and comes back on the same port', () => {
  const stage = withOperator('api-server');

  it('finds the operator alive, the leaders where they were, and the next failover served', async function () {
    this.timeout(60_000);
    const { ns, operator } = stage;
    await ns.createService('db');
    const [leader] = await ns.createPods('db', 3);
    await ns.leads('db-leader', 'db-0');
    await ns.eventsOf('db', 'LeaderElected');
    await ns.cluster.killApiserver();
    await eventually(async () => {
      const { status, body } = await operator.get('/healthz');
      expect(status, body).to.equal(200);
    });
    await ns.cluster.startApiserver();
    await operator.ready(30_000);
    expect(await ns.memory('db-leader')).to.include({ epoch: 1 });
    const trail = await AuditTrail.begin();
    await leader!.setReady(false);
    await ns.leads('db-leader', 'db-1', 15_000);
    const written = await trail.written({ namespace: ns.name, resource: 'endpointslices' });
    expect(written).to.deep.equal(['update endpointslices/db-leader-zen-lead-ipv4']);
  });
});

describe('a namespace that is deleted', () => {
  const stage = withOperator('doomed', { namespaces: 'all' });

  it('is let go without a flood, and the others go on', async function () {
    this.timeout(60_000);
    const { ns, operator } = stage;
    const other = await namespace('survivor');
    await other.createService('db');
    const [leader] = await other.createPods('db', 2);
    await ns.createService('db');
    const pods = await ns.createPods('db', 2);
    await Promise.all([ns.leads('db-leader', 'db-0'), other.leads('db-leader', 'db-0')]);
    const trail = await AuditTrail.begin();
    await ns.delete();
    for (const pod of pods) await pod.remove();
    await eventually(
      async () => {
        const { status } = await ns.cluster.api.request('GET', `/api/v1/namespaces/${ns.name}`);
        expect(status).to.equal(404);
      },
      { timeout: 40_000 },
    );
    await leader!.setReady(false);
    await other.leads('db-leader', 'db-1');
    // Two leaders are lost, told of, and what goes is made once more and refused: about nine. Without an end it would be hundreds.
    const written = await trail.written({ namespace: ns.name });
    expect(written.length, written.join('\n')).to.be.below(30);
    expect(operator.logs.filter(({ level }) => level === 'error')).to.deep.equal([]);
    await operator.ready();
  });
});
