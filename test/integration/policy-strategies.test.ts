import { expect } from 'chai';
import { eventually, throughout } from './support/eventually.ts';
import type { PodOptions } from './support/pod.ts';
import { createPolicy, ledByPolicy, withPolicies, type PolicyHandle } from './support/policy.ts';
import { sideBySide } from './support/side-by-side.ts';

const ZONE = 'topology.kubernetes.io/zone';

describe('a strategy of a LeaderPolicy', () => {
  const stage = withPolicies('strategies');

  /** A Service, its pods in this order, then the policy. */
  const chosen = async (
    app: string,
    selection: object,
    pods: Readonly<Record<string, PodOptions>>,
    spec: object = {},
  ): Promise<PolicyHandle> => {
    const { ns } = stage;
    await ns.createService(app, { annotations: false });
    await Promise.all(
      Object.entries(pods).map(([suffix, options]) => ns.createPod(`${app}-${suffix}`, { app, ...options })),
    );
    return createPolicy(ns, app, { selection, ...spec });
  };

  /** Names without the app, in the order of status.candidateDetails. */
  const order = async (policy: PolicyHandle): Promise<string[]> => {
    const { candidateDetails = [] } = await policy.becomes(({ candidateDetails }) => {
      expect(candidateDetails?.[0]?.reason).to.equal('Leader');
    });
    return candidateDetails.map(({ podName }) => podName.slice(policy.name.length + 1));
  };

  it('OldestReady (the default) goes by the time since when a pod is Ready', async () => {
    const policy = await chosen(
      'oldest',
      {},
      { a: { readyFor: 10 }, b: { readyFor: 30 }, c: { readyFor: 20 } },
    );
    await stage.ns.leads('oldest-leader', 'oldest-b');
    expect(await order(policy)).to.deep.equal(['b', 'c', 'a']);
  });

  it('Ordinal goes by the number at the end of the name', async () => {
    const pods = { 10: { readyFor: 90 }, 9: { readyFor: 50 }, 11: { readyFor: 70 } };
    const policy = await chosen('ordinal', { strategy: 'Ordinal' }, pods);
    await stage.ns.leads('ordinal-leader', 'ordinal-9');
    expect(await order(policy)).to.deep.equal(['9', '10', '11']);
  });

  it('Priority goes by the integer in an annotation of its own name', async () => {
    const rank = (value: string): PodOptions => ({ annotations: { 'example.com/rank': value } });
    const policy = await chosen(
      'rank',
      { strategy: 'Priority', priority: { annotation: 'example.com/rank' } },
      {
        a: { readyFor: 90, annotations: { 'zen-lead.io/priority': '99' } },
        b: rank('9'),
        c: rank('10'),
        d: rank('-1'),
      },
    );
    await stage.ns.leads('rank-leader', 'rank-c');
    expect(await order(policy)).to.deep.equal(['c', 'b', 'a', 'd']);
  });

  it('comes after the preferences, whose weights are added up', async () => {
    const policy = await chosen(
      'prefer',
      {
        preferences: [
          { weight: 60, zones: ['z1'] },
          { weight: 50, podSelector: { matchLabels: { disk: 'fast' } } },
          { weight: 20, podSelector: { matchLabels: { size: 'big' } }, zones: ['z2', 'z3'] },
        ],
      },
      {
        none: { readyFor: 90 },
        zone: { readyFor: 10, labels: { [ZONE]: 'z1' } },
        half: { readyFor: 20, labels: { [ZONE]: 'z1', size: 'big' } },
        both: { readyFor: 1, labels: { [ZONE]: 'z3', disk: 'fast', size: 'big' } },
      },
    );
    await stage.ns.leads('prefer-leader', 'prefer-both');
    expect(await order(policy)).to.deep.equal(['both', 'half', 'zone', 'none']);
    const { leader } = await policy.status();
    expect(leader?.zone).to.equal('z3');
  });

  it('never takes a pod that is excluded, and moves when the leader becomes one', async () => {
    const { ns } = stage;
    const exclude = { matchLabels: { backup: 'true' } };
    const { policy, pods } = await ledByPolicy(ns, 'exclude', { selection: { exclude } }, { count: 2 });
    await ns.createPod('exclude-9', { readyFor: 500, labels: { backup: 'true' } });
    await pods[0]!.patch({ metadata: { labels: { backup: 'true' } } });
    await ns.leads('exclude-leader', 'exclude-1');
    await policy.becomes(({ candidates, candidateDetails, history }) => {
      expect(candidates?.summary).to.equal('1/3');
      expect(candidateDetails).to.deep.include({ podName: 'exclude-9', eligible: false, reason: 'Excluded' });
      expect(history?.[0]).to.deep.include({ from: 'exclude-0', to: 'exclude-1', reason: 'Excluded' });
    });
    await pods[1]!.patch({ metadata: { labels: { backup: 'true' } } });
    await ns.leads('exclude-leader', null);
    expect((await policy.hasCondition('Ready', 'False/NoReadyPods')).message).to.contain(
      'exclude-1 is excluded by backup=true',
    );
  });

  it('leaves a sticky leader where it is, and moves another one to whoever is better', async () => {
    const { ns } = stage;
    const preferences = [{ weight: 1, zones: ['home'] }];
    const [sticky, loose] = await Promise.all([
      ledByPolicy(ns, 'sticky', { selection: { preferences } }, { count: 1 }),
      ledByPolicy(ns, 'loose', { selection: { preferences, sticky: false } }, { count: 1 }),
    ]);
    await Promise.all(
      ['sticky-5', 'loose-5'].map((name) => ns.createPod(name, { labels: { [ZONE]: 'home' } })),
    );
    await ns.leads('loose-leader', 'loose-5');
    await loose.policy.becomes(({ history }) => {
      expect(history?.[0]).to.deep.include({ from: 'loose-0', to: 'loose-5', reason: 'Preferred' });
    });
    await sticky.policy.becomes(({ candidateDetails }) => {
      expect(candidateDetails).to.deep.equal([
        { podName: 'sticky-5', eligible: true, reason: 'Standby' },
        { podName: 'sticky-0', eligible: true, reason: 'Leader' },
      ]);
    });
    expect(await ns.leaderOf('sticky-leader')).to.equal('sticky-0');
  });
});

