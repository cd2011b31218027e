import { expect } from 'chai';
import { leaderSnapshot, metricsUnderTest, NOW, scrape, series } from '../../support/metrics.ts';

describe('Metrics: leader Services', () => {
  const labels = 'namespace="shop",service="db",leader_service="db-leader"';

  it('tells each leader Service under its labels', async () => {
    const metrics = metricsUnderTest();
    metrics.provide({ leaders: () => [leaderSnapshot()] });
    expect(await series(metrics, 'zen_lead_leader_info')).to.deep.equal([
      `{${labels},pod="db-0",node="n1"} 1`,
    ]);
    const expected = {
      leader_epoch: 3,
      leader_service_without_endpoints: 0,
      leader_ports_unresolved: 0,
      pods_available: 2,
      leader_stable: 1,
      leader_duration_seconds: 90,
    };
    for (const [name, value] of Object.entries(expected)) {
      expect(await series(metrics, `zen_lead_${name}`), name).to.deep.equal([`{${labels}} ${String(value)}`]);
    }
    expect(await series(metrics, 'zen_lead_leader_services')).to.deep.equal(['1']);
  });

  it('tells no leader, no stability and no duration while none is published', async () => {
    const metrics = metricsUnderTest();
    metrics.provide({ leaders: () => [leaderSnapshot({ published: false })] });
    expect(await series(metrics, 'zen_lead_leader_info')).to.deep.equal([]);
    const expected = {
      leader_epoch: 3,
      leader_service_without_endpoints: 1,
      leader_stable: 0,
      leader_duration_seconds: 0,
    };
    for (const [name, value] of Object.entries(expected)) {
      expect(await series(metrics, `zen_lead_${name}`), name).to.deep.equal([`{${labels}} ${String(value)}`]);
    }
  });

  it('tells one whose chosen pod lacks a port', async () => {
    const metrics = metricsUnderTest();
    metrics.provide({ leaders: () => [leaderSnapshot({ published: false, portsUnresolved: true })] });
    expect(await series(metrics, 'zen_lead_leader_ports_unresolved')).to.deep.equal([`{${labels}} 1`]);
  });

  const ages: [string, number | undefined, number, number][] = [
    ['60 s ago', NOW - 60_000, 1, 60],
    ['just under 60 s ago', NOW - 59_999, 0, 59.999],
    ['in the future of our clock', NOW + 5000, 0, 0],
    ['at an unknown time', undefined, 0, 0],
  ];
  for (const [title, sinceMs, stable, seconds] of ages) {
    it(`calls a leader elected ${title} ${stable === 1 ? 'stable' : 'not stable'}`, async () => {
      const metrics = metricsUnderTest();
      metrics.provide({ leaders: () => [leaderSnapshot({ sinceMs })] });
      expect(await series(metrics, 'zen_lead_leader_stable')).to.deep.equal([
        `{${labels}} ${String(stable)}`,
      ]);
      expect(await series(metrics, 'zen_lead_leader_duration_seconds')).to.deep.equal([
        `{${labels}} ${String(seconds)}`,
      ]);
    });
  }

  it('forgets a leader Service that is gone, and keeps nothing between scrapes', async () => {
    const metrics = metricsUnderTest();
    let leaders = [leaderSnapshot(), leaderSnapshot({ leaderService: 'other', node: undefined })];
    metrics.provide({ leaders: () => leaders });
    const infos = await series(metrics, 'zen_lead_leader_info');
    expect(infos).to.have.length(2);
    expect(infos[1]).to.contain('node=""');
    leaders = [];
    expect(await scrape(metrics)).not.to.contain('namespace="shop"');
  });
});
