import { expect } from 'chai';
import { AuditTrail } from './support/audit.ts';
import { eventually, throughout } from './support/eventually.ts';
import type { PodHandle } from './support/pod.ts';
import { withOperator } from './support/with-operator.ts';

describe('failover', () => {
  const stage = withOperator('failover');

  /** A leader Service with `<app>-0` as its leader. */
  const led = async (app: string, count: number): Promise<PodHandle[]> => {
    await stage.ns.createService(app);
    const pods = await stage.ns.createPods(app, count);
    await stage.ns.leads(`${app}-leader`, `${app}-0`);
    return pods;
  };

  it('moves to the next pod when the leader becomes NotReady, with exactly one write of the slice', async () => {
    const { ns } = stage;
    const [first, second] = await led('unready', 3);
    await ns.eventsOf('unready', 'LeaderElected');
    const trail = await AuditTrail.begin();
    await first!.setReady(false);
    await ns.leads('unready-leader', 'unready-1');
    const [changed] = await ns.eventsOf('unready', 'LeaderChanged');
    expect(changed?.note).to.equal('pod unready-1 leads instead of unready-0: unready-0 is not Ready');
    expect(changed?.related).to.include({ kind: 'Pod', name: 'unready-1', uid: second!.uid });
    expect(await trail.written({ namespace: ns.name, resource: 'endpointslices' })).to.deep.equal([
      'update endpointslices/unready-leader-zen-lead-ipv4',
    ]);
    expect((await ns.memory('unready-leader')).epoch).to.equal(2);
  });

  it('leaves a terminating pod at once, though it is still Ready', async () => {
    const { ns } = stage;
    const [first] = await led('terminating', 2);
    await first!.terminate();
    await ns.leads('terminating-leader', 'terminating-1');
    await first!.remove();
    await ns.createPod('terminating-0', { readyFor: 500 });
    await throughout(300, async () => {
      expect(await ns.leaderOf('terminating-leader')).to.equal('terminating-1');
    });
  });

  it('leaves a deleted pod', async () => {
    const { ns } = stage;
    const [first] = await led('deleted', 2);
    await first!.remove();
    await ns.leads('deleted-leader', 'deleted-1');
    // The API server marks a pod as terminating before it deletes it, however short that is.
    const [changed] = await ns.eventsOf('deleted', 'LeaderChanged');
    expect(changed?.note).to.match(/: deleted-0 is (being deleted|gone)$/);
  });

  it('publishes UID and address of a pod that was made again under the same name, as a new leader', async () => {
    const { ns } = stage;
    const [first] = await led('again', 1);
    await first!.remove();
    await ns.leads('again-leader', null);
    const second = await ns.createPod('again-0');
    await eventually(async () => {
      const endpoint = await ns.endpoint('again-leader');
      expect(endpoint?.targetRef?.uid).to.equal(second.uid);
      expect(endpoint?.addresses).to.deep.equal([second.ip]);
    });
    expect(await ns.memory('again-leader')).to.deep.include({ epoch: 2, pod: `again-0/${second.uid}` });
  });

  it('does not follow an address that another pod has taken over', async () => {
    const { ns } = stage;
    const [first] = await led('taken', 1);
    await first!.remove();
    await ns.createPod('stranger-0', { ips: [first!.ip] });
    await ns.leads('taken-leader', null);
    const heir = await ns.createPod('taken-1', { ips: [first!.ip] });
    await eventually(async () => {
      expect((await ns.endpoint('taken-leader'))?.targetRef?.uid).to.equal(heir.uid);
    });
  });

  it('follows the address of the leader, which stays the leader', async () => {
    const { ns } = stage;
    const [first] = await led('moved', 2);
    await first!.setAddresses('10.245.7.7');
    await eventually(async () => {
      expect((await ns.endpoint('moved-leader'))?.addresses).to.deep.equal(['10.245.7.7']);
    });
    await first!.setAddresses('169.254.1.1');
    await ns.leads('moved-leader', 'moved-1');
  });

  it('empties the slice while no pod is Ready, and restores the same leader without a new epoch', async () => {
    const { ns } = stage;
    const [first, second] = await led('outage', 2);
    await second!.setReady(false);
    await first!.setReady(false);
    await ns.leads('outage-leader', null);
    const empty = await ns.slice('outage-leader');
    expect(empty?.endpoints).to.equal(null);
    expect(empty?.metadata.annotations?.['zen-lead.io/withdrawn-at']).to.be.a('string');
    await ns.eventSaying('outage', 'NoReadyPods', 'outage-1 is not Ready');
    await first!.setReady(true);
    await ns.leads('outage-leader', 'outage-0');
    expect(await ns.memory('outage-leader')).to.deep.include({ epoch: 1, pod: `outage-0/${first!.uid}` });
    expect((await ns.slice('outage-leader'))?.metadata.annotations).not.to.have.property(
      'zen-lead.io/withdrawn-at',
    );
  });

  it('elects another pod after an outage, where that one is Ready first', async () => {
    const { ns } = stage;
    const [first, second] = await led('heir', 2);
    await second!.setReady(false);
    await first!.setReady(false);
    await ns.leads('heir-leader', null);
    await second!.setReady(true);
    await ns.leads('heir-leader', 'heir-1');
    expect((await ns.memory('heir-leader')).epoch).to.equal(2);
  });

  it('tells when the last pod is gone, long after it began to terminate', async () => {
    const { ns } = stage;
    const [last] = await ns.createPods('gone', 1);
    await ns.createService('gone');
    await ns.leads('gone-leader', 'gone-0');
    await last!.terminate();
    await ns.leads('gone-leader', null);
    await ns.eventSaying('gone', 'NoReadyPods', 'gone-0 is being deleted');
    await eventually(async () => {
      expect((await ns.service('gone-leader'))?.metadata.annotations).not.to.have.property(
        'zen-lead.io/leader-pod-name',
      );
    });
    await last!.remove();
    const [warned] = await ns.eventsOf('gone', 'NoPodsFound');
    expect(warned?.note).to.equal('no pod matches the selector; the leader Service has no endpoint');
  });

  it('never publishes more than one endpoint, however the pods change, and ends with the one that is Ready', async () => {
    const { ns } = stage;
    const pods = await led('storm', 4);
    const seen = new Set<string>();
    const storm = async (): Promise<void> => {
      for (let round = 0; round < 30; round += 1) await pods[round % pods.length]!.setReady(round % 3 === 0);
    };
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      while (!stop.signal.aborted) seen.add(String(await ns.leaderOf('storm-leader')));
    };
    const looking = look();
    await storm();
    stop.abort();
    await looking;
    await pods[3]!.setReady(true);
    for (const pod of pods.slice(0, 3)) await pod.setReady(false);
    await ns.leads('storm-leader', 'storm-3');
    expect(seen.size).to.be.greaterThan(1);
  });
});
