import { expect } from 'chai';
import { Registry } from 'prom-client';
import type { Metrics } from '../../../src/telemetry/metrics.ts';
import { registerLag } from '../../../src/telemetry/process-metrics.ts';
import { leaderSnapshot, metricsUnderTest, scrape, series } from '../../support/metrics.ts';

/** The contract with dashboards and alerts: name and type of every metric. */
const CONTRACT = `
zen_lead_failover_count_total counter
zen_lead_failover_latency_seconds histogram
zen_lead_reconciliations_total counter
zen_lead_reconciliation_duration_seconds histogram
zen_lead_reconciliation_errors_total counter
zen_lead_port_resolution_failures_total counter
zen_lead_sticky_leader_hits_total counter
zen_lead_sticky_leader_misses_total counter
zen_lead_api_call_duration_seconds histogram
zen_lead_workqueue_queue_duration_seconds histogram
zen_lead_watch_restarts_total counter
zen_lead_build_info gauge
process_resident_memory_bytes gauge
process_start_time_seconds gauge
process_cpu_seconds_total counter
zen_lead_event_loop_lag_seconds gauge
zen_lead_leader_info gauge
zen_lead_leader_epoch gauge
zen_lead_leader_service_without_endpoints gauge
zen_lead_leader_ports_unresolved gauge
zen_lead_pods_available gauge
zen_lead_leader_stable gauge
zen_lead_leader_duration_seconds gauge
zen_lead_leader_services gauge
zen_lead_workqueue_depth gauge
zen_lead_watch_last_event_age_seconds gauge
zen_lead_lease_held gauge
`;

