import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditTrail } from './support/audit.ts';
import { installCrd } from './support/crd.ts';
import { throughout } from './support/eventually.ts';
import { namespace } from './support/namespace.ts';
import { startOperator } from './support/operator-process.ts';
import { createPolicy, ledByPolicy, withPolicies } from './support/policy.ts';
import { sideBySide } from './support/side-by-side.ts';

/** Ready.lastTransitionTime has whole seconds: what is said to be 3 s lasts 2 s at least, as seen from here. */
const SURE_MS = 800;

describe('the waits of a LeaderPolicy', () => {
  const stage = withPolicies('waits');

  const stays = async (leader: string, pod: string | null, ms = SURE_MS): Promise<void> =>
    throughout(ms, async () => {
      expect(await stage.ns.leaderOf(leader)).to.equal(pod);
    });

  const slicesWritten = async (trail: AuditTrail, leader: string): Promise<string[]> =>
    trail.written({
      namespace: stage.ns.name,
      resource: 'endpointslices',
      name: `${leader}-zen-lead-ipv4`,
    });

  sideBySide({
    'gracePeriodSeconds keeps a NotReady leader, then replaces it with one write': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'grace', {
        failover: { gracePeriodSeconds: 3 },
      });
      const trail = await AuditTrail.begin();
      await pods[0]!.setReady(false);
      await stays(leader, 'grace-0');
      expect(await slicesWritten(trail, leader)).to.deep.equal([]);
      await policy.becomes((status) => {
        expect(status.candidates?.summary).to.equal('1/2');
        expect(status.leader?.podName).to.equal('grace-0');
      });
      await ns.leads(leader, 'grace-1', 4_000);
      const { history } = await policy.isLedBy('grace-1');
      expect(history?.[0]).to.deep.include({ from: 'grace-0', reason: 'NotReady', durationMilliseconds: 0 });
      expect(await slicesWritten(trail, leader)).to.have.length(1);
    },

    'gracePeriodSeconds is not for a pod that terminates, or is gone': async () => {
      const { ns } = stage;
      const failover = { gracePeriodSeconds: 3600 };
      const [ending, gone] = await Promise.all([
        ledByPolicy(ns, 'ending', { failover }),
        ledByPolicy(ns, 'gone', { failover }),
      ]);
      await Promise.all([ending.pods[0]!.setReady(false), gone.pods[0]!.setReady(false)]);
      await stays('ending-leader', 'ending-0', 200);
      await Promise.all([ending.pods[0]!.terminate(), gone.pods[0]!.remove()]);
      await Promise.all([ns.leads('ending-leader', 'ending-1'), ns.leads('gone-leader', 'gone-1')]);
    },

    'minReadySeconds holds a candidate back, which is then elected by the timer alone': async () => {
      const { ns } = stage;
      await ns.createService('slow', { annotations: false });
      const policy = await createPolicy(ns, 'slow', { selection: { minReadySeconds: 5 } });
      await policy.hasCondition('Ready', 'False/NoPodsFound');
      await ns.createPod('slow-0');
      await policy.becomes(({ candidates, candidateDetails }) => {
        expect(candidates).to.deep.equal({ total: 1, ready: 1, eligible: 0, summary: '0/1' });
        expect(candidateDetails?.[0]?.reason).to.equal('MinReadyNotReached');
      });
      await stays('slow-leader', null);
      await ns.leads('slow-leader', 'slow-0', 6_000);
    },

    'failbackDelaySeconds lets a better candidate prove itself before it takes over': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'failback', {
        selection: { strategy: 'Ordinal', sticky: false },
        failover: { failbackDelaySeconds: 3 },
      });
      await pods[0]!.setReady(false);
      await ns.leads(leader, 'failback-1');
      await pods[0]!.setReady(true);
      await stays(leader, 'failback-1');
      await ns.leads(leader, 'failback-0', 4_000);
      await policy.becomes(({ history }) => {
        expect(history?.map(({ reason }) => reason)).to.deep.equal(['Preferred', 'NotReady', 'Elected']);
      });
    },

    'handoverGapSeconds leads to nobody in between, for so long': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'gap', { failover: { handoverGapSeconds: 2 } });
      const trail = await AuditTrail.begin();
      await pods[0]!.setReady(false);
      await ns.leads(leader, null);
      expect((await policy.hasCondition('Ready', 'False/HandoverGap')).message).to.contain('gap-1');
      await ns.leads(leader, 'gap-1', 4_000);
      const { history } = await policy.isLedBy('gap-1');
      expect(history?.[0]?.durationMilliseconds).to.be.within(2_000, 3_500);
      expect(await slicesWritten(trail, leader)).to.have.length(2);
    },

    'a switchover that is taken back in the gap has not happened': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'cancel', { failover: { handoverGapSeconds: 60 } });
      await policy.switchover('cancel-1', 'a');
      await ns.leads(leader, null);
      await policy.becomes(({ switchover }) => {
        expect(switchover).to.deep.include({ observedRequestId: 'a', phase: 'Pending' });
      });
      await policy.set({ switchover: null });
      await ns.leads(leader, 'cancel-0');
      expect(await ns.memory(leader)).to.deep.include({ epoch: 1, switchover: '' });
      const { switchover, failovers } = await policy.isLedBy('cancel-0');
      expect({ switchover, failovers }).to.deep.equal({ switchover: undefined, failovers: 0 });
      expect((await ns.events('cancel')).map(({ reason }) => reason)).not.to.include('SwitchoverCompleted');
    },
  });
});

