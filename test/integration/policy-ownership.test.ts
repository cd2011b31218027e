import { expect } from 'chai';
import { AuditTrail } from './support/audit.ts';
import { eventually } from './support/eventually.ts';
import type { Namespace } from './support/namespace.ts';
import { createPolicy, ledByPolicy, withPolicies } from './support/policy.ts';
import type { Service } from './support/shapes.ts';
import { sideBySide } from './support/side-by-side.ts';

async function isGone(ns: Namespace, leader: string): Promise<void> {
  await eventually(
    async () => {
      expect(await ns.service(leader)).to.equal(undefined);
      expect(await ns.slices(leader)).to.deep.equal([]);
    },
    { describe: `${leader} and its slices to go`, timeout: 10_000 },
  );
}

/** The real one was faster. */
function isNotFound(error: unknown): void {
  if (!String(error).includes('404')) throw error;
}

/** kind/name of the owners, the controller with a star. */
function ownersOf(service: Service | undefined): string[] {
  return (service?.metadata.ownerReferences ?? [])
    .map(({ kind, name, controller }) => `${kind}/${name}${controller === true ? '*' : ''}`)
    .sort();
}

describe('the end of', () => {
  const stage = withPolicies('ends');

  sideBySide({
    'a policy takes the leader Service and its slice along, and nothing else': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'policy');
      await policy.delete();
      await isGone(ns, leader);
      expect(await ns.service('policy')).to.be.an('object');
      const again = await createPolicy(ns, 'policy');
      await ns.leads(leader, 'policy-0');
      expect((await again.isLedBy('policy-0')).failovers).to.equal(0);
    },

    'the source Service empties the slice and says so; with a new one it heals': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'source');
      const before = await ns.service(leader);
      await ns.deleteService('source');
      await ns.leads(leader, null);
      const { message } = await policy.hasCondition('Ready', 'False/InvalidService');
      expect(message).to.contain('spec.serviceRef.name: there is no Service "source"');
      await policy.hasCondition('LeaderElected', 'False/InvalidService');
      await ns.eventsOf('source', 'InvalidService');
      await policy.isLedBy(undefined);
      await ns.createService('source', { annotations: false });
      await ns.leads(leader, 'source-0');
      await policy.hasCondition('Ready', 'True/LeaderPublished');
      const after = await ns.service(leader);
      expect(after?.metadata.uid).to.equal(before?.metadata.uid);
      expect((await ns.memory(leader)).epoch).to.equal(1);
    },

    'a policy for a source that there never was tells so until there is one': async () => {
      const { ns } = stage;
      const policy = await createPolicy(ns, 'early');
      await policy.hasCondition('Ready', 'False/InvalidService');
      expect(await ns.service('early-leader')).to.equal(undefined);
      await ns.createPods('early', 1);
      await ns.createService('early', { annotations: false });
      await ns.leads('early-leader', 'early-0');
      await policy.hasCondition('Ready', 'True/LeaderPublished');
    },

    'a policy that is deleted with --cascade=orphan leaves a Service that leads to nobody, and that the next one adopts':
      async () => {
        const { ns } = stage;
        const { policy, leader } = await ledByPolicy(ns, 'orphan');
        const before = (await ns.service(leader))!;
        await policy.delete('?propagationPolicy=Orphan');
        // What the garbage collector does, which looks for new kinds of owners twice a minute only.
        await ns.patchService(leader, { metadata: { ownerReferences: null } });
        await policy.patch({ metadata: { finalizers: null } }).catch(isNotFound);
        await ns.leads(leader, null);
        expect(ownersOf(await ns.service(leader))).to.deep.equal([]);
        const again = await createPolicy(ns, 'orphan');
        await ns.leads(leader, 'orphan-0');
        // The slice is written first.
        await eventually(async () => {
          expect(ownersOf(await ns.service(leader))).to.deep.equal(['LeaderPolicy/orphan*']);
        });
        const after = (await ns.service(leader))!;
        expect([after.metadata.uid, after.spec.clusterIP]).to.deep.equal([
          before.metadata.uid,
          before.spec.clusterIP,
        ]);
        await again.hasCondition('Ready', 'True/LeaderPublished');
      },
  });
});

