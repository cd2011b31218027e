/** What users see and do with the real kubectl. */
import { expect } from 'chai';
import { eventually } from './support/eventually.ts';
import { ledByPolicy, withPolicies, type Led } from './support/policy.ts';

describe('kubectl', () => {
  const stage = withPolicies('kubectl');
  let led: Led;

  const kubectl = async (...args: string[]): Promise<string> =>
    stage.ns.cluster.kubectl(['--namespace', stage.ns.name, ...args]);

  /** Cells by column, row by row: a cell begins where its column's title does, and may be empty. */
  const table = async (...args: string[]): Promise<Record<string, string>[]> => {
    const [head = '', ...rows] = (await kubectl(...args)).trimEnd().split('\n');
    const titles = [...head.matchAll(/\S+/g)];
    return rows.map((row) =>
      Object.fromEntries(
        titles.map(({ index, 0: title }, nth) => [title, row.slice(index, titles[nth + 1]?.index).trim()]),
      ),
    );
  };

  before(async function () {
    this.timeout(20_000);
    const labels = { 'topology.kubernetes.io/zone': 'zone-a' };
    led = await ledByPolicy(stage.ns, 'pg', {}, { count: 3, pods: { labels } });
    await led.pods[2]!.setReady(false);
    await led.policy.becomes(({ candidates }) => {
      expect(candidates?.eligible).to.equal(2);
    });
  });

  const COLUMNS = ['NAME', 'SERVICE', 'LEADER', 'CANDIDATES', 'FAILOVERS', 'LAST-FAILOVER', 'READY', 'AGE'];
  const AGE = /^\d+s$/;

  it('get leaderpolicies shows who leads, of how many, since when', async () => {
    const rows = await table('get', 'leaderpolicies');
    expect(rows).to.have.length(1);
    const { AGE: age, ...cells } = rows[0]!;
    expect(Object.keys(rows[0]!)).to.deep.equal(COLUMNS);
    expect(cells).to.deep.equal({
      NAME: 'pg',
      SERVICE: 'pg',
      LEADER: 'pg-0',
      CANDIDATES: '2/3',
      FAILOVERS: '0',
      'LAST-FAILOVER': '',
      READY: 'True',
    });
    expect(age).to.match(AGE);
  });

  it('get lp -o wide shows where, how and why, too', async () => {
    const [row = {}] = await table('get', 'lp', '-o', 'wide');
    expect(Object.keys(row)).to.deep.equal([...COLUMNS, 'NODE', 'ZONE', 'STRATEGY', 'REASON']);
    expect(row).to.deep.include({
      NODE: 'node-0',
      ZONE: 'zone-a',
      STRATEGY: 'OldestReady',
      REASON: 'LeaderPublished',
    });
  });

  it('get zen-lead shows all policies of the namespace', async () => {
    expect((await kubectl('get', 'zen-lead', '-o', 'name')).trim()).to.equal('leaderpolicy.zen-lead.io/pg');
  });

  it('explain says what a field is, and which values it takes', async () => {
    const failover = await kubectl('explain', 'leaderpolicy.spec.failover');
    expect(failover)
      .to.match(/GROUP:\s+zen-lead\.io/)
      .and.to.contain('When a leader is replaced');
    expect(failover).to.match(/mode\s+<string>\s+enum: Automatic, Manual/);
    expect(await kubectl('explain', 'lp.status.history.durationMilliseconds')).to.contain('milliseconds');
  });

  it('patch moves the leader, wait waits for it, describe tells of it', async function () {
    this.timeout(15_000);
    const switchover = { podName: 'pg-1', requestId: '2026-11-23-a' };
    const patch = JSON.stringify({ spec: { switchover } });
    expect(await kubectl('patch', 'lp', 'pg', '--type', 'merge', '-p', patch)).to.contain('patched');
    await kubectl('wait', '--for=jsonpath={.status.leader.podName}=pg-1', 'lp/pg', '--timeout=5s');
    await kubectl('wait', '--for=condition=Ready', 'leaderpolicy/pg', '--timeout=5s');
    const [row = {}] = await table('get', 'lp', 'pg');
    expect(row).to.deep.include({ LEADER: 'pg-1', CANDIDATES: '2/3', FAILOVERS: '1' });
    expect(row['LAST-FAILOVER']).to.match(AGE);
    const events = await eventually(async () => {
      const described = await kubectl('describe', 'leaderpolicy', 'pg');
      const [, list = ''] = described.split(/^Events:/m);
      expect(list).to.contain('LeaderChanged');
      return list;
    });
    expect(events).to.match(/Normal\s+LeaderElected\s+.*pod pg-0 leads$/m);
    expect(events).to.match(/Normal\s+SwitchoverCompleted\s+.*pod pg-1 leads as asked for$/m);
    expect(events).to.match(/Normal\s+LeaderChanged\s+.*pod pg-1 leads instead of pg-0: .*as asked for$/m);
  });

  it('wait sees that nobody leads any more, and why', async () => {
    await Promise.all(led.pods.map((pod) => pod.setReady(false)));
    await kubectl('wait', '--for=condition=Ready=false', 'lp/pg', '--timeout=5s');
    const shown = await kubectl('get', 'lp', 'pg', '-o', 'wide');
    expect(shown).to.contain('False').and.to.contain('NoReadyPods').and.to.contain('0/3');
    await led.pods[1]!.setReady(true);
    await kubectl('wait', '--for=condition=Ready', 'lp/pg', '--timeout=5s');
  });

  it('apply of the same file again changes nothing, and delete takes the leader Service along', async () => {
    const { ns } = stage;
    const file = JSON.stringify({
      apiVersion: 'zen-lead.io/v1alpha1',
      kind: 'LeaderPolicy',
      metadata: { name: 'applied' },
      spec: { serviceRef: { name: 'pg' }, leaderService: { name: 'applied' } },
    });
    const apply = async (): Promise<string> =>
      (await ns.cluster.kubectl(['--namespace', ns.name, 'apply', '-f', '-'], file)).trim();
    expect(await apply()).to.equal('leaderpolicy.zen-lead.io/applied created');
    await ns.leads('applied', 'pg-1');
    expect(await apply()).to.equal('leaderpolicy.zen-lead.io/applied unchanged');
    await kubectl('delete', 'lp', 'applied', '--timeout=5s');
    await eventually(async () => {
      expect(await ns.service('applied')).to.equal(undefined);
    });
  });
});
