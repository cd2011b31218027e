import { expect } from 'chai';
import type { EndpointSlice } from '../../../src/api/objects.ts';
import { LABEL, SLICE_ANNOTATION } from '../../../src/names.ts';
import { desiredSlice, endpointsFor, sameSlice, sliceBody } from '../../../src/plan/endpoint-slice.ts';
import { microTime } from '../../../src/plan/memory.ts';
import { projectEndpointSlice } from '../../../src/watch/projections.ts';
import {
  endpoint,
  HTTP,
  leaderOf,
  memoryOf,
  NAMESPACE,
  NOW,
  ownerReference,
  pod,
  SECOND,
  service,
  slice,
} from '../../support/builders.ts';

const LEADER = leaderOf(service('web').build()).build();
const POD = pod('a').ip('10.0.0.1', 'fd00::1').on('node-1', 'zone-1').build();
const MEMORY = memoryOf(POD, 3);
const PUBLICATION = { service: LEADER, sourceName: 'web', pod: POD, ports: [HTTP], memory: MEMORY };
const DESIRED = desiredSlice(PUBLICATION, 'IPv4');

/** The slice as it is once it has been written. */
function written(): ReturnType<typeof slice> {
  return slice(LEADER).holding(endpoint(POD)).ports(HTTP).remembering(MEMORY);
}

describe('the slice of a leader', () => {
  it('has the documented body', () => {
    expect(sliceBody(DESIRED, NAMESPACE, undefined, NOW)).to.deep.equal({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'web-leader-zen-lead-ipv4',
        namespace: 'shop',
        labels: {
          'kubernetes.io/service-name': 'web-leader',
          'endpointslice.kubernetes.io/managed-by': 'zen-lead',
          'app.kubernetes.io/managed-by': 'zen-lead',
          'zen-lead.io/source-service': 'web',
        },
        annotations: {
          'zen-lead.io/leader-epoch': '3',
          'zen-lead.io/leader-pod': 'a/uid-a',
          'zen-lead.io/leader-since': '2026-03-01T11:30:00.000000Z',
          'zen-lead.io/leader-reason': 'Elected',
          'endpoints.kubernetes.io/last-change-trigger-time': '2026-03-01T12:00:00.000000Z',
        },
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Service', controller: true, name: 'web-leader', uid: 'uid-web-leader' },
        ],
      },
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.0.0.1'],
          conditions: { ready: true, serving: true, terminating: false },
          targetRef: { kind: 'Pod', namespace: 'shop', name: 'a', uid: 'uid-a' },
          nodeName: 'node-1',
          zone: 'zone-1',
        },
      ],
      ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    });
  });

  it('holds the address of its own family', () => {
    expect(endpointsFor(POD, 'IPv4')).to.deep.equal([endpoint(POD, '10.0.0.1')]);
    expect(endpointsFor(POD, 'IPv6')).to.deep.equal([endpoint(POD, 'fd00::1')]);
  });

  it('is empty, without ports, where the pod has no address of the family or one that is refused', () => {
    for (const ips of [['10.0.0.1'], ['10.0.0.1', 'fe80::1']]) {
      const publication = {
        ...PUBLICATION,
        pod: pod('a')
          .ip(...ips)
          .build(),
      };
      expect(desiredSlice(publication, 'IPv6')).to.deep.include({ endpoints: [], ports: [] });
    }
  });

  it('is empty and keeps the memory where nobody leads', () => {
    const { pod: _, ...nobody } = PUBLICATION;
    const { endpoints, ports, annotations } = desiredSlice(nobody, 'IPv4');
    expect([endpoints, ports]).to.deep.equal([[], []]);
    expect(annotations[SLICE_ANNOTATION.pod]).to.equal('a/uid-a');
  });

  it('reads back from its body as it is to be', () => {
    const body = JSON.parse(JSON.stringify(sliceBody(DESIRED, NAMESPACE, undefined, NOW))) as {
      metadata: object;
    };
    const creationTimestamp = new Date(NOW).toISOString();
    Object.assign(body.metadata, { uid: 'u', resourceVersion: '1', creationTimestamp });
    expect(sameSlice(projectEndpointSlice(body), DESIRED)).to.equal(true);
  });
});