describe('one leader Service name', () => {
  const stage = withPolicies('one-name');
  const named = (name: string, source: string): object => ({
    serviceRef: { name: source },
    leaderService: { name },
  });

  sideBySide({
    'that two policies want belongs to the one that has it, and to the other when that goes': async () => {
      const { ns } = stage;
      const { policy: first, leader } = await ledByPolicy(ns, 'first');
      await ns.createService('second', { annotations: false });
      await ns.createPods('second', 1);
      const second = await createPolicy(ns, 'second', named(leader, 'second'));
      const { message } = await second.hasCondition('NameConflict', 'True/NameConflict');
      expect(message).to.contain('LeaderPolicy first').and.to.contain('spec.leaderService.name');
      await second.hasCondition('Ready', 'False/NameConflict');
      await ns.eventsOf('second', 'NameConflict');
      expect(await ns.leaderOf(leader)).to.equal('first-0');
      expect((await first.condition('NameConflict'))?.status).to.equal('False');
      await first.delete();
      await ns.leads(leader, 'second-0', 10_000);
      await second.hasCondition('NameConflict', 'False/NameIsOurs');
      await second.hasCondition('Ready', 'True/LeaderPublished');
      expect(ownersOf(await ns.service(leader))).to.deep.equal(['LeaderPolicy/second*']);
    },

    'that a Service of somebody else has is left alone, and taken when that goes': async () => {
      const { ns } = stage;
      await ns.createService('mine-leader', { annotations: false });
      await ns.createService('mine', { annotations: false });
      await ns.createPods('mine', 1);
      const before = await ns.service('mine-leader');
      const policy = await createPolicy(ns, 'mine');
      await policy.hasCondition('NameConflict', 'True/NameConflict');
      await policy.hasCondition('Ready', 'False/NameConflict');
      expect(await ns.service('mine-leader')).to.deep.equal(before);
      await ns.deleteService('mine-leader');
      await ns.leads('mine-leader', 'mine-0');
      await policy.hasCondition('Ready', 'True/LeaderPublished');
    },

    'of one source, each has its own: two policies, two leaders': async () => {
      const { ns } = stage;
      await ns.createService('both', { annotations: false });
      await ns.createPod('both-0', { readyFor: 50, labels: { disk: 'slow' } });
      await ns.createPod('both-1', { readyFor: 1, labels: { disk: 'fast' } });
      await createPolicy(ns, 'both-old', named('old', 'both'));
      const preferences = [{ weight: 1, podSelector: { matchLabels: { disk: 'fast' } } }];
      await createPolicy(ns, 'both-fast', { ...named('fast', 'both'), selection: { preferences } });
      await Promise.all([ns.leads('old', 'both-0'), ns.leads('fast', 'both-1')]);
    },
  });
});

describe('a policy and the annotations of its Service', () => {
  const stage = withPolicies('heirs');

  /** Nothing that clients see has changed: the Service is the same, and its slice was never written. */
  const isUndisturbed = async (trail: AuditTrail, before: Service): Promise<Service> => {
    const { ns } = stage;
    const after = (await ns.service(before.metadata.name))!;
    expect(after.metadata.uid).to.equal(before.metadata.uid);
    expect(after.spec.clusterIP).to.equal(before.spec.clusterIP);
    const name = `${before.metadata.name}-zen-lead-ipv4`;
    const written = await trail.written({ namespace: ns.name, resource: 'endpointslices', name });
    expect(written).to.deep.equal([]);
    return after;
  };

  it('hand the leader Service over without a moment in which it leads elsewhere, both ways', async function () {
    this.timeout(20_000);
    const { ns } = stage;
    await ns.createService('pg');
    await ns.createPods('pg', 2);
    await ns.leads('pg-leader', 'pg-0');
    const before = (await ns.service('pg-leader'))!;
    const trail = await AuditTrail.begin();
    expect(ownersOf(before)).to.deep.equal(['Service/pg*']);

    // From the annotations to the policy, whose settings count from now on.
    const policy = await createPolicy(ns, 'pg', { selection: { exclude: { matchLabels: { x: 'y' } } } });
    const { failovers, history } = await policy.isLedBy('pg-0');
    expect([failovers, history?.map(({ epoch }) => epoch)]).to.deep.equal([0, [1]]);
    await ns.eventsOf('pg', 'AnnotationIgnored');
    expect((await policy.condition('NameConflict'))?.status).to.equal('False');
    await eventually(async () => {
      expect(ownersOf(await ns.service('pg-leader'))).to.deep.equal(['LeaderPolicy/pg*', 'Service/pg']);
    });
    await isUndisturbed(trail, before);

    // And back, when the policy goes.
    await policy.delete();
    await eventually(async () => {
      expect(ownersOf(await ns.service('pg-leader'))).to.deep.equal(['Service/pg*']);
    });
    await isUndisturbed(trail, before);

    // Once more to a policy, then the annotation goes, and the second owner with it: the Service ends with the policy.
    const last = await createPolicy(ns, 'pg');
    await last.isLedBy('pg-0');
    await ns.annotate('pg', { enabled: null });
    await eventually(async () => {
      expect(ownersOf(await ns.service('pg-leader'))).to.deep.equal(['LeaderPolicy/pg*']);
    });
    await isUndisturbed(trail, before);
    await last.delete();
    await isGone(ns, 'pg-leader');
  });

  it('keep it when the annotation comes to a Service that has a policy, and the policy goes', async () => {
    const { ns } = stage;
    const { policy, leader } = await ledByPolicy(ns, 'late');
    const before = (await ns.service(leader))!;
    const trail = await AuditTrail.begin();
    await ns.annotate('late', { enabled: 'true' });
    await eventually(async () => {
      expect(ownersOf(await ns.service(leader))).to.deep.equal(['LeaderPolicy/late*', 'Service/late']);
    });
    await policy.delete();
    await eventually(async () => {
      expect(ownersOf(await ns.service(leader))).to.deep.equal(['Service/late*']);
    });
    await isUndisturbed(trail, before);
  });

  it('have a leader Service each, where the names differ', async () => {
    const { ns } = stage;
    await ns.createPods('two', 2);
    await ns.createService('two');
    const policy = await createPolicy(ns, 'two', { leaderService: { name: 'two-write' } });
    await Promise.all([ns.leads('two-leader', 'two-0'), ns.leads('two-write', 'two-0')]);
    await policy.delete();
    await isGone(ns, 'two-write');
    expect(await ns.leaderOf('two-leader')).to.equal('two-0');
  });
});