describe('Metrics: the whole', () => {
  it('tells exactly the metrics of the contract, each with a help text', async () => {
    const text = await scrape(metricsUnderTest());
    const types = [...text.matchAll(/^# TYPE (.*)$/gm)].map((match) => match[1]);
    expect(types).to.deep.equal(CONTRACT.trim().split('\n'));
    expect([...text.matchAll(/^# HELP \S+ \S.{9,}$/gm)]).to.have.length(types.length);
    expect(text.endsWith('\n')).to.equal(true);
  });

  it('is text in the format of Prometheus', async () => {
    expect(metricsUnderTest().contentType).to.match(/^text\/plain; version=0\.0\.4/);
    for (const line of (await scrape(metricsUnderTest())).trim().split('\n')) {
      expect(line).to.match(
        /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[0-9.e+-]+|\w+\{le="\+Inf"\} \d+)$/,
      );
    }
  });

  it('says what was built, and what it runs on', async () => {
    expect(await series(metricsUnderTest(), 'zen_lead_build_info')).to.deep.equal([
      `{version="1.2.3",commit="abc",node_version="${process.version}"} 1`,
    ]);
  });

  it('has bounded labels at zero from the start', async () => {
    const metrics = metricsUnderTest();
    const zeros: [string, string[]][] = [
      ['zen_lead_failover_count_total', ['{reason="PodGone"} 0', '{reason="NotReady"} 0']],
      ['zen_lead_reconciliations_total', ['{result="written"} 0', '{result="unchanged"} 0']],
      ['zen_lead_reconciliation_errors_total', ['{reason="Conflict"} 0']],
      [
        'zen_lead_watch_restarts_total',
        ['pods', 'services'].flatMap((resource) =>
          ['expired', 'silent'].map((reason) => `{resource="${resource}",reason="${reason}"} 0`),
        ),
      ],
      ['zen_lead_failover_latency_seconds_count', ['0']],
      ['zen_lead_sticky_leader_hits_total', ['0']],
      ['zen_lead_workqueue_depth', ['0']],
      ['zen_lead_leader_services', ['0']],
    ];
    for (const [name, expected] of zeros) expect(await series(metrics, name), name).to.deep.equal(expected);
  });

  it('is never more in one piece than takes a millisecond or so, however many leader Services there are', async () => {
    const metrics = metricsUnderTest();
    const names = Array.from({ length: 1000 }, (_, i) => `a-service-with-a-name-${String(i)}`);
    metrics.provide({ leaders: () => names.map((leaderService) => leaderSnapshot({ leaderService })) });
    let longest = 0;
    let whole = 0;
    for await (const piece of metrics.render()) {
      longest = Math.max(longest, piece.length);
      whole += piece.length;
    }
    expect(whole).to.be.greaterThan(500_000);
    expect(longest).to.be.lessThan(40_000);
  });

  it('lets the event loop turn between families', async () => {
    const metrics = metricsUnderTest();
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    let families = 0;
    for await (const family of metrics.render()) families += family === '' ? 0 : 1;
    clearImmediate(immediate);
    expect(turns).to.be.at.least(families - 1);
  });
});

describe('Metrics: what is counted', () => {
  type Call = (metrics: Metrics) => void;
  const call = { verb: 'update', resource: 'endpointslices', code: 409, seconds: 0.003 };
  const cases: [string, Call, ...string[]][] = [
    [
      'a failover and its latency',
      (metrics) => {
        metrics.observeFailover('PodGone', 0.004);
      },
      'failover_count_total{reason="PodGone"} 1',
      'failover_latency_seconds_sum 0.004',
    ],
    [
      'a failover that no event began, without a latency',
      (metrics) => {
        metrics.observeFailover('PodGone');
      },
      'failover_count_total{reason="PodGone"} 1',
      'failover_latency_seconds_count 0',
    ],
    [
      'a reconciliation and its time',
      (metrics) => {
        metrics.observeReconcile('written', 0.2);
      },
      'reconciliations_total{result="written"} 1',
      'reconciliation_duration_seconds_sum 0.2',
    ],
    [
      'an error',
      (metrics) => {
        metrics.countReconcileError('Conflict');
      },
      'reconciliation_errors_total{reason="Conflict"} 1',
    ],
    [
      'a port that cannot be resolved',
      (metrics) => {
        metrics.countPortResolutionFailure();
      },
      'port_resolution_failures_total 1',
    ],
    [
      'a leader kept',
      (metrics) => {
        metrics.countSticky(true);
      },
      'sticky_leader_hits_total 1',
      'sticky_leader_misses_total 0',
    ],
    [
      'a leader lost',
      (metrics) => {
        metrics.countSticky(false);
      },
      'sticky_leader_hits_total 0',
      'sticky_leader_misses_total 1',
    ],
    [
      'the time in the queue',
      (metrics) => {
        metrics.observeQueueDuration(0.00003);
      },
      'workqueue_queue_duration_seconds_bucket{le="0.00001"} 0',
      'workqueue_queue_duration_seconds_bucket{le="0.00005"} 1',
    ],
    [
      'a watch started again',
      (metrics) => {
        metrics.countWatchRestart('pods', 'silent');
      },
      'watch_restarts_total{resource="pods",reason="silent"} 1',
    ],
    [
      'a call to the API server',
      (metrics) => {
        metrics.observeApiCall(call);
      },
      'api_call_duration_seconds_count{verb="update",resource="endpointslices",code="409"} 1',
    ],
  ];
  for (const [title, act, ...expected] of cases) {
    it(`tells ${title}`, async () => {
      const metrics = metricsUnderTest();
      act(metrics);
      const lines = (await scrape(metrics)).split('\n');
      expect(lines).to.include.members(expected.map((line) => `zen_lead_${line}`));
    });
  }

  it('tells depth and ages as they are at the scrape', async () => {
    const metrics = metricsUnderTest();
    let depth = 4;
    metrics.provide({ queueDepth: () => depth });
    metrics.provide({ watchAges: () => [{ resource: 'pods', seconds: 1.5 }] });
    expect(await series(metrics, 'zen_lead_workqueue_depth')).to.deep.equal(['4']);
    depth = 0;
    expect(await series(metrics, 'zen_lead_workqueue_depth')).to.deep.equal(['0']);
    expect(await series(metrics, 'zen_lead_watch_last_event_age_seconds')).to.deep.equal([
      '{resource="pods"} 1.5',
    ]);
  });

  it('tells of the Lease only where there is one', async () => {
    const metrics = metricsUnderTest();
    let held: boolean | undefined;
    metrics.provide({ leaseHeld: () => held });
    expect(await series(metrics, 'zen_lead_lease_held')).to.deep.equal([]);
    held = true;
    expect(await series(metrics, 'zen_lead_lease_held')).to.deep.equal(['1']);
    held = false;
    expect(await series(metrics, 'zen_lead_lease_held')).to.deep.equal(['0']);
  });
});

describe('Metrics: the process', () => {
  it('tells memory, CPU time and the start', async () => {
    const metrics = metricsUnderTest();
    const value = async (name: string): Promise<number> => Number((await series(metrics, name))[0]);
    expect(await value('process_resident_memory_bytes')).to.be.greaterThan(20e6);
    expect(await value('process_cpu_seconds_total')).to.be.greaterThan(0.01);
    expect((await value('process_start_time_seconds')) * 1000).to.be.closeTo(performance.timeOrigin, 1);
  });

  it('tells how late the event loop was since the last scrape', async () => {
    const registry = new Registry();
    const ticks = { max: 0, reset: () => (ticks.max = 0) };
    registerLag(registry, ticks);
    const lag = async (): Promise<number> => Number((await registry.metrics()).trim().split(' ').at(-1));
    expect(await lag()).to.equal(0);
    ticks.max = 350e6;
    expect(await lag()).to.be.closeTo(0.25, 1e-9);
    expect(await lag()).to.equal(0);
  });
});
