import { expect } from 'chai';
import { eventually, throughout } from './support/eventually.ts';
import type { PodHandle } from './support/pod.ts';
import { withOperator } from './support/with-operator.ts';

describe('a switchover', () => {
  const stage = withOperator('switchover');

  const led = async (app: string, count = 2): Promise<PodHandle[]> => {
    await stage.ns.createService(app);
    const pods = await stage.ns.createPods(app, count);
    await stage.ns.leads(`${app}-leader`, `${app}-0`);
    return pods;
  };

  /** It failed, was told so, and the leader is who it was. */
  const fails = async (app: string, to: string, because: string): Promise<void> => {
    await stage.ns.annotate(app, { 'switchover-to': to });
    const event = await stage.ns.eventSaying(app, 'SwitchoverFailed', because);
    expect(event.note).to.contain(`switchover to ${to} failed, the leader stays`);
    expect(event.type).to.equal('Warning');
    expect(await stage.ns.leaderOf(`${app}-leader`)).to.equal(`${app}-0`);
    expect(await stage.ns.memory(`${app}-leader`)).to.deep.include({ epoch: 1, switchover: `Failed/${to}` });
  };

  it('moves to the pod that is named, and tells so', async () => {
    const { ns } = stage;
    await led('move', 3);
    await ns.annotate('move', { 'switchover-to': 'move-2' });
    await ns.leads('move-leader', 'move-2');
    expect(await ns.memory('move-leader')).to.deep.include({ epoch: 2, switchover: 'Completed/move-2' });
    const [completed] = await ns.eventsOf('move', 'SwitchoverCompleted');
    expect(completed).to.include({ type: 'Normal', note: 'pod move-2 leads as asked for' });
    await ns.eventSaying('move', 'LeaderChanged', 'hands over to pod move-2 as asked for');
  });

  it('is done once: a failover later is not undone by the annotation that still stands', async () => {
    const { ns } = stage;
    const [, second] = await led('once');
    await ns.annotate('once', { 'switchover-to': 'once-1' });
    await ns.leads('once-leader', 'once-1');
    await second!.setReady(false);
    await ns.leads('once-leader', 'once-0');
    await second!.setReady(true, 1_000);
    await throughout(300, async () => {
      expect(await ns.leaderOf('once-leader')).to.equal('once-0');
    });
    expect(await ns.eventsOf('once', 'SwitchoverCompleted')).to.have.length(1);
  });

  it('is armed again by taking the annotation away', async () => {
    const { ns } = stage;
    await led('rearm');
    for (const [target, epoch] of [
      ['rearm-1', 2],
      ['rearm-0', 3],
      ['rearm-1', 4],
    ] as const) {
      await ns.annotate('rearm', { 'switchover-to': target });
      await ns.leads('rearm-leader', target);
      expect((await ns.memory('rearm-leader')).epoch).to.equal(epoch);
      await ns.annotate('rearm', { 'switchover-to': null });
      await eventually(async () => {
        expect((await ns.memory('rearm-leader')).switchover).to.equal('');
      });
    }
  });

  it('to a pod that leads already changes nothing', async () => {
    const { ns } = stage;
    await led('already');
    await ns.annotate('already', { 'switchover-to': 'already-0' });
    await ns.eventsOf('already', 'SwitchoverCompleted');
    expect(await ns.memory('already-leader')).to.deep.include({
      epoch: 1,
      switchover: 'Completed/already-0',
    });
    expect(await ns.leaderOf('already-leader')).to.equal('already-0');
  });

  it('fails for a pod that there is not', async () => {
    await led('nobody');
    await fails('nobody', 'nobody-9', 'NotFound: no pod nobody-9 matches the selector');
  });

  it('fails for a pod that is not Ready, and is not made up for when it is', async () => {
    const { ns } = stage;
    const [, second] = await led('unready');
    await second!.setReady(false);
    await fails('unready', 'unready-1', 'NotReady: pod unready-1 is not Ready');
    await second!.setReady(true, 5_000);
    await throughout(300, async () => {
      expect(await ns.leaderOf('unready-leader')).to.equal('unready-0');
    });
  });

  it('fails for a pod that terminates', async () => {
    const [, second] = await led('ending');
    await second!.terminate();
    await fails('ending', 'ending-1', 'Terminating: pod ending-1 is being deleted');
  });

  it('fails while the Service is paused', async () => {
    await led('paused');
    await stage.ns.annotate('paused', { paused: 'true' });
    await fails('paused', 'paused-1', 'Paused: the leader does not move while the Service is paused');
  });

  it('fails for a pod that lacks a port', async () => {
    const { ns } = stage;
    await ns.createService('portless', { ports: [{ name: 'db', port: 5432, targetPort: 'db' }] });
    await ns.createPod('portless-0');
    await ns.createPod('portless-1', { spec: { containers: [{ name: 'db', image: 'db' }] } });
    await ns.leads('portless-leader', 'portless-0');
    await fails('portless', 'portless-1', 'PortResolutionFailed: port db: targetPort "db"/TCP');
  });
});
