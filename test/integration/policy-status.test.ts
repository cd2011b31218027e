import { expect } from 'chai';
import { installCrd } from './support/crd.ts';
import { eventually } from './support/eventually.ts';
import { namespace } from './support/namespace.ts';
import { startOperator } from './support/operator-process.ts';
import { createPolicy, ledByPolicy, withPolicies } from './support/policy.ts';
import { sideBySide } from './support/side-by-side.ts';

const CONDITIONS = [
  'Ready',
  'LeaderElected',
  'PortsResolved',
  'NameConflict',
  'ForeignEndpoints',
  'Paused',
] as const;

describe('the status of a LeaderPolicy', () => {
  const stage = withPolicies('status');

  sideBySide({
    'names the leader, its place and its epoch, the candidates, and all conditions': async () => {
      const { ns } = stage;
      const labels = { 'topology.kubernetes.io/zone': 'z1' };
      const { policy, pods, leader } = await ledByPolicy(ns, 'all', {}, { count: 3, pods: { labels } });
      await pods[2]!.setReady(false);
      const status = await policy.becomes(({ candidates }) => {
        expect(candidates).to.deep.equal({ total: 3, ready: 2, eligible: 2, summary: '2/3' });
      });
      const { since, ...led } = status.leader!;
      const annotations = (await ns.slice(leader))?.metadata.annotations;
      expect(since).to.equal(annotations?.['zen-lead.io/leader-since']);
      expect(led).to.deep.equal({
        podName: 'all-0',
        podUID: pods[0]!.uid,
        podIP: pods[0]!.ip,
        nodeName: 'node-0',
        zone: 'z1',
        epoch: 1,
        reason: 'Elected',
      });
      expect(status.leaderServiceName).to.equal(leader);
      expect(status.candidateDetails).to.deep.equal([
        { podName: 'all-0', eligible: true, reason: 'Leader' },
        { podName: 'all-1', eligible: true, reason: 'Standby' },
        { podName: 'all-2', eligible: false, reason: 'NotReady' },
      ]);
      expect(status.failovers).to.equal(0);
      expect(status.history).to.deep.equal([
        { epoch: 1, to: 'all-0', reason: 'Elected', time: since, durationMilliseconds: 0 },
      ]);
      expect(status.conditions?.map(({ type }) => type)).to.deep.equal(CONDITIONS);
      expect(status.conditions?.map(({ status }) => status)).to.deep.equal([
        'True',
        'True',
        'True',
        'False',
        'False',
        'False',
      ]);
    },

    'knows the generation that it is about': async () => {
      const { ns } = stage;
      const { policy } = await ledByPolicy(ns, 'generation');
      const { metadata } = await policy.set({ selection: { strategy: 'Ordinal' } });
      expect(metadata.generation).to.equal(2);
      const { conditions } = await policy.becomes(({ observedGeneration }) => {
        expect(observedGeneration).to.equal(2);
      });
      expect(conditions?.map(({ observedGeneration }) => observedGeneration)).to.deep.equal(
        CONDITIONS.map(() => 2),
      );
    },

    'keeps the history newest first, and no longer than historyLimit': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'limit', { historyLimit: 2 });
      for (const round of [0, 1, 0]) {
        await pods[round]!.setReady(false);
        await ns.leads(leader, `limit-${1 - round}`);
        await policy.isLedBy(`limit-${1 - round}`);
        await pods[round]!.setReady(true);
        await policy.becomes(({ candidates }) => {
          expect(candidates?.eligible).to.equal(2);
        });
      }
      const { history, failovers } = await policy.status();
      expect(failovers).to.equal(3);
      expect(history?.map(({ epoch, from, to }) => [epoch, from, to])).to.deep.equal([
        [4, 'limit-0', 'limit-1'],
        [3, 'limit-1', 'limit-0'],
      ]);
      await policy.set({ historyLimit: 0 });
      await policy.becomes((status) => {
        expect(status.history ?? []).to.deep.equal([]);
        expect(status.failovers).to.equal(3);
      });
    },

    'measures an outage in milliseconds': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'outage');
      await pods[1]!.setReady(false);
      const lostAfter = Date.now();
      await pods[0]!.setReady(false);
      await ns.leads(leader, null);
      const lostBefore = Date.now();
      await policy.isLedBy(undefined);
      const ledAfter = Date.now();
      await pods[1]!.setReady(true);
      await ns.leads(leader, 'outage-1');
      const ledBefore = Date.now();
      const { history } = await policy.isLedBy('outage-1');
      expect(history?.[0]).to.deep.include({
        epoch: 2,
        from: 'outage-0',
        to: 'outage-1',
        reason: 'NotReady',
      });
      expect(history?.[0]?.durationMilliseconds).to.be.within(ledAfter - lostBefore, ledBefore - lostAfter);
    },

    'has as since of a condition the time at which its status changed, not its reason': async () => {
      const { ns } = stage;
      await ns.createService('since', { annotations: false });
      const policy = await createPolicy(ns, 'since');
      const before = await policy.hasCondition('Ready', 'False/NoPodsFound');
      const [pod] = await ns.createPods('since', 1, { ready: false });
      const between = await policy.hasCondition('Ready', 'False/NoReadyPods');
      expect(between.lastTransitionTime).to.equal(before.lastTransitionTime);
      await eventually(() => {
        expect(new Date().toISOString() > before.lastTransitionTime.replace('Z', '.999Z')).to.equal(true);
      });
      await pod!.setReady(true);
      const after = await policy.hasCondition('Ready', 'True/LeaderPublished');
      expect(after.lastTransitionTime > before.lastTransitionTime).to.equal(true);
    },

    'is put right where another hand changed it': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'hand');
      await pods[0]!.setReady(false);
      await ns.leads(leader, 'hand-1');
      await policy.isLedBy('hand-1');
      await pods[0]!.setReady(true);
      const wanted = await policy.becomes(({ candidates }) => {
        expect(candidates?.eligible).to.equal(2);
      });
      for (const edit of [
        { leader: { podName: 'hand-0', podIP: '10.66.6.6' } },
        { leader: null, failovers: 99, leaderServiceName: 'elsewhere' },
        { candidates: null, candidateDetails: null, observedGeneration: 77 },
        { conditions: [] },
        { history: [] },
        { switchover: { observedRequestId: 'x', phase: 'Completed' } },
      ]) {
        await policy.patchStatus(edit);
        await policy.becomes((status) => {
          expect(timeless(status)).to.deep.equal(timeless(wanted));
        });
        expect(await ns.leaderOf(leader)).to.equal('hand-1');
      }
    },

    'does not believe a history that another hand wrote into the future': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'forged');
      const { history } = await policy.status();
      const forged = { epoch: 500, to: 'nobody', reason: 'Elected', time: '2030-01-01T00:00:00Z' };
      await policy.patchStatus({ history: [forged, ...history!] });
      await pods[0]!.setReady(false);
      await ns.leads(leader, 'forged-1');
      const after = await policy.isLedBy('forged-1');
      expect(after.history?.map(({ epoch, to }) => [epoch, to])).to.deep.equal([
        [2, 'forged-1'],
        [1, 'forged-0'],
      ]);
    },
  });
});