describe('the waits of a LeaderPolicy, while the operator is killed and comes back,', () => {
  before(() => installCrd());
  /** So long nobody looks: what is counted anew from the restart is late by more than this. */
  const AWAY_MS = 1_000;
  /** 2 to 3 s are left when it begins. */
  const GRACE = { seconds: 4, agoMs: 1_000 };
  const GAP_SECONDS = 2;

  it('end when they would have ended', async function () {
    this.timeout(20_000);
    const ns = await namespace('waits-killed');
    const operator = await (await startOperator({ namespaces: [ns.name] })).ready();
    const [grace, gap] = await Promise.all([
      ledByPolicy(ns, 'grace', { failover: { gracePeriodSeconds: GRACE.seconds } }),
      ledByPolicy(ns, 'gap', { failover: { handoverGapSeconds: GAP_SECONDS } }),
    ]);
    const notReadyAt = Date.now() - GRACE.agoMs;
    await grace.pods[0]!.setReady(false, GRACE.agoMs / 1000);
    await gap.policy.switchover('gap-1', 'once');
    await ns.leads(gap.leader, null);
    await operator.kill('SIGKILL');
    await sleep(AWAY_MS);
    expect(await ns.leaderOf(grace.leader)).to.equal('grace-0');
    const backAt = Date.now();
    const again = await (await startOperator({ namespaces: [ns.name] })).ready();
    await Promise.all([ns.leads(gap.leader, 'gap-1', 4_000), ns.leads(grace.leader, 'grace-1', 5_000)]);

    const since = async (leader: string, annotation = 'leader-since'): Promise<number> =>
      Date.parse((await ns.slice(leader))?.metadata.annotations?.[`zen-lead.io/${annotation}`] ?? '');
    // The kubelet's time, and so setReady's, is cut to whole seconds.
    expect(await since(grace.leader)).to.be.within(
      notReadyAt - 1_000 + GRACE.seconds * 1000,
      backAt + GRACE.seconds * 1000 - 1,
    );
    const withdrawnAt = await since(gap.leader, 'withdrawn-at');
    expect(await since(gap.leader)).to.be.within(
      withdrawnAt + GAP_SECONDS * 1000,
      backAt + GAP_SECONDS * 1000 - 1,
    );
    const { switchover } = await gap.policy.isLedBy('gap-1');
    expect(switchover).to.deep.include({ observedRequestId: 'once', phase: 'Completed' });
    expect((await ns.memory(gap.leader)).epoch).to.equal(2);
    await again.stop();
  });
});
