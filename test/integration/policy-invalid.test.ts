import { expect } from 'chai';
import { installCrd, restoreCrd, weakenCrd } from './support/crd.ts';
import { eventually, throughout } from './support/eventually.ts';
import { namespace } from './support/namespace.ts';
import { startOperator } from './support/operator-process.ts';
import { createPolicy, ledByPolicy, withPolicies } from './support/policy.ts';
import { grantIn, RULES } from './support/rbac.ts';

describe('a LeaderPolicy that was stored under a weaker CRD', function () {
  this.timeout(20_000);
  const stage = withPolicies('invalid');

  after(() => restoreCrd());

  it('is invalid, treated as paused, and heals; the others go on', async () => {
    const { ns, operator } = stage;
    const [future, grace, fine] = await Promise.all([
      ledByPolicy(ns, 'future'),
      ledByPolicy(ns, 'grace'),
      ledByPolicy(ns, 'fine'),
    ]);
    for (const name of ['born', 'odd']) {
      await ns.createService(name, { annotations: false });
      await ns.createPods(name, 1);
    }
    await weakenCrd();
    // A value of a newer version, one out of range, a name that is none, and something else than a list.
    await future.policy.set({ selection: { strategy: 'Random' } });
    await grace.policy.set({ failover: { gracePeriodSeconds: -1 } });
    const born = await createPolicy(ns, 'born', { leaderService: { name: 'Born' } });
    const odd = await createPolicy(ns, 'odd', { ports: 'all of them' });
    await restoreCrd();

    const told = async (policy: typeof born, path: string, accepted: string): Promise<void> => {
      const { message } = await policy.hasCondition('Ready', 'False/InvalidPolicy');
      expect(message).to.contain(path).and.to.contain(accepted);
      await policy.hasCondition('Paused', 'True/InvalidPolicy');
      const [event] = await ns.eventsOf(policy.name, 'InvalidPolicy');
      expect(event?.type).to.equal('Warning');
      expect(event?.note).to.contain(path);
    };
    await told(future.policy, 'spec.selection.strategy', 'OldestReady, Ordinal, Priority, FollowLabel');
    await told(grace.policy, 'spec.failover.gracePeriodSeconds', '0 to 86400');
    await told(born, 'spec.leaderService.name', 'a DNS label');
    // Its rules do not work on such values, so that the API server takes no status: the Event remains.
    await ns.eventSaying('odd', 'InvalidPolicy', 'spec.ports');
    for (const name of ['born-leader', 'odd-leader'])
      expect(await ns.leaderOf(name)).to.be.oneOf([undefined, null]);

    // As paused: withdrawn, not replaced, and back.
    expect(await ns.leaderOf(future.leader)).to.equal('future-0');
    await future.pods[0]!.setReady(false);
    await fine.pods[0]!.setReady(false);
    await Promise.all([ns.leads(fine.leader, 'fine-1'), ns.leads(future.leader, null)]);
    await throughout(200, async () => {
      expect(await ns.leaderOf(future.leader)).to.equal(null);
    });
    await future.pods[0]!.setReady(true);
    await ns.leads(future.leader, 'future-0');
    expect((await future.policy.status()).leader?.podName).to.be.oneOf(['future-0', undefined]);

    await future.policy.set({ selection: { strategy: 'Ordinal' } });
    await grace.policy.set({ failover: { gracePeriodSeconds: 0 } });
    await born.set({ leaderService: { name: 'born-leader' } });
    await odd.set({ ports: null });
    for (const policy of [future.policy, grace.policy, born, odd]) {
      await policy.hasCondition('Ready', 'True/LeaderPublished');
      await policy.hasCondition('Paused', 'False/NotPaused');
    }
    await Promise.all(['born', 'odd'].map((name) => ns.leads(`${name}-leader`, `${name}-0`)));
    await future.pods[0]!.setReady(false);
    await ns.leads(future.leader, 'future-1');
    await operator.ready();
  });
});

describe('an operator that may not write the status of LeaderPolicies', () => {
  before(() => installCrd());

  it('serves their leaders all the same, and tells by Events', async function () {
    this.timeout(20_000);
    const ns = await namespace('no-status');
    const user = 'zen-lead-no-status';
    await grantIn(
      ns.cluster,
      ns.name,
      user,
      RULES.filter(({ resources }) => !resources.includes('leaderpolicies/status')),
    );
    const kubeconfig = await ns.cluster.createUserKubeconfig({ user });
    const operator = await (await startOperator({ namespaces: [ns.name], kubeconfig })).ready();
    await ns.createService('web', { annotations: false });
    const [first] = await ns.createPods('web', 2);
    const policy = await createPolicy(ns, 'web');
    await ns.leads('web-leader', 'web-0');
    await first!.setReady(false);
    await ns.leads('web-leader', 'web-1');
    await ns.eventsOf('web', 'LeaderChanged');
    await eventually(async () => {
      const { metadata } = (await ns.service('web-leader'))!;
      expect(metadata.annotations).to.include({ 'zen-lead.io/leader-pod-name': 'web-1' });
    });
    expect((await policy.get()).status).to.equal(undefined);
    const refusals = operator.logs.filter(({ message }) => message === 'status refused');
    expect(refusals.length).to.be.within(1, 12);
    expect(JSON.stringify(refusals[0])).to.contain('403');
    await operator.stop();
  });
});