/** A condition that was taken away begins anew. */
function timeless({
  conditions = [],
  ...rest
}: {
  conditions?: readonly { lastTransitionTime: string }[];
}): object {
  return { ...rest, conditions: conditions.map((condition) => ({ ...condition, lastTransitionTime: '' })) };
}

describe('the epoch of a LeaderPolicy', () => {
  before(() => installCrd());

  it('does not go back where the slice is lost while the operator is down, and the history goes on', async function () {
    this.timeout(20_000);
    const ns = await namespace('epoch');
    const operator = await (await startOperator({ namespaces: [ns.name] })).ready();
    const [kept, moved] = await Promise.all([ledByPolicy(ns, 'kept'), ledByPolicy(ns, 'moved')]);
    for (const { policy, pods, leader } of [kept, moved]) {
      await pods[0]!.setReady(false);
      await ns.leads(leader, `${policy.name}-1`);
      await policy.isLedBy(`${policy.name}-1`);
      await pods[0]!.setReady(true);
    }
    const before = await kept.policy.becomes(({ candidates }) => {
      expect(candidates?.eligible).to.equal(2);
    });
    await operator.stop();
    for (const { leader } of [kept, moved]) await ns.deleteSlice(`${leader}-zen-lead-ipv4`);
    await moved.pods[1]!.setReady(false);

    const again = await (await startOperator({ namespaces: [ns.name] })).ready();
    await Promise.all([ns.leads(kept.leader, 'kept-1'), ns.leads(moved.leader, 'moved-0')]);
    expect((await ns.memory(kept.leader)).epoch).to.equal(2);
    expect((await ns.memory(moved.leader)).epoch).to.equal(3);
    const { history, failovers } = await moved.policy.isLedBy('moved-0');
    expect(failovers).to.equal(2);
    expect(history?.map(({ epoch }) => epoch)).to.deep.equal([3, 2, 1]);
    expect((await kept.policy.status()).history).to.deep.equal(before.history);
    await again.stop();
  });
});
