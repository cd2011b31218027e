import { expect } from 'chai';
import { throughout } from './support/eventually.ts';
import { createPolicy, ledByPolicy, withPolicies } from './support/policy.ts';
import { sideBySide } from './support/side-by-side.ts';

describe('mode Manual', () => {
  const stage = withPolicies('manual');
  const failover = { mode: 'Manual' };

  sideBySide({
    'withdraws a leader that is lost, elects nobody, and takes it back when it is Ready again': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'back', { failover });
      await pods[0]!.setReady(false);
      await ns.leads(leader, null);
      const { message } = await policy.hasCondition('Ready', 'False/NoReadyPods');
      expect(message).to.contain('in mode Manual').and.to.contain('is not Ready');
      await throughout(300, async () => {
        expect(await ns.leaderOf(leader)).to.equal(null);
      });
      await pods[0]!.setReady(true);
      await ns.leads(leader, 'back-0');
      const { failovers, history } = await policy.isLedBy('back-0');
      expect({ failovers, entries: history?.length }).to.deep.equal({ failovers: 0, entries: 1 });
    },

    'moves by switchover, whether there is a leader or not': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'hand', { failover }, { count: 3 });
      await policy.switchover('hand-1', '1');
      await ns.leads(leader, 'hand-1');
      await pods[1]!.remove();
      await ns.leads(leader, null);
      await policy.switchover('hand-2', '2');
      await ns.leads(leader, 'hand-2');
      const { history } = await policy.isLedBy('hand-2');
      expect(history?.map(({ to, reason }) => [to, reason])).to.deep.equal([
        ['hand-2', 'Switchover'],
        ['hand-1', 'Switchover'],
        ['hand-0', 'Elected'],
      ]);
    },

    'moves by itself again in mode Automatic': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'auto', { failover });
      await pods[0]!.setReady(false);
      await ns.leads(leader, null);
      await policy.set({ failover: { mode: 'Automatic' } });
      await ns.leads(leader, 'auto-1');
    },
  });
});

describe('a paused LeaderPolicy', () => {
  const stage = withPolicies('paused');

  sideBySide({
    'withdraws a leader that is lost, takes it back, and elects nobody else': async () => {
      const { ns } = stage;
      const { policy, pods, leader } = await ledByPolicy(ns, 'back');
      await policy.set({ paused: true });
      await policy.hasCondition('Paused', 'True/Paused');
      await pods[0]!.setReady(false);
      await ns.leads(leader, null);
      await policy.hasCondition('Ready', 'False/NoReadyPods');
      await pods[0]!.setReady(true);
      await ns.leads(leader, 'back-0');
      await policy.hasCondition('Ready', 'True/LeaderPublished');
      expect((await ns.memory(leader)).epoch).to.equal(1);
      await pods[0]!.remove();
      await ns.leads(leader, null);
      await policy.set({ paused: false });
      await ns.leads(leader, 'back-1');
      await policy.hasCondition('Paused', 'False/NotPaused');
    },

    'elects nobody at first': async () => {
      const { ns } = stage;
      await ns.createService('first', { annotations: false });
      await ns.createPods('first', 1);
      const policy = await createPolicy(ns, 'first', { paused: true });
      await policy.hasCondition('Ready', 'False/NoReadyPods');
      await ns.leads('first-leader', null);
      await policy.set({ paused: false });
      await ns.leads('first-leader', 'first-0');
    },

    'refuses a switchover, which is not made up for': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'refuse');
      await policy.set({ paused: true });
      await policy.switchover('refuse-1', 'a');
      await ns.eventSaying('refuse', 'SwitchoverFailed', 'Paused: the leader does not move');
      await policy.set({ paused: false });
      await policy.hasCondition('Paused', 'False/NotPaused');
      expect(await ns.leaderOf(leader)).to.equal('refuse-0');
    },
  });
});
