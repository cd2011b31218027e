import { expect } from 'chai';
import { AuditTrail, quietly } from './support/audit.ts';
import { namespace, type Namespace } from './support/namespace.ts';
import { startOperator, type OperatorProcess } from './support/operator-process.ts';

describe('failover', () => {
  let ns: Namespace;
  let operator: OperatorProcess;

  before(async function () {
    this.timeout(20_000);
    ns = await namespace('failover');
    operator = await startOperator({ namespaces: [ns.name] });
    await operator.ready();
  });

  after(async () => {
    await operator.stop();
  });

  it('moves to another Ready pod when the leader becomes NotReady, with one write', async () => {
    await ns.createService('web');
    const [first] = await ns.createPods('web', 2);
    await ns.leads('web-leader', 'web-0');
    const trail = await AuditTrail.begin();
    await first!.setReady(false);
    await ns.leads('web-leader', 'web-1');
    expect(await trail.written({ namespace: ns.name, resource: 'endpointslices' })).to.deep.equal([
      'update endpointslices/web-leader-zen-lead-ipv4',
    ]);
    await ns.eventsOf('web', 'LeaderChanged');
    const writes = await quietly(ns.name, () => first!.setReady(true));
    expect(writes).to.deep.equal([]);
  });
});
