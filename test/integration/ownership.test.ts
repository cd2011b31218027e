import { expect } from 'chai';
import { quietly } from './support/audit.ts';
import { eventually, throughout } from './support/eventually.ts';
import type { Service } from './support/shapes.ts';
import { withOperator } from './support/with-operator.ts';

describe('what is not ours', () => {
  const stage = withOperator('ownership');

  const unchanged = async (service: Service): Promise<void> => {
    const { name, uid, resourceVersion } = service.metadata;
    const now = await stage.ns.service(name);
    expect(now?.metadata).to.deep.include({ uid, resourceVersion });
  };

  it("stays: a user's Service with the wanted name is told as a conflict, neither changed nor deleted", async () => {
    const { ns } = stage;
    const own = await ns.createService('db-leader', { annotations: false, selector: { app: 'own' } });
    const writes = await quietly(ns.name, async () => {
      await ns.createService('db');
      await ns.createPods('db', 1);
      const [conflict] = await ns.eventsOf('db', 'NameConflict');
      expect(conflict?.note).to.equal(
        'Service "db-leader" exists and is not managed by zen-lead, so it is left alone; set annotation zen-lead.io/leader-service-name to a free name',
      );
      await ns.annotate('db', { enabled: 'false' });
      await throughout(300, () => unchanged(own));
      await ns.annotate('db', { enabled: 'true' });
      await ns.deleteService('db');
      await throughout(300, () => unchanged(own));
    });
    expect(writes.filter((write) => !/^(create|patch) events\//.test(write))).to.deep.equal([]);
    expect(await ns.slice('db-leader')).to.equal(undefined);
  });

  it('stays too where nobody asks for its name', async () => {
    const { ns } = stage;
    const labels = { 'app.kubernetes.io/managed-by': 'zen-lead', 'zen-lead.io/source-service': 'web' };
    const plain = await ns.createService('web-leader', { annotations: false });
    const labelled = await ns.createService('look-alike', { annotations: false, labels });
    await ns.createService('web', { annotations: false });
    await ns.createService('marker');
    await ns.eventsOf('marker', 'LeaderServiceCreated');
    await throughout(300, async () => {
      await unchanged(plain);
      await unchanged(labelled);
    });
  });

  it('is no conflict any more once it is gone, or another name is asked for', async () => {
    const { ns } = stage;
    await ns.createService('late-leader', { annotations: false });
    await ns.createService('late');
    await ns.createPods('late', 1);
    await ns.eventsOf('late', 'NameConflict');
    await ns.annotate('late', { 'leader-service-name': 'late-primary' });
    await ns.leads('late-primary', 'late-0');
    await ns.annotate('late', { 'leader-service-name': null });
    await eventually(async () => {
      expect(await ns.service('late-primary')).to.equal(undefined);
    });
    await ns.deleteService('late-leader');
    await ns.leads('late-leader', 'late-0');
  });

  it('includes the leader Service of another source: the first keeps the name, the second gets it when it is free', async () => {
    const { ns } = stage;
    await ns.createService('first', { annotations: { 'leader-service-name': 'shared' } });
    await ns.createPods('first', 1);
    await ns.leads('shared', 'first-0');
    await ns.createService('second', { annotations: { 'leader-service-name': 'shared' } });
    await ns.createPods('second', 1);
    const [conflict] = await ns.eventsOf('second', 'NameConflict');
    expect(conflict?.note).to.contain('"shared" is taken by the leader Service of first');
    expect(await ns.leaderOf('shared')).to.equal('first-0');
    await ns.annotate('first', { enabled: null });
    await ns.leads('shared', 'second-0');
    const owners = (await ns.service('shared'))?.metadata.ownerReferences;
    expect(owners?.map(({ name }) => name)).to.deep.equal(['second']);
  });

  it('includes a slice of another hand that feeds the leader Service: it is told, and left alone', async () => {
    const { ns } = stage;
    await ns.createService('fed');
    await ns.createPods('fed', 1);
    await ns.leads('fed-leader', 'fed-0');
    const foreign = await ns.createSlice({
      metadata: { name: 'fed-stranger', labels: { 'kubernetes.io/service-name': 'fed-leader' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.99.0.1'] }],
      ports: [],
    });
    const [warned] = await ns.eventsOf('fed', 'ForeignEndpoints');
    expect(warned?.note).to.contain('EndpointSlice "fed-stranger" also feeds leader Service fed-leader');
    const slices = await ns.slices('fed-leader');
    expect(slices.map(({ metadata }) => metadata.name)).to.deep.equal([
      'fed-leader-zen-lead-ipv4',
      'fed-stranger',
    ]);
    expect(slices[1]?.metadata.resourceVersion).to.equal(foreign.metadata.resourceVersion);
    expect(await ns.leaderOf('fed-leader')).to.equal('fed-0');
  });

  it('includes a slice that has the name of ours', async () => {
    const { ns } = stage;
    const squatter = await ns.createSlice({
      metadata: { name: 'squat-leader-zen-lead-ipv4' },
      addressType: 'IPv4',
      endpoints: [],
      ports: [],
    });
    await ns.createService('squat');
    await ns.createPods('squat', 1);
    const [conflict] = await ns.eventsOf('squat', 'NameConflict');
    expect(conflict?.note).to.contain(
      'EndpointSlice "squat-leader-zen-lead-ipv4" exists and is not managed by zen-lead',
    );
    const slice = await ns.slice('squat-leader');
    expect(slice?.metadata.resourceVersion).to.equal(squatter.metadata.resourceVersion);
  });
});
