import {
  API,
  entries,
  KEYS,
  LABEL_TEXT,
  longest,
  NAME,
  ports,
  refusalsOf,
  withFailover,
  withLeader,
} from './leader-policy-specs.ts';
import { withPort, withSwitchover } from './leader-policy-specs.ts';
import type { RefusedCase, Row } from './leader-policy-specs.ts';

const DNS_TEXT = 'lower case letters, digits or "-"';
const RESERVED = 'are reserved; accepted are all others';

export const OF_LEADER_SERVICE: readonly RefusedCase[] = [
  ...refusalsOf('spec.serviceRef', (spec: object) => spec, [
    ['no source', {}, 'it is required; accepted is an object with name', API.required],
  ]),
  ...refusalsOf('spec.serviceRef.name', (serviceRef: object) => ({ serviceRef }), [
    ['a source without a name', {}, 'it is required; accepted is a DNS label', API.required],
    ['an empty source name', { name: '' }, DNS_TEXT, API.empty],
    ['a source name in capitals', { name: 'Db' }, '"Db" is not accepted', API.form],
    ['a source name that is too long', { name: longest(64) }, 'of 1 to 63', API.long],
    ['a source name that is a number', { name: 5 }, '5 is not accepted', API.type],
  ]),
  ...refusalsOf('spec.leaderService', (name: string) => ({ serviceRef: { name } }), [
    [
      'a source name whose default is too long',
      longest(57),
      'name is required where serviceRef.name has more than 56',
    ],
    ['a source name that begins with a digit, alone', '1db', 'name is required where serviceRef.name has'],
  ]),
  ...refusalsOf('spec.leaderService.name', (name: string) => withLeader({ name }), [
    ['the source as its own leader Service', 'db', 'the leader Service is not the source Service'],
    ['an empty leader name', '', DNS_TEXT, API.empty],
    ['a leader name that begins with a digit', '1a', 'with a letter first', API.form],
    ['a leader name that is too long', longest(64), 'of 1 to 63', API.long],
  ]),
  ...refusalsOf('spec.leaderService.type', (type: string) => withLeader({ type }), [
    [
      'an unknown type',
      'NodePort',
      '"NodePort" is not accepted; accepted are ClusterIP, Headless',
      '"ClusterIP", "Headless"',
    ],
  ]),
  ...refusalsOf('spec.leaderService.labels', (labels: object) => withLeader({ labels }), [
    ['too many labels', entries(33), 'at most 32 labels', API.many],
    ['a label value that is none', { a: '-' }, LABEL_TEXT, API.form],
    ['a label value that is too long', { a: longest(64) }, 'at most 63', API.long],
    ['a label key with a space', { 'a b': '' }, KEYS],
    ['a label key whose prefix is none', { 'a..b/c': '' }, KEYS],
    ['a label key with a name that is too long', { [longest(64)]: '' }, KEYS],
    ['a label key that is too long', { [`${longest(190)}/${longest(63)}`]: '' }, KEYS],
    ['a label of zen-lead', { 'zen-lead.io/a': '' }, RESERVED],
    ['a label of a subdomain of kubernetes.io', { 'app.kubernetes.io/name': '' }, RESERVED],
  ]),
  ...refusalsOf('spec.leaderService.annotations', (annotations: object) => withLeader({ annotations }), [
    ['too many annotations', entries(17), 'at most 16 annotations', API.many],
    ['an annotation that is too long', { a: longest(2049) }, 'at most 2048 characters', API.long],
    ['an annotation key that is none', { 'a/b/c': '' }, KEYS],
    ['an annotation of k8s.io', { 'k8s.io/a': '' }, RESERVED],
    ['an annotation of kubectl', { 'kubectl.kubernetes.io/a': '' }, RESERVED],
  ]),
];