describe('a slice that is there', () => {
  it('is right as written, whenever that was', () => {
    const annotations = { [SLICE_ANNOTATION.lastChangeTriggerTime]: microTime(NOW - SECOND) };
    const timed = written().build();
    expect(sameSlice(timed, DESIRED)).to.equal(true);
    const later = { ...timed, annotations: { ...timed.annotations, ...annotations } };
    expect(sameSlice(later, DESIRED)).to.equal(true);
  });

  it('is right with labels of other hands', () => {
    expect(sameSlice(written().labelled({ team: 'x' }).build(), DESIRED)).to.equal(true);
  });

  const published = endpoint(POD);
  const wrong: [what: string, slice: EndpointSlice][] = [
    ['is empty', written().holding().build()],
    ['holds a second endpoint', written().holding(published, published).build()],
    [
      'has another address',
      written()
        .holding({ ...published, addresses: ['10.0.0.9'] })
        .build(),
    ],
    [
      'has another UID',
      written()
        .holding({ ...published, podUID: 'uid-old' })
        .build(),
    ],
    [
      'has another node',
      written()
        .holding({ ...published, nodeName: 'node-2' })
        .build(),
    ],
    [
      'is not ready',
      written()
        .holding({ ...published, ready: false })
        .build(),
    ],
    [
      'is terminating',
      written()
        .holding({ ...published, terminating: true })
        .build(),
    ],
    [
      'has hints',
      written()
        .holding({ ...published, extra: ['hints'] })
        .build(),
    ],
    [
      'has another port',
      written()
        .ports({ ...HTTP, port: 1 })
        .build(),
    ],
    ['has no port', written().ports().build()],
    [
      'has another memory',
      written()
        .remembering({ ...MEMORY, epoch: 4 })
        .build(),
    ],
    [
      'has a memory that is not wanted',
      written()
        .remembering({ ...MEMORY, withdrawnAt: 't' })
        .build(),
    ],
    [
      'has lost a label',
      written()
        .labelled({ [LABEL.managedBy]: 'x' })
        .build(),
    ],
    [
      'has an owner under a dead UID',
      written()
        .ownedBy({ ...ownerReference(LEADER), uid: 'dead' })
        .build(),
    ],
    [
      'has an owner that is no controller',
      written()
        .ownedBy(ownerReference(LEADER, 'Service', false))
        .build(),
    ],
    [
      'has a second owner',
      written()
        .ownedBy(ownerReference(LEADER), ownerReference(POD, 'Pod', false))
        .build(),
    ],
    ['has no owner', written().ownedBy().build()],
  ];
  for (const [what, actual] of wrong) {
    it(`is wrong where it ${what}`, () => {
      expect(sameSlice(actual, DESIRED)).to.equal(false);
    });
  }
});

describe('the body of a PUT', () => {
  const body = (actual: EndpointSlice): Record<string, unknown> =>
    sliceBody(DESIRED, NAMESPACE, actual, NOW)['metadata'] as Record<string, unknown>;
  const before = { [SLICE_ANNOTATION.lastChangeTriggerTime]: microTime(NOW - SECOND) };

  it('carries the resourceVersion seen and the labels of other hands', () => {
    const metadata = body(written().labelled({ team: 'x' }).with({ resourceVersion: '41' }).build());
    expect(metadata['resourceVersion']).to.equal('41');
    expect(metadata['labels']).to.deep.equal({ ...DESIRED.labels, team: 'x' });
  });

  it('carries the old trigger time where no traffic changes, the new one where it does', () => {
    const same = written().with({ annotations: before }).build();
    const other = written().holding().with({ annotations: before }).build();
    expect(body(same)['annotations']).to.deep.include(before);
    expect(body(other)['annotations']).to.deep.include({
      [SLICE_ANNOTATION.lastChangeTriggerTime]: microTime(NOW),
    });
  });
});
