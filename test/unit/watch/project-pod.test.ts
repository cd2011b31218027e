import { expect } from 'chai';
import { projectPod } from '../../../src/watch/projections.ts';
import { CREATED, kept, metadata } from '../support/raw-objects.ts';

describe('projectPod', () => {
  it('keeps what the plan reads and nothing else', () => {
    const pod = projectPod({
      metadata: {
        ...metadata,
        labels: { app: 'web', 'topology.kubernetes.io/zone': 'z1' },
        annotations: {
          'zen-lead.io/priority': '7',
          other: 'x',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
        },
        managedFields: [{ manager: 'kubelet' }],
        deletionTimestamp: '2026-01-02T00:00:00Z',
        ownerReferences: [{ kind: 'ReplicaSet' }],
      },
      spec: {
        nodeName: 'node-1',
        containers: [
          {
            name: 'web',
            image: 'web:1',
            ports: [
              { name: 'http', containerPort: 8080, protocol: 'TCP' },
              { containerPort: 9090, protocol: 'TCP' },
            ],
          },
          { name: 'dns', ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }] },
          { name: 'quiet' },
        ],
      },
      status: {
        phase: 'Running',
        podIP: '10.0.0.1',
        podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
        conditions: [
          { type: 'Initialized', status: 'True', lastTransitionTime: '2026-01-01T00:00:01Z' },
          { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:09Z' },
        ],
        containerStatuses: [{ name: 'web' }],
      },
    });
    expect(pod).to.deep.equal({
      ...kept,
      deleting: true,
      labels: { app: 'web', 'topology.kubernetes.io/zone': 'z1' },
      nodeName: 'node-1',
      zone: 'z1',
      phase: 'Running',
      ips: ['10.0.0.1', 'fd00::1'],
      ready: true,
      readyChangedAt: CREATED + 9_000,
      annotations: { 'zen-lead.io/priority': '7', other: 'x' },
      ports: [
        { name: 'http', port: 8080, protocol: 'TCP' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    });
  });

  it('does with a pod that has just been made: absent fields stay absent', () => {
    const bare = { ...kept, phase: 'Unknown', ips: [], ready: false, annotations: {}, ports: [] };
    expect(projectPod({ metadata })).to.deep.equal(bare);
    const nulls = { containers: null, initContainers: null };
    const status = { phase: 'Pending', podIPs: null, conditions: null };
    expect(
      projectPod({ metadata: { ...metadata, labels: null, annotations: null }, spec: nulls, status }),
    ).to.deep.equal({
      ...bare,
      phase: 'Pending',
    });
  });

  it('finds named ports of containers first, then of sidecars, never of other init containers', () => {
    const port = (name: string, containerPort: number): object => ({ ports: [{ name, containerPort }] });
    const { ports } = projectPod({
      metadata,
      spec: {
        initContainers: [
          { name: 'migrate', ...port('http', 1) },
          { name: 'proxy', restartPolicy: 'Always', ...port('http', 2) },
          { name: 'once', restartPolicy: 'OnFailure', ...port('http', 3) },
        ],
        containers: [{ name: 'web', ...port('http', 4) }],
      },
    });
    expect(ports.map((each) => each.port)).to.deep.equal([4, 2]);
    expect(ports[0]?.protocol).to.equal('TCP');
  });

  const conditions: [what: string, condition: object, ready: boolean, changedAt: number | undefined][] = [
    ['False', { status: 'False', lastTransitionTime: '2026-01-01T00:00:01Z' }, false, CREATED + 1_000],
    [
      'Unknown (the node is gone)',
      { status: 'Unknown', lastTransitionTime: '2026-01-01T00:00:01Z' },
      false,
      CREATED + 1_000,
    ],
    ['without a time', { status: 'True' }, true, undefined],
    ['with null for a time', { status: 'True', lastTransitionTime: null }, true, undefined],
    ['with a time that is none', { status: 'True', lastTransitionTime: 'yesterday' }, true, undefined],
  ];
  for (const [what, condition, ready, changedAt] of conditions) {
    it(`reads a Ready condition ${what}`, () => {
      const pod = projectPod({ metadata, status: { conditions: [{ type: 'Ready', ...condition }] } });
      expect([pod.ready, pod.readyChangedAt]).to.deep.equal([ready, changedAt]);
    });
  }

  it('cuts annotations after 32 characters: an integer is shorter, and what is left can be shown', () => {
    const annotations = { short: 'x'.repeat(32), long: 'y'.repeat(33) };
    expect(projectPod({ metadata: { ...metadata, annotations } }).annotations).to.deep.equal({
      short: 'x'.repeat(32),
      long: `${'y'.repeat(32)}…`,
    });
  });

  it('shares labels, annotations and ports of pods of one template', () => {
    const one = {
      metadata: { ...metadata, labels: { app: 'x' }, annotations: { team: 'z'.repeat(99) } },
      spec: { containers: [{ ports: [{ name: 'p', containerPort: 1 }] }] },
    };
    const [first, second] = [projectPod(structuredClone(one)), projectPod(structuredClone(one))];
    expect(first.labels).to.equal(second.labels);
    expect(first.annotations).to.equal(second.annotations);
    expect(first.ports).to.equal(second.ports);
  });
});
