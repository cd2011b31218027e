import { expect } from 'chai';
import { eventually, throughout } from './support/eventually.ts';
import { withOperator } from './support/with-operator.ts';

describe('the choice of the leader', () => {
  const stage = withOperator('choice');

  const stays = (leaderService: string, pod: string | null): Promise<void> =>
    throughout(300, async () => {
      expect(await stage.ns.leaderOf(leaderService)).to.equal(pod);
    });

  it('falls on the longest Ready pod, whatever the names and ages', async () => {
    const { ns } = stage;
    await ns.createPod('oldest-a', { readyFor: 10 });
    await ns.createPod('oldest-b', { readyFor: 30 });
    await ns.createPod('oldest-c', { readyFor: 20 });
    await ns.createService('oldest');
    await ns.leads('oldest-leader', 'oldest-b');
  });

  it('falls on the lowest ordinal, by number and not by text', async () => {
    const { ns } = stage;
    for (const [ordinal, readyFor] of [
      [10, 90],
      [9, 50],
      [11, 70],
    ]) {
      await ns.createPod(`ordinal-${ordinal}`, { app: 'ordinal', readyFor: readyFor! });
    }
    await ns.createService('ordinal', { annotations: { strategy: 'Ordinal' } });
    await ns.leads('ordinal-leader', 'ordinal-9');
  });

  it('falls on the highest priority', async () => {
    const { ns } = stage;
    const priority = (value: string): object => ({ annotations: { 'zen-lead.io/priority': value } });
    await ns.createPod('priority-a', { readyFor: 90 });
    await ns.createPod('priority-b', { ...priority('10'), readyFor: 10 });
    await ns.createPod('priority-c', { ...priority('9'), readyFor: 50 });
    await ns.createPod('priority-d', { ...priority('-1'), readyFor: 500 });
    await ns.createService('priority', { annotations: { strategy: 'Priority' } });
    await ns.leads('priority-leader', 'priority-b');
  });

  it('is kept while the leader is eligible (sticky), whoever comes', async () => {
    const { ns } = stage;
    await ns.createService('sticky', { annotations: { strategy: 'Ordinal' } });
    await ns.createPod('sticky-1', { app: 'sticky' });
    await ns.leads('sticky-leader', 'sticky-1');
    const first = await ns.createPod('sticky-0', { app: 'sticky', readyFor: 1_000 });
    await stays('sticky-leader', 'sticky-1');
    await first.setReady(false);
    await first.setReady(true, 5_000);
    await stays('sticky-leader', 'sticky-1');
  });

  it('goes back to the better pod where sticky is off', async () => {
    const { ns } = stage;
    await ns.createService('eager', { annotations: { strategy: 'Ordinal', sticky: 'false' } });
    await ns.createPod('eager-1', { app: 'eager' });
    await ns.leads('eager-leader', 'eager-1');
    const first = await ns.createPod('eager-0', { app: 'eager' });
    await ns.leads('eager-leader', 'eager-0');
    expect((await ns.eventsOf('eager', 'LeaderChanged'))[0]?.note).to.contain(
      'comes after pod eager-0 by Ordinal',
    );
    await first.setReady(false);
    await ns.leads('eager-leader', 'eager-1');
    await first.setReady(true);
    await ns.leads('eager-leader', 'eager-0');
  });

  it('follows a priority that changes, where sticky is off', async () => {
    const { ns } = stage;
    await ns.createPods('ranked', 2);
    await ns.createService('ranked', { annotations: { strategy: 'Priority', sticky: 'false' } });
    await ns.leads('ranked-leader', 'ranked-0');
    const last = await ns.createPod('ranked-2', { app: 'ranked' });
    await last.patch({ metadata: { annotations: { 'zen-lead.io/priority': '1' } } });
    await ns.leads('ranked-leader', 'ranked-2');
  });

  it('does not fall on anybody else while paused; the same pod comes back', async () => {
    const { ns } = stage;
    await ns.createService('paused');
    const [first] = await ns.createPods('paused', 2);
    await ns.leads('paused-leader', 'paused-0');
    await ns.patchService('paused', {
      metadata: { annotations: { 'zen-lead.io/paused': 'true' } },
      spec: { ports: [{ name: 'db', port: 5433, targetPort: 5432 }] },
    });
    // Pods come by another watch than Services: the port tells that the operator knows of the pause.
    await eventually(async () => {
      expect((await ns.service('paused-leader'))?.spec.ports[0]?.port).to.equal(5433);
    });
    await first!.setReady(false);
    await ns.leads('paused-leader', null);
    await stays('paused-leader', null);
    await first!.setReady(true);
    await ns.leads('paused-leader', 'paused-0');
    expect((await ns.memory('paused-leader')).epoch).to.equal(1);
    await first!.remove();
    await ns.leads('paused-leader', null);
    await ns.createPod('paused-0');
    await stays('paused-leader', null);
    await ns.annotate('paused', { paused: null });
    await ns.leads('paused-leader', 'paused-1');
  });

  it('falls on nobody where the Service is paused from the beginning, until it no longer is', async () => {
    const { ns } = stage;
    await ns.createPods('later', 1);
    await ns.createService('later', { annotations: { paused: 'true' } });
    await ns.leads('later-leader', null);
    expect((await ns.eventsOf('later', 'NoReadyPods'))[0]?.note).to.contain('paused');
    await ns.annotate('later', { paused: 'false' });
    await ns.leads('later-leader', 'later-0');
  });

  it('is frozen by a bad annotation until it is right', async () => {
    const { ns } = stage;
    await ns.createService('typo');
    const [first] = await ns.createPods('typo', 2);
    await ns.leads('typo-leader', 'typo-0');
    await ns.annotate('typo', { strategy: 'Fastest' });
    const [warned] = await ns.eventsOf('typo', 'InvalidAnnotation');
    expect(warned?.note).to.equal(
      'annotation zen-lead.io/strategy: "Fastest" is not accepted; accepted is OldestReady, Ordinal, Priority',
    );
    await first!.setReady(false);
    await ns.leads('typo-leader', null);
    await stays('typo-leader', null);
    await ns.annotate('typo', { strategy: 'OldestReady' });
    await ns.leads('typo-leader', 'typo-1');
  });

  it('is among the pods of the present selector', async () => {
    const { ns } = stage;
    await ns.createPod('blue-0', { readyFor: 50 });
    await ns.createPod('green-0');
    await ns.createService('site', { selector: { app: 'blue' } });
    await ns.leads('site-leader', 'blue-0');
    await ns.patchService('site', { spec: { selector: { app: 'green' } } });
    await ns.leads('site-leader', 'green-0');
    expect((await ns.eventsOf('site', 'LeaderChanged'))[0]?.note).to.contain(
      'blue-0 no longer matches the selector',
    );
  });

  it('leaves a pod that loses its label', async () => {
    const { ns } = stage;
    await ns.createService('label');
    const [first] = await ns.createPods('label', 2);
    await ns.leads('label-leader', 'label-0');
    await first!.patch({ metadata: { labels: { app: 'other' } } });
    await ns.leads('label-leader', 'label-1');
  });

  it('falls on one pod for two Services that both select it, and moves for both', async () => {
    const { ns } = stage;
    const [first] = await ns.createPods('both', 2);
    await ns.createService('both-read', { selector: { app: 'both' } });
    await ns.createService('both-write', { selector: { app: 'both' } });
    for (const pod of ['both-0', 'both-1']) {
      await Promise.all([ns.leads('both-read-leader', pod), ns.leads('both-write-leader', pod)]);
      await first!.setReady(false);
    }
    await eventually(async () => {
      expect(
        (await ns.events()).filter(
          ({ reason, note }) => reason === 'LeaderChanged' && note.includes('both-1'),
        ),
      ).to.have.length(2);
    });
  });
});
