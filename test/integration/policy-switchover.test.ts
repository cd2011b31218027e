import { expect } from 'chai';
import type { FaultHttpProxy } from '../support/fault-http-proxy.ts';
import { installCrd } from './support/crd.ts';
import { eventually } from './support/eventually.ts';
import { namespace } from './support/namespace.ts';
import { startOperator } from './support/operator-process.ts';
import { ledByPolicy, withPolicies, type Led } from './support/policy.ts';
import { operatorProxy } from './support/proxy.ts';
import { sideBySide } from './support/side-by-side.ts';

describe('spec.switchover', () => {
  const stage = withPolicies('handover');

  /** It failed, both objects were told so, and the leader is who it was. */
  const fails = async ({ policy, leader }: Led, to: string, because: string): Promise<void> => {
    const { ns } = stage;
    await policy.switchover(to, 'try');
    const { switchover, failovers } = await policy.becomes((status) => {
      expect(status.switchover?.phase).to.equal('Failed');
    });
    expect(switchover?.observedRequestId).to.equal('try');
    expect(switchover?.message).to.contain(because);
    expect(failovers).to.equal(0);
    const events = await eventually(async () => {
      const found = await ns.eventsOf(policy.name, 'SwitchoverFailed');
      expect(found).to.have.length(2);
      return found;
    });
    expect(events.map(({ regarding }) => regarding.kind)).to.have.members(['LeaderPolicy', 'Service']);
    for (const { type, note } of events) {
      expect(type).to.equal('Warning');
      expect(note).to.contain(`switchover to ${to} failed, the leader stays: ${because}`);
    }
    expect(await ns.leaderOf(leader)).to.equal(`${policy.name}-0`);
    expect(await ns.memory(leader)).to.deep.include({ epoch: 1, switchover: 'Failed/try' });
  };

  /** The API server orders no pod against a policy: asked sooner, the operator may still take the other pod for fit. */
  const leadsAlone = async ({ policy }: Led): Promise<void> => {
    await policy.becomes(({ candidates }) => {
      expect(candidates?.eligible).to.equal(1);
    });
  };

  sideBySide({
    'moves to the pod that it names, and status and history tell so': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'move', {}, { count: 3 });
      await policy.switchover('move-2', '2026-11-23-a');
      await ns.leads(leader, 'move-2');
      const { switchover, failovers, history } = await policy.isLedBy('move-2');
      expect(switchover).to.deep.equal({
        observedRequestId: '2026-11-23-a',
        phase: 'Completed',
        message: 'pod move-2 leads as asked for',
      });
      expect(failovers).to.equal(1);
      expect(history?.[0]).to.deep.include({ epoch: 2, from: 'move-0', to: 'move-2', reason: 'Switchover' });
      const events = await ns.eventsOf('move', 'SwitchoverCompleted');
      expect(new Set(events.map(({ note }) => note))).to.deep.equal(
        new Set(['pod move-2 leads as asked for']),
      );
    },

    'is done once for each requestId, whatever else changes': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'once');
      await policy.switchover('once-1', 'a');
      await ns.leads(leader, 'once-1');
      await pods[1]!.setReady(false);
      await ns.leads(leader, 'once-0');
      await pods[1]!.setReady(true, 1_000);
      // The same id under another name is the same request.
      await policy.set({ switchover: { podName: 'once-1' }, historyLimit: 11 });
      await policy.becomes(({ observedGeneration, candidates }) => {
        expect(observedGeneration).to.equal(3);
        expect(candidates?.eligible).to.equal(2);
      });
      expect(await ns.leaderOf(leader)).to.equal('once-0');
      await policy.switchover('once-1', 'b');
      await ns.leads(leader, 'once-1');
      const { failovers } = await policy.isLedBy('once-1');
      expect(failovers).to.equal(3);
    },

    'is not repeated by taking it away and writing it again': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'again');
      const seen = async (phase: string, generation: number): Promise<void> => {
        await policy.becomes(({ switchover, observedGeneration }) => {
          expect([switchover?.phase, observedGeneration]).to.deep.equal([phase, generation]);
        });
      };
      await policy.switchover('again-1', 'a');
      await seen('Completed', 2);
      await policy.set({ switchover: null });
      await seen('Completed', 3);
      await policy.switchover('again-0', 'a');
      await seen('Completed', 4);
      expect(await ns.leaderOf(leader)).to.equal('again-1');
      await policy.switchover('again-0', 'b');
      await ns.leads(leader, 'again-0');
    },

    'fails for a pod that there is not': async () => {
      const led = await ledByPolicy(stage.ns, 'nobody');
      await fails(led, 'nobody-9', 'NotFound: no pod nobody-9 matches the selector');
    },

    'fails for a pod that is not Ready, and is not made up for when it is': async () => {
      const { ns } = stage;
      const led = await ledByPolicy(ns, 'unready');
      await led.pods[1]!.setReady(false);
      await leadsAlone(led);
      await fails(led, 'unready-1', 'NotReady: pod unready-1 is not Ready');
      await led.pods[1]!.setReady(true, 5_000);
      await led.policy.becomes(({ candidates }) => {
        expect(candidates?.eligible).to.equal(2);
      });
      expect(await ns.leaderOf(led.leader)).to.equal('unready-0');
    },

    'fails for a pod that is excluded': async () => {
      const exclude = { matchLabels: { backup: 'true' } };
      const led = await ledByPolicy(stage.ns, 'excluded', { selection: { exclude } });
      await led.pods[1]!.patch({ metadata: { labels: { backup: 'true' } } });
      await leadsAlone(led);
      await fails(led, 'excluded-1', 'Excluded: pod excluded-1 is excluded by backup=true');
    },

    'fails for a pod that lacks a port': async () => {
      const { ns } = stage;
      const led = await ledByPolicy(
        ns,
        'portless',
        { ports: [{ port: 80, targetPort: 'db' }] },
        { count: 1 },
      );
      await ns.createPod('portless-1', { spec: { containers: [{ name: 'db', image: 'db' }] } });
      await fails(led, 'portless-1', 'PortResolutionFailed: ');
    },
  });
});

