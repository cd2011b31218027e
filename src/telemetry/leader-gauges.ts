/** The gauges with one series for each leader Service. */
import { ComputedGauge } from './metric-types.ts';
import type { Sample } from './metric-types.ts';

/** What there is to tell of one leader Service. */
export interface LeaderSnapshot {
  readonly namespace: string;
  /** The source Service. */
  readonly service: string;
  readonly leaderService: string;
  /** The pod that leads, and its node. */
  readonly pod?: string | undefined;
  readonly node?: string | undefined;
  /** zen-lead.io/leader-epoch; 0 before the first leader. */
  readonly epoch: number;
  /** Eligible pods. */
  readonly podsAvailable: number;
  /** The EndpointSlice has an endpoint. */
  readonly published: boolean;
  /** The chosen pod lacks a port of the leader Service. */
  readonly portsUnresolved: boolean;
  /** When the pod began to lead: epoch milliseconds. */
  readonly sinceMs?: number | undefined;
}

/** A leader is called stable when it has led so long without a change. */
export const STABLE_AFTER_SECONDS = 60;

type Value = (leader: LeaderSnapshot, leadingSeconds: number) => number;

const GAUGES: readonly [name: string, help: string, value: Value][] = [
  ['leader_epoch', 'How many leaders this leader Service has had', (leader) => leader.epoch],
  [
    'leader_service_without_endpoints',
    '1 while the leader Service leads nowhere: no eligible pod, or a port that cannot be resolved',
    (leader) => (leader.published ? 0 : 1),
  ],
  [
    'leader_ports_unresolved',
    '1 while nobody is published because the chosen pod lacks a port of the leader Service',
    (leader) => (leader.portsUnresolved ? 1 : 0),
  ],
  ['pods_available', 'Pods that could lead now, the leader included', (leader) => leader.podsAvailable],
  [
    'leader_stable',
    `1 when a leader is published and has led for at least ${String(STABLE_AFTER_SECONDS)} s, else 0`,
    (leader, seconds) => (leader.published && seconds >= STABLE_AFTER_SECONDS ? 1 : 0),
  ],
  [
    'leader_duration_seconds',
    'How long the present leader has led; 0 while none is published',
    (leader, seconds) => (leader.published ? seconds : 0),
  ],
];

/** `now`: epoch milliseconds. */
export function leaderGauges(leaders: () => Iterable<LeaderSnapshot>, now: () => number): ComputedGauge[] {
  const info = { name: 'zen_lead_leader_info', help: 'The pod that leads, and its node; always 1' };
  const count = { name: 'zen_lead_leader_services', help: 'Leader Services that this operator looks after' };
  return [
    new ComputedGauge(info, () => infoOf(leaders())),
    ...GAUGES.map(
      ([name, help, value]) =>
        new ComputedGauge({ name: `zen_lead_${name}`, help }, () => samplesOf(leaders(), value, now())),
    ),
    new ComputedGauge(count, () => [{ labels: {}, value: Array.from(leaders()).length }]),
  ];
}

function* infoOf(leaders: Iterable<LeaderSnapshot>): Iterable<Sample> {
  for (const leader of leaders) {
    if (!leader.published || leader.pod === undefined) continue;
    yield { labels: { ...labelsOf(leader), pod: leader.pod, node: leader.node ?? '' }, value: 1 };
  }
}

function* samplesOf(leaders: Iterable<LeaderSnapshot>, value: Value, now: number): Iterable<Sample> {
  for (const leader of leaders) {
    // A clock that is behind the one that wrote the slice must not make it negative.
    const seconds = leader.sinceMs === undefined ? 0 : Math.max(0, now - leader.sinceMs) / 1000;
    yield { labels: labelsOf(leader), value: value(leader, seconds) };
  }
}

function labelsOf(leader: LeaderSnapshot): Sample['labels'] {
  return { namespace: leader.namespace, service: leader.service, leader_service: leader.leaderService };
}
