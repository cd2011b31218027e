/** What other hands do to a leader Service and to its slices. */
import fc from 'fast-check';
import { LABEL } from '../../src/names.ts';
import type { Raw } from './api-server.ts';

type Edit = readonly [name: string, edit: (raw: Raw) => void];

const SERVICE_EDITS: readonly Edit[] = [
  ['selector', (raw) => Object.assign(raw.spec!, { selector: { app: 'web' } })],
  [
    'external IP',
    (raw) => Object.assign(raw.spec!, { externalIPs: ['192.0.2.1'], publishNotReadyAddresses: true }),
  ],
  ['NodePort', (raw) => Object.assign(raw.spec!, { type: 'NodePort', internalTrafficPolicy: 'Local' })],
  [
    'port',
    (raw) => Object.assign(raw.spec!, { ports: [{ name: 'x', port: 1, protocol: 'UDP', nodePort: 30_001 }] }),
  ],
  [
    'affinity',
    (raw) =>
      Object.assign(raw.spec!, {
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } },
      }),
  ],
  ['dual-stack', (raw) => Object.assign(raw.spec!, { ipFamilyPolicy: 'PreferDualStack' })],
  ['annotations', (raw) => (raw.metadata.annotations = { 'zen-lead.io/leader-pod-name': 'x' })],
  [
    'source label',
    (raw) => (raw.metadata.labels = { ...raw.metadata.labels, [LABEL.sourceService]: 'else' }),
  ],
  [
    'managed-by label',
    (raw) => (raw.metadata.labels = { ...raw.metadata.labels, [LABEL.managedBy]: 'Helm' }),
  ],
  [
    'our labels again',
    (raw) => (raw.metadata.labels = { ...raw.metadata.labels, [LABEL.managedBy]: 'zen-lead' }),
  ],
  ['no owner', (raw) => (raw.metadata.ownerReferences = [])],
  [
    'foreign owner',
    (raw) => (raw.metadata.ownerReferences = [{ kind: 'Deployment', name: 'x', uid: 'x', controller: true }]),
  ],
];

const SLICE_EDITS: readonly Edit[] = [
  [
    'address',
    (raw) =>
      (raw.endpoints = raw.endpoints!.map((endpoint) => ({
        ...endpoint,
        addresses: [raw.addressType === 'IPv6' ? 'fd00::99' : '10.9.9.9'],
      }))),
  ],
  [
    'pod',
    (raw) =>
      (raw.endpoints = raw.endpoints!.map((endpoint) => ({
        ...endpoint,
        targetRef: { name: 'db-1', uid: 'db-1~0' },
      }))),
  ],
  ['two endpoints', (raw) => (raw.endpoints = [...raw.endpoints!, ...raw.endpoints!])],
  ['empty', (raw) => Object.assign(raw, { endpoints: [] })],
  ['ports', (raw) => (raw.ports = [])],
  [
    'leader',
    (raw) =>
      (raw.metadata.annotations = { ...raw.metadata.annotations, 'zen-lead.io/leader-pod': 'db-1/db-1~0' }),
  ],
  [
    'old epoch',
    (raw) => (raw.metadata.annotations = { ...raw.metadata.annotations, 'zen-lead.io/leader-epoch': '0' }),
  ],
  ['annotations', (raw) => (raw.metadata.annotations = {})],
  ['labels', (raw) => (raw.metadata.labels = { team: 'x' })],
  ['service label', (raw) => (raw.metadata.labels = { ...raw.metadata.labels, [LABEL.serviceName]: 'else' })],
  ['no owner', (raw) => (raw.metadata.ownerReferences = [])],
  ['other owner', (raw) => (raw.metadata.ownerReferences = [{ kind: 'Service', name: 'else', uid: 'x' }])],
  [
    'managed-by label',
    (raw) => (raw.metadata.labels = { ...raw.metadata.labels, [LABEL.sliceManagedBy]: 'them' }),
  ],
  [
    'second owner',
    (raw) =>
      (raw.metadata.ownerReferences = [
        { kind: 'Pod', name: 'x', uid: 'x' },
        ...(raw.metadata.ownerReferences ?? []),
      ]),
  ],
  [
    'family',
    (raw) => Object.assign(raw, { addressType: raw.addressType === 'IPv4' ? 'IPv6' : 'IPv4', endpoints: [] }),
  ],
  ['deletion', (raw) => (raw.metadata.deletionTimestamp = raw.metadata.creationTimestamp)],
];

export const anyServiceEdit: fc.Arbitrary<Edit> = fc.constantFrom(...SERVICE_EDITS);
export const anySliceEdit: fc.Arbitrary<Edit> = fc.constantFrom(...SLICE_EDITS);