describe('strategy FollowLabel', () => {
  const stage = withPolicies('follow');
  const selection = { strategy: 'FollowLabel', followLabel: { matchLabels: { role: 'primary' } } };
  const role = (value: string | null): object => ({ metadata: { labels: { role: value } } });

  const followed = async (app: string, failover: object = {}) => {
    const { ns } = stage;
    await ns.createService(app, { annotations: false });
    const [first, second] = await ns.createPods(app, 2, { labels: { role: 'replica' } });
    const policy = await createPolicy(ns, app, { selection, failover });
    await policy.hasCondition('Ready', 'False/NoReadyPods');
    await first!.patch(role('primary'));
    await ns.leads(`${app}-leader`, first!.name);
    return { policy, first: first!, second: second! };
  };

  sideBySide({
    'goes where the label goes': async () => {
      const { ns } = stage;
      const { policy, first, second } = await followed('moves');
      await first.patch(role('replica'));
      await ns.leads('moves-leader', null);
      await second.patch(role('primary'));
      await ns.leads('moves-leader', 'moves-1');
      await policy.becomes(({ history }) => {
        expect(history?.[0]).to.deep.include({
          epoch: 2,
          from: 'moves-0',
          to: 'moves-1',
          reason: 'NotClaimant',
        });
      });
    },

    'leads to nobody while two claim to lead, and says so': async () => {
      const { ns } = stage;
      const { policy, first, second } = await followed('two');
      await second.patch(role('primary'));
      await ns.leads('two-leader', null);
      const { message } = await policy.hasCondition('Ready', 'False/AmbiguousLeader');
      expect(message).to.contain('two-0, two-1').and.to.contain('role=primary');
      await policy.hasCondition('LeaderElected', 'False/AmbiguousLeader');
      await eventually(async () => {
        const events = await ns.eventsOf('two', 'AmbiguousLeader');
        expect(events.map(({ regarding }) => regarding.kind)).to.have.members(['LeaderPolicy', 'Service']);
      });
      await first.patch(role('replica'));
      await ns.leads('two-leader', 'two-1');
      await policy.hasCondition('Ready', 'True/LeaderPublished');
    },

    'leads to nobody while nobody carries the label': async () => {
      const { ns } = stage;
      const { policy, first } = await followed('none');
      await first.patch(role(null));
      await ns.leads('none-leader', null);
      const { message } = await policy.hasCondition('Ready', 'False/NoReadyPods');
      expect(message).to.contain('none-0 does not carry role=primary');
      await first.patch(role('primary'));
      await ns.leads('none-leader', 'none-0');
      expect((await ns.memory('none-leader')).epoch).to.equal(1);
    },

    'is not held up by an old primary that hangs with the label on it': async () => {
      const { ns } = stage;
      const { policy, first, second } = await followed('hung');
      await first.setReady(false);
      await ns.leads('hung-leader', null);
      await second.patch(role('primary'));
      await ns.leads('hung-leader', 'hung-1');
      // It wakes up, and has not heard yet.
      await first.setReady(true);
      await policy.hasCondition('Ready', 'False/AmbiguousLeader');
      await first.patch(role('replica'));
      await ns.leads('hung-leader', 'hung-1');
      expect((await ns.memory('hung-leader')).epoch).to.equal(2);
    },

    'has a grace only for as long as the label is on the leader': async () => {
      const { ns } = stage;
      const { first, second } = await followed('grace', { gracePeriodSeconds: 3600 });
      await first.setReady(false);
      await throughout(300, async () => {
        expect(await ns.leaderOf('grace-leader')).to.equal('grace-0');
      });
      await first.patch(role('replica'));
      await second.patch(role('primary'));
      await ns.leads('grace-leader', 'grace-1');
    },
  });
});