describe('spec.switchover, where the operator is killed right after the slice is written,', () => {
  before(() => installCrd());

  it('is not repeated, and told once', async function () {
    this.timeout(20_000);
    const ns = await namespace('handover-crash');
    const { proxy, kubeconfig } = await operatorProxy();
    const operator = await (await startOperator({ namespaces: [ns.name], kubeconfig })).ready();
    const { policy, pods, leader } = await ledByPolicy(ns, 'web');
    await eventually(async () => {
      expect((await ns.service(leader))?.metadata.annotations).to.include.keys('zen-lead.io/leader-pod-name');
    });
    holdReports(proxy);
    await policy.switchover('web-1', 'a');
    await ns.leads(leader, 'web-1');
    await operator.kill('SIGKILL');
    await proxy.stop();
    expect((await policy.status()).leader?.podName).to.equal('web-0');
    // What would be repeated is moved away from meanwhile.
    await pods[1]!.setReady(false);
    const again = await (await startOperator({ namespaces: [ns.name] })).ready();
    await ns.leads(leader, 'web-0');
    await pods[1]!.setReady(true, 1_000);
    const { history, switchover } = await policy.becomes(({ candidates, failovers }) => {
      expect({ eligible: candidates?.eligible, failovers }).to.deep.equal({ eligible: 2, failovers: 2 });
    });
    expect(await ns.leaderOf(leader)).to.equal('web-0');
    expect(switchover).to.deep.include({ observedRequestId: 'a', phase: 'Completed' });
    expect(history?.map(({ epoch }) => epoch)).to.include.members([1, 3]);
    await again.stop();
  });

  it('is in the history all the same', async function () {
    this.timeout(20_000);
    const ns = await namespace('handover-told');
    const { proxy, kubeconfig } = await operatorProxy();
    const operator = await (await startOperator({ namespaces: [ns.name], kubeconfig })).ready();
    const { policy, leader } = await ledByPolicy(ns, 'web');
    holdReports(proxy);
    await policy.switchover('web-1', 'a');
    await ns.leads(leader, 'web-1');
    await operator.kill('SIGKILL');
    await proxy.stop();
    const again = await (await startOperator({ namespaces: [ns.name] })).ready();
    const { history, failovers, switchover } = await policy.isLedBy('web-1');
    expect(history?.map(({ epoch, from, to, reason }) => [epoch, from, to, reason])).to.deep.equal([
      [2, 'web-0', 'web-1', 'Switchover'],
      [1, undefined, 'web-0', 'Elected'],
    ]);
    expect(failovers).to.equal(1);
    expect(switchover).to.deep.include({ phase: 'Completed', message: 'pod web-1 leads as asked for' });
    await again.stop();
  });

  /** Slices are written; status, Events and annotations are not. */
  function holdReports(proxy: FaultHttpProxy): void {
    proxy.addRule({ method: 'POST', path: /\/events(\?|$)/, delayMs: 60_000 });
    proxy.addRule({ method: 'PATCH', path: /\/services\//, delayMs: 60_000 });
    proxy.addRule({ method: 'PATCH', path: /\/leaderpolicies\//, delayMs: 60_000 });
  }
});
