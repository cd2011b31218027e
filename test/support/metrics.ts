import { Metrics } from '../../src/telemetry/metrics.ts';
import type { LeaderSnapshot } from '../../src/telemetry/leader-gauges.ts';

export const NOW = 1_000_000_000;

export function metricsUnderTest(): Metrics {
  return new Metrics({
    version: '1.2.3',
    commit: 'abc',
    now: () => NOW,
    labelValues: {
      failoverReasons: ['PodGone', 'NotReady'],
      reconcileResults: ['written', 'unchanged'],
      reconcileErrorReasons: ['Conflict'],
      watchResources: ['pods', 'services'],
      watchRestartReasons: ['expired', 'silent'],
    },
  });
}

export function leaderSnapshot(fields: Partial<LeaderSnapshot> = {}): LeaderSnapshot {
  return {
    namespace: 'shop',
    service: 'db',
    leaderService: 'db-leader',
    pod: 'db-0',
    node: 'n1',
    epoch: 3,
    podsAvailable: 2,
    published: true,
    portsUnresolved: false,
    sinceMs: NOW - 90_000,
    ...fields,
  };
}

export async function scrape(metrics: Metrics): Promise<string> {
  let text = '';
  for await (const family of metrics.render()) text += family;
  return text;
}

/** The series of one metric, `{labels} value` each, in order. */
export async function series(metrics: Metrics, name: string): Promise<string[]> {
  const lines = (await scrape(metrics)).split('\n');
  return lines
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length).trim());
}