const NUMBERS = 'accepted is 1 to 65535';
const AGAIN = 'another port has the same name; accepted is each name once';
export const OF_PORTS: readonly RefusedCase[] = [
  ...refusalsOf('spec.ports', (list: object) => ({ ...NAME, ports: list }), [
    ['an empty list of ports', [], 'accepted is 1 to 32 ports', API.few],
    ['too many ports', ports(33), 'accepted is 1 to 32 ports', API.many],
    [
      'two ports of which one has no name',
      [{ port: 1 }, { name: 'a', port: 2 }],
      'a name is required for each of several',
    ],
    [
      'two ports with one number',
      [
        { name: 'a', port: 1 },
        { name: 'b', port: 1 },
      ],
      'each port number once for a protocol',
    ],
  ]),
  ...refusalsOf('spec.ports[1]', (list: object) => ({ ...NAME, ports: list }), [
    [
      'two ports with one name',
      [
        { name: 'a', port: 1 },
        { name: 'a', port: 2 },
      ],
      AGAIN,
      'Duplicate value',
    ],
  ]),
  ...refusalsOf('spec.ports[0].port', (port: object) => ({ ...NAME, ports: [port] }), [
    ['a port without a number', {}, `it is required; ${NUMBERS}`, API.required],
    ['port 0', { port: 0 }, `0 is not accepted; ${NUMBERS}`, API.low],
    ['port 65536', { port: 65536 }, NUMBERS, API.high],
  ]),
  ...refusalsOf('spec.ports[0].name', (name: string) => withPort({ name }), [
    ['a port name in capitals', 'Web', DNS_TEXT, API.form],
    ['a port name that is too long', longest(64), 'at most 63', API.long],
  ]),
  ...refusalsOf('spec.ports[0].targetPort', (targetPort: unknown) => withPort({ targetPort }), [
    ['target port 0', 0, '1 to 65535, or the name', API.low],
    ['target port 65536', 65536, '1 to 65535, or the name', API.high],
    ['a target port that is a number as text', '80', '"80" is not accepted', API.form],
    ['a target port with a double hyphen', 'a--b', 'single "-"', API.form],
    ['a target port name that is too long', longest(16), 'at most 15', API.long],
    ['a target port that is true', true, 'true is not accepted', API.type],
  ]),
  ...refusalsOf('spec.ports[0].protocol', (protocol: string) => withPort({ protocol }), [
    ['an unknown protocol', 'tcp', 'accepted are TCP, UDP, SCTP', '"TCP", "UDP", "SCTP"'],
  ]),
  ...refusalsOf('spec.ports[0].appProtocol', (appProtocol: string) => withPort({ appProtocol }), [
    ['an empty application protocol', '', 'an IANA service name', API.empty],
    ['an application protocol with a space', 'a b', 'an IANA service name', API.form],
    ['an application protocol that is too long', `${longest(250)}/abc`, 'an IANA service name', API.long],
  ]),
];

const OUT_OF_RANGE = (field: string, max: number): Row[] => [
  [`a negative ${field}`, -1, `-1 is not accepted; accepted is 0 to ${max}`, API.low],
  [`${field} beyond its limit`, max + 1, `accepted is 0 to ${max}`, API.high],
];
export const OF_THE_REST: readonly RefusedCase[] = [
  ...['gracePeriodSeconds', 'failbackDelaySeconds', 'handoverGapSeconds'].flatMap((field) =>
    refusalsOf(
      `spec.failover.${field}`,
      (value: number) => withFailover({ [field]: value }),
      OUT_OF_RANGE(field, 86400),
    ),
  ),
  ...refusalsOf('spec.failover', (failover: object) => ({ ...NAME, failover }), [
    ['failover that is a list', [], 'accepted is an object with gracePeriodSeconds', API.type],
    ['half a second', { gracePeriodSeconds: 0.5 }, '0.5 is not accepted', API.type],
    [
      'a failback delay of a sticky leader',
      { failbackDelaySeconds: 1 },
      'a failback exists only with selection.sticky',
    ],
    ['an unknown mode', { mode: 'Never' }, 'accepted are Automatic, Manual', '"Automatic", "Manual"'],
  ]),
  ...refusalsOf('spec.paused', (paused: unknown) => ({ ...NAME, paused }), [
    ['paused that is a number', 1, '1 is not accepted; accepted are true, false', API.type],
  ]),
  ...refusalsOf(
    'spec.historyLimit',
    (historyLimit: number) => ({ ...NAME, historyLimit }),
    OUT_OF_RANGE('history', 100),
  ),
  ...refusalsOf('spec.switchover', (switchover: object) => ({ ...NAME, switchover }), [
    ['a switchover without a pod', { requestId: 'a' }, 'podName: it is required', API.required],
    ['a switchover without a request', { podName: 'a' }, 'requestId: it is required', API.required],
  ]),
  ...refusalsOf('spec.switchover.podName', (podName: string) => withSwitchover({ podName }), [
    ['a switchover to an empty name', '', 'a DNS subdomain', API.empty],
    ['a switchover to what is no name', 'a-.b', 'a DNS subdomain', API.form],
    ['a switchover to a name that is too long', longest(254), '1 to 253', API.long],
  ]),
  ...refusalsOf('spec.switchover.requestId', (requestId: string) => withSwitchover({ requestId }), [
    ['an empty request', '', '1 to 63 letters', API.empty],
    ['a request with a space', 'a b', '1 to 63 letters', API.form],
    ['a request that is too long', longest(64), '1 to 63 letters', API.long],
  ]),
];
