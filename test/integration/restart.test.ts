import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultHttpProxy } from '../support/fault-http-proxy.ts';
import { AuditTrail } from './support/audit.ts';
import { eventually } from './support/eventually.ts';
import { namespace, type Namespace } from './support/namespace.ts';
import { startOperator, type OperatorProcess } from './support/operator-process.ts';
import { freshAddresses } from './support/pod.ts';
import { operatorProxy } from './support/proxy.ts';

/** What is written late is written by then: reports are the last, and wait 20 ms. */
const SETTLED_MS = 1_000;

async function ready(ns: Namespace): Promise<OperatorProcess> {
  return (await startOperator({ namespaces: [ns.name] })).ready();
}

/** Nothing written any more: the audit log has been still for a while. */
async function settled(ns: Namespace): Promise<void> {
  let before = -1;
  await eventually(
    async () => {
      const trail = await AuditTrail.begin();
      await sleep(200);
      const now = (await trail.writes({ namespace: ns.name })).length;
      const still = before === 0 && now === 0;
      before = now;
      if (!still) throw new Error(`${now} writes in the last moment`);
    },
    { describe: 'the operator to have written all', timeout: 8_000 },
  );
}

describe('a restart', function () {
  this.timeout(20_000);

  it('with nothing changed writes nothing', async () => {
    const ns = await namespace('restart');
    await ns.createPods('web', 2);
    await ns.createPod('dual-0', { ips: freshAddresses() });
    await ns.createPod('dual-1', { ips: freshAddresses() });
    const first = await ready(ns);
    await ns.createService('web');
    await ns.createService('web-paused', { selector: { app: 'web' } });
    await ns.createService('web-ranked', {
      selector: { app: 'web' },
      annotations: { strategy: 'Ordinal', sticky: 'false' },
    });
    await ns.createService('dual', { spec: { ipFamilyPolicy: 'RequireDualStack' } });
    await ns.leads('web-paused-leader', 'web-0');
    await ns.annotate('web-paused', { paused: 'true' });
    await ns.leads('web-leader', 'web-0');
    await ns.annotate('web', { 'switchover-to': 'web-1' });
    await ns.leads('web-leader', 'web-1');
    await ns.leads('dual-leader', 'dual-0');
    await ns.leads('web-ranked-leader', 'web-0');
    await settled(ns);
    await first.stop();
    const trail = await AuditTrail.begin();
    const second = await ready(ns);
    await sleep(SETTLED_MS);
    expect(await trail.written({ namespace: ns.name })).to.deep.equal([]);
    expect(second.logs.filter(({ message }) => message === 'leader changed')).to.deep.equal([]);
    await second.stop();
  });

  it('changes nothing where states last, and tells them no second time', async () => {
    const ns = await namespace('restart');
    const first = await ready(ns);
    await ns.createService('empty');
    await ns.createService('typo', { annotations: { sticky: 'no' } });
    await ns.createService('own-leader', { annotations: false });
    await ns.createService('own');
    await ns.createPods('failed', 1);
    await ns.createService('failed', { annotations: { 'switchover-to': 'nobody' } });
    await ns.eventsOf('failed', 'SwitchoverFailed');
    await settled(ns);
    await first.kill('SIGKILL');
    const before = await ns.events();
    const trail = await AuditTrail.begin();
    const second = await ready(ns);
    await sleep(SETTLED_MS);
    // The API server knows the Events by their names, and refuses them.
    const done = (await trail.writes({ namespace: ns.name })).filter(
      ({ responseStatus }) => responseStatus?.code !== 409,
    );
    expect(done.map(({ verb, objectRef }) => [verb, objectRef?.resource, objectRef?.name])).to.deep.equal([]);
    const versions = (events: typeof before): string[] =>
      events.map(({ metadata }) => metadata.resourceVersion);
    expect(versions(await ns.events())).to.deep.equal(versions(before));
    await second.stop();
  });

  it('finds what happened meanwhile: the leader is replaced, the memory goes on', async () => {
    const ns = await namespace('restart');
    const first = await ready(ns);
    await ns.createService('web');
    const [leader] = await ns.createPods('web', 2);
    await ns.leads('web-leader', 'web-0');
    await settled(ns);
    await first.stop();
    await leader!.remove();
    await ns.createPod('web-0', { readyFor: 0 });
    const second = await ready(ns);
    await ns.leads('web-leader', 'web-1');
    expect((await ns.memory('web-leader')).epoch).to.equal(2);
    await ns.eventSaying('web', 'LeaderChanged', 'pod web-1 leads instead of web-0');
    await second.stop();
  });

  it('keeps a leader that would not be elected today, and repeats no switchover', async () => {
    const ns = await namespace('restart');
    const first = await ready(ns);
    await ns.createService('web');
    const [, second] = await ns.createPods('web', 2);
    await ns.leads('web-leader', 'web-0');
    await ns.annotate('web', { 'switchover-to': 'web-1' });
    await ns.leads('web-leader', 'web-1');
    await second!.setReady(false);
    await ns.leads('web-leader', 'web-0');
    await second!.setReady(true, 1_000);
    await settled(ns);
    await first.stop();
    const trail = await AuditTrail.begin();
    const again = await ready(ns);
    await sleep(SETTLED_MS);
    expect(await ns.leaderOf('web-leader')).to.equal('web-0');
    expect(await trail.written({ namespace: ns.name })).to.deep.equal([]);
    await again.stop();
  });
});

