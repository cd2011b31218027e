import { expect } from 'chai';
import { eventually } from './support/eventually.ts';
import { withOperator } from './support/with-operator.ts';

describe('the life of a leader Service', () => {
  const stage = withOperator('lifecycle');

  const gone = (leaderService: string): Promise<void> =>
    eventually(
      async () => {
        expect(await stage.ns.service(leaderService)).to.equal(undefined);
        expect(await stage.ns.slices(leaderService)).to.deep.equal([]);
      },
      { describe: `${leaderService} and its slices to be gone`, timeout: 8_000 },
    );

  it('ends when the source opts out, and begins again when it opts in', async () => {
    const { ns } = stage;
    await ns.createService('optional');
    await ns.createPods('optional', 1);
    await ns.leads('optional-leader', 'optional-0');
    await ns.annotate('optional', { enabled: null });
    await gone('optional-leader');
    const [told] = await ns.eventsOf('optional', 'LeaderServiceDeleted');
    expect(told?.note).to.equal('deleted leader Service optional-leader');
    await ns.annotate('optional', { enabled: 'true' });
    await ns.leads('optional-leader', 'optional-0');
  });

  it('ends under the old name when the source asks for a new one', async () => {
    const { ns } = stage;
    await ns.createService('renamed');
    await ns.createPods('renamed', 1);
    await ns.leads('renamed-leader', 'renamed-0');
    await ns.annotate('renamed', { 'leader-service-name': 'renamed-primary' });
    await ns.leads('renamed-primary', 'renamed-0');
    await gone('renamed-leader');
  });

  it('stays under the old name while the new one is not a possible one', async () => {
    const { ns } = stage;
    await ns.createService('misnamed');
    const [first] = await ns.createPods('misnamed', 2);
    await ns.leads('misnamed-leader', 'misnamed-0');
    await ns.annotate('misnamed', { 'leader-service-name': 'Not_A_Name' });
    await ns.eventSaying('misnamed', 'InvalidAnnotation', '"Not_A_Name" is not accepted');
    expect(await ns.leaderOf('misnamed-leader')).to.equal('misnamed-0');
    await first!.setReady(false);
    await ns.leads('misnamed-leader', null);
    await ns.annotate('misnamed', { 'leader-service-name': null });
    await ns.leads('misnamed-leader', 'misnamed-1');
  });

  it('ends with the source', async () => {
    const { ns } = stage;
    await ns.createService('deleted');
    await ns.createPods('deleted', 1);
    await ns.leads('deleted-leader', 'deleted-0');
    await ns.deleteService('deleted');
    await gone('deleted-leader');
  });

  it('goes on when the source is deleted and at once made again', async () => {
    const { ns } = stage;
    await ns.createService('again');
    await ns.createPods('again', 1);
    await ns.leads('again-leader', 'again-0');
    await ns.deleteService('again');
    const { uid } = (await ns.createService('again')).metadata;
    await eventually(async () => {
      const owners = (await ns.service('again-leader'))?.metadata.ownerReferences ?? [];
      expect(owners.map((owner) => owner.uid)).to.deep.equal([uid]);
      expect(await ns.leaderOf('again-leader')).to.equal('again-0');
    });
  });

  it('leads nowhere when the source was deleted without it, and goes on with a new source', async () => {
    const { ns } = stage;
    await ns.createService('orphan');
    await ns.createPods('orphan', 1);
    await ns.leads('orphan-leader', 'orphan-0');
    const clusterIP = (await ns.service('orphan-leader'))?.spec.clusterIP;
    await ns.deleteService('orphan', '?propagationPolicy=Orphan');
    await ns.leads('orphan-leader', null);
    const { uid } = (await ns.createService('orphan')).metadata;
    await ns.leads('orphan-leader', 'orphan-0');
    await eventually(async () => {
      const adopted = await ns.service('orphan-leader');
      expect(adopted?.metadata.ownerReferences?.map((owner) => owner.uid)).to.deep.equal([uid]);
      expect(adopted?.spec.clusterIP).to.equal(clusterIP);
    });
    expect((await ns.memory('orphan-leader')).epoch).to.equal(1);
  });
});
