/** Specs of LeaderPolicies, for the real API server and for the operator's own validation: both must say the same. */
import { OF_LEADER_SERVICE, OF_PORTS, OF_THE_REST } from './leader-policy-refusals.ts';
import { OF_SELECTION } from './leader-policy-selection-refusals.ts';
import type { RefusedCase } from './leader-policy-specs.ts';
import {
  NAME,
  DIGIT,
  longest,
  entries,
  ports,
  zones,
  withLeader,
  withPort,
  withSelection,
  withPreference,
  withSwitchover,
  withFollowed,
} from './leader-policy-specs.ts';

export interface AcceptedCase {
  /** Completes the sentence "accepts ...". */
  readonly name: string;
  readonly spec: object;
}

export const ACCEPTED: readonly AcceptedCase[] = [
  { name: 'a name alone', spec: NAME },
  { name: 'empty parts', spec: { ...NAME, leaderService: {}, selection: {}, failover: {} } },
  { name: 'the longest name whose default fits', spec: { serviceRef: { name: longest(56) } } },
  {
    name: 'the longest name with a leader Service of its own',
    spec: { serviceRef: { name: longest(63) }, leaderService: { name: longest(62) } },
  },
  {
    name: 'a name that begins with a digit, with another leader Service',
    spec: { ...DIGIT, leaderService: { name: 'x' } },
  },
  { name: 'a headless leader Service', spec: withLeader({ type: 'Headless' }) },
  {
    name: 'as many labels and annotations as there may be, each as long as it may be',
    spec: withLeader({
      name: 'l',
      labels: { ...entries(31, longest(63)), [`${longest(189)}/${longest(63)}`]: '' },
      annotations: entries(16, longest(2048, '\u{1f600}')),
    }),
  },
  {
    name: 'keys that only look reserved',
    spec: withLeader({
      labels: { 'mykubernetes.io/a': '1', 'k8s.io.example.com/b': '2', 'zen-lead.io': '3' },
    }),
  },
  { name: 'as many ports as there may be', spec: { ...NAME, ports: ports(32) } },
  { name: 'one port without a name', spec: withPort({}) },
  {
    name: 'one number for two protocols',
    spec: {
      ...NAME,
      ports: [
        { name: 'a', port: 53 },
        { name: 'b', port: 53, protocol: 'UDP' },
        { name: 'c', port: 53, protocol: 'SCTP' },
      ],
    },
  },
  { name: 'a target by name', spec: withPort({ name: longest(63), targetPort: '1-a2-3' }) },
  { name: 'the highest port', spec: withPort({ port: 65535, targetPort: 65535 }) },
  { name: 'an application protocol', spec: withPort({ appProtocol: 'kubernetes.io/h2c' }) },
  {
    name: 'the ordinals of a StatefulSet',
    spec: withSelection({ strategy: 'Ordinal', sticky: false, minReadySeconds: 86400 }),
  },
  { name: 'priorities', spec: withSelection({ strategy: 'Priority' }) },
  {
    name: 'priorities of the default annotation',
    spec: withSelection({ strategy: 'Priority', priority: {} }),
  },
  {
    name: 'priorities of another annotation',
    spec: withSelection({ strategy: 'Priority', priority: { annotation: 'example.com/rank' } }),
  },
  { name: 'a followed label', spec: withFollowed({ role: 'primary' }) },
  {
    name: 'a followed label with no preferences',
    spec: withFollowed(entries(32), { preferences: [], sticky: true }),
  },
  {
    name: 'a preference by labels',
    spec: withPreference({ podSelector: { matchLabels: { tier: 'gold' } } }),
  },
  {
    name: 'a preference by zones',
    spec: withPreference({ weight: 100, podSelector: { matchLabels: {} }, zones: zones(32) }),
  },
  {
    name: 'as many preferences as there may be',
    spec: withSelection({ preferences: zones(32).map((zone) => ({ weight: 1, zones: [zone] })) }),
  },
  {
    name: 'excluded pods',
    spec: withSelection({ exclude: { matchLabels: { 'zen-lead.io/exclude': 'true' } } }),
  },
  {
    name: 'the longest times',
    spec: {
      ...NAME,
      selection: { sticky: false },
      failover: {
        gracePeriodSeconds: 86400,
        failbackDelaySeconds: 86400,
        handoverGapSeconds: 86400,
        mode: 'Manual',
      },
    },
  },
  { name: 'a paused policy without history', spec: { ...NAME, paused: true, historyLimit: 0 } },
  { name: 'the longest history', spec: { ...NAME, historyLimit: 100 } },
  {
    name: 'a switchover',
    spec: withSwitchover({ podName: 'a-1.b--c', requestId: '2026-11-23T10:00:00.5+01:00_a' }),
  },
];

export const REFUSED: readonly RefusedCase[] = [
  ...OF_LEADER_SERVICE,
  ...OF_PORTS,
  ...OF_SELECTION,
  ...OF_THE_REST,
];
