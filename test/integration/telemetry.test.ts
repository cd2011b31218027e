import { expect } from 'chai';
import { eventually } from './support/eventually.ts';
import { namespace } from './support/namespace.ts';
import { startOperator } from './support/operator-process.ts';
import { operatorProxy } from './support/proxy.ts';
import { withOperator } from './support/with-operator.ts';

describe('what the operator tells of a failover', () => {
  const stage = withOperator('telemetry');

  before(async () => {
    const { ns } = stage;
    await ns.createService('web');
    const [first] = await ns.createPods('web', 3);
    await ns.leads('web-leader', 'web-0');
    await first!.setReady(false);
    await ns.leads('web-leader', 'web-1');
    await ns.eventsOf('web', 'LeaderChanged');
    await ns.createService('empty');
    await ns.eventsOf('empty', 'NoPodsFound');
  });

  it('is one line of the log, with who, why and how fast', async () => {
    const { ns, operator } = stage;
    const line = await operator.waitForLog(
      ({ message, epoch }) => message === 'leader changed' && epoch === 2,
    );
    const { time, milliseconds, ...rest } = line;
    expect(rest).to.deep.equal({
      level: 'info',
      message: 'leader changed',
      namespace: ns.name,
      service: 'web',
      leaderService: 'web-leader',
      old: 'web-0',
      new: 'web-1',
      reason: 'NotReady',
      epoch: 2,
    });
    expect(Date.parse(time)).to.be.closeTo(Date.now(), 60_000);
    expect(milliseconds).to.be.a('number').greaterThan(0).and.lessThan(5_000);
    expect(operator.logs.filter(({ message }) => message === 'leader changed')).to.have.length(2);
  });

  it('is counted once, by its reason, and timed', async () => {
    const metrics = await stage.operator.metrics();
    expect(metrics.value('zen_lead_failover_count_total', { reason: 'NotReady' })).to.equal(1);
    expect(metrics.value('zen_lead_failover_count_total', { reason: 'PodGone' })).to.equal(0);
    expect(metrics.value('zen_lead_failover_latency_seconds_count')).to.equal(1);
    expect(metrics.value('zen_lead_failover_latency_seconds_sum')).to.be.greaterThan(0).and.lessThan(5);
  });

  it('is in the gauges of its leader Service', async () => {
    const { ns, operator } = stage;
    const web = { namespace: ns.name, service: 'web', leader_service: 'web-leader' };
    const empty = { namespace: ns.name, service: 'empty', leader_service: 'empty-leader' };
    const metrics = await operator.metrics();
    expect(metrics.samples('zen_lead_leader_info')).to.deep.equal([
      { labels: { ...web, pod: 'web-1', node: 'node-0' }, value: 1 },
    ]);
    expect(metrics.value('zen_lead_leader_epoch', web)).to.equal(2);
    expect(metrics.value('zen_lead_pods_available', web)).to.equal(2);
    expect(metrics.value('zen_lead_leader_service_without_endpoints', web)).to.equal(0);
    expect(metrics.value('zen_lead_leader_stable', web)).to.equal(0);
    expect(metrics.value('zen_lead_leader_duration_seconds', web)).to.be.greaterThan(0).and.lessThan(30);
    expect(metrics.value('zen_lead_leader_service_without_endpoints', empty)).to.equal(1);
    expect(metrics.value('zen_lead_leader_epoch', empty)).to.equal(0);
    expect(metrics.value('zen_lead_leader_services')).to.equal(2);
  });

  it('comes with what the machinery does', async () => {
    const metrics = await stage.operator.metrics();
    expect(metrics.value('zen_lead_reconciliations_total', { result: 'changed' })).to.be.greaterThan(2);
    expect(metrics.value('zen_lead_reconciliations_total', { result: 'failed' })).to.equal(0);
    const put = { verb: 'update', resource: 'endpointslices', code: '200' };
    expect(metrics.value('zen_lead_api_call_duration_seconds_count', put)).to.be.greaterThan(0);
    for (const resource of ['services', 'pods', 'endpointslices']) {
      expect(metrics.value('zen_lead_watch_last_event_age_seconds', { resource })).to.be.within(0, 30);
    }
    expect(metrics.samples('zen_lead_build_info')).to.have.length(1);
  });

  it('ends with its leader Service', async () => {
    const { ns, operator } = stage;
    await ns.createService('brief');
    const labels = { leader_service: 'brief-leader' };
    await eventually(async () => {
      expect((await operator.metrics()).value('zen_lead_leader_epoch', labels)).to.equal(0);
    });
    await ns.annotate('brief', { enabled: null });
    await eventually(async () => {
      expect((await operator.metrics()).samples('zen_lead_leader_epoch', labels)).to.deep.equal([]);
    });
  });
});

describe('SIGTERM', function () {
  this.timeout(20_000);

  it('ends the operator with status 0 in no time', async () => {
    const ns = await namespace('end');
    const operator = await startOperator({ namespaces: [ns.name] });
    await operator.ready();
    expect((await operator.stop()).afterMs).to.be.lessThan(2_000);
  });

  it('ends it before it was ever ready', async () => {
    const operator = await startOperator({ namespaces: ['nowhere'] });
    await operator.waitForLog(({ message }) => message === 'zen-lead starts');
    expect((await operator.stop()).afterMs).to.be.lessThan(5_000);
  });

  it('ends it within 5 s while the API server leaves a failover and a report without an answer', async () => {
    const ns = await namespace('end');
    const { proxy, kubeconfig } = await operatorProxy();
    const operator = await startOperator({ namespaces: [ns.name], kubeconfig });
    await operator.ready();
    await ns.createService('web');
    await ns.leads('web-leader', null);
    for (const method of ['PUT', 'POST', 'PATCH']) proxy.addRule({ method, path: /./, delayMs: 60_000 });
    await ns.createPods('web', 1);
    await eventually(() => {
      expect(proxy.requests.some(({ method, status }) => method === 'PUT' && status === undefined)).to.equal(
        true,
      );
    });
    const { afterMs } = await operator.stop();
    expect(afterMs).to.be.greaterThan(1_000).and.lessThan(5_000);
    await proxy.stop();
  });

  it('tells first what was still to be told', async () => {
    const ns = await namespace('end');
    const operator = await startOperator({ namespaces: [ns.name] });
    await operator.ready();
    await ns.createService('web');
    await ns.createPods('web', 1);
    await operator.waitForLog(({ message }) => message === 'leader changed');
    await operator.stop();
    expect((await ns.events('web')).map(({ reason }) => reason)).to.include('LeaderElected');
    const { annotations } = (await ns.service('web-leader'))!.metadata;
    expect(annotations?.['zen-lead.io/leader-pod-name']).to.equal('web-0');
  });
});