describe('a crash between the slice and the report', function () {
  this.timeout(20_000);

  /** The operator's reports (Events, annotations) are held back; its slices are not. */
  const withoutReports = async (
    ns: Namespace,
  ): Promise<{ proxy: FaultHttpProxy; operator: OperatorProcess; hold: () => void }> => {
    const { proxy, kubeconfig } = await operatorProxy();
    const operator = await (await startOperator({ namespaces: [ns.name], kubeconfig })).ready();
    const hold = (): void => {
      proxy.addRule({ method: 'POST', path: /\/events(\?|$)/, delayMs: 60_000 });
      proxy.addRule({ method: 'PATCH', path: /\/services\//, delayMs: 60_000 });
    };
    return { proxy, operator, hold };
  };

  it('loses no epoch, and tells the change once', async () => {
    const ns = await namespace('crash');
    const { proxy, operator, hold } = await withoutReports(ns);
    await ns.createService('web');
    const [leader, next] = await ns.createPods('web', 2);
    await ns.leads('web-leader', 'web-0');
    await settled(ns);
    hold();
    await leader!.setReady(false);
    await ns.leads('web-leader', 'web-1');
    await operator.kill('SIGKILL');
    await proxy.stop();
    expect((await ns.events('web')).filter(({ reason }) => reason === 'LeaderChanged')).to.deep.equal([]);
    expect((await ns.service('web-leader'))?.metadata.annotations?.['zen-lead.io/leader-pod-name']).to.equal(
      'web-0',
    );

    const trail = await AuditTrail.begin();
    const again = await ready(ns);
    const [told] = await ns.eventsOf('web', 'LeaderChanged');
    expect(told?.note).to.match(/^pod web-1 leads/);
    await eventually(async () => {
      const annotations = (await ns.service('web-leader'))?.metadata.annotations;
      expect(annotations?.['zen-lead.io/leader-pod-uid']).to.equal(next!.uid);
    });
    await settled(ns);
    expect(await ns.eventsOf('web', 'LeaderChanged')).to.have.length(1);
    expect((await ns.memory('web-leader')).epoch).to.equal(2);
    expect(await trail.written({ namespace: ns.name, resource: 'endpointslices' })).to.deep.equal([]);
    await again.kill('SIGKILL');
    await (await ready(ns)).stop();
    expect(await ns.eventsOf('web', 'LeaderChanged')).to.have.length(1);
  });

  it('repeats no switchover', async () => {
    const ns = await namespace('crash');
    const { proxy, operator, hold } = await withoutReports(ns);
    await ns.createService('web');
    const [, target] = await ns.createPods('web', 2);
    await ns.leads('web-leader', 'web-0');
    await settled(ns);
    hold();
    await ns.annotate('web', { 'switchover-to': 'web-1' });
    await ns.leads('web-leader', 'web-1');
    await operator.kill('SIGKILL');
    await proxy.stop();
    await target!.setReady(false);
    const again = await ready(ns);
    await ns.leads('web-leader', 'web-0');
    await target!.setReady(true, 1_000);
    await settled(ns);
    expect(await ns.leaderOf('web-leader')).to.equal('web-0');
    expect(await ns.memory('web-leader')).to.deep.include({ epoch: 3, switchover: 'Completed/web-1' });
    await again.stop();
  });

  it('makes the leader Service no second time, nor its slice', async () => {
    const ns = await namespace('crash');
    await ns.createPods('web', 1);
    const { proxy, operator, hold } = await withoutReports(ns);
    hold();
    proxy.addRule({ method: 'POST', path: /\/endpointslices/, delayMs: 60_000 });
    await ns.createService('web');
    await eventually(async () => {
      expect(await ns.service('web-leader')).to.be.an('object');
    });
    await operator.kill('SIGKILL');
    await proxy.stop();
    const { uid } = (await ns.service('web-leader'))!.metadata;
    const again = await ready(ns);
    await ns.leads('web-leader', 'web-0');
    expect((await ns.service('web-leader'))?.metadata.uid).to.equal(uid);
    await ns.eventsOf('web', 'LeaderElected');
    await again.stop();
  });
});
