import { expect } from 'chai';
import { projectEndpointSlice } from '../../../src/watch/projections.ts';
import { kept, metadata } from '../support/raw-objects.ts';

describe('projectEndpointSlice', () => {
  it('keeps what the plan reads and nothing else', () => {
    const slice = projectEndpointSlice({
      metadata: {
        ...metadata,
        labels: { 'kubernetes.io/service-name': 'web' },
        annotations: {
          'zen-lead.io/leader-epoch': '3',
          'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z',
          'endpoints.kubernetes.io/other': 'x',
        },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'u2', controller: true }],
      },
      addressType: 'IPv4',
      ports: [
        { name: 'http', port: 8080, protocol: 'TCP', appProtocol: 'http' },
        { name: null, port: null },
      ],
      endpoints: [
        {
          addresses: ['10.0.0.1'],
          conditions: { ready: true, serving: true, terminating: false },
          targetRef: { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'u1' },
          nodeName: 'node-1',
          zone: 'z1',
        },
      ],
    });
    expect(slice).to.deep.equal({
      ...kept,
      labels: { 'kubernetes.io/service-name': 'web' },
      annotations: {
        'zen-lead.io/leader-epoch': '3',
        'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z',
      },
      owners: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'u2', controller: true }],
      addressType: 'IPv4',
      ports: [
        { name: 'http', port: 8080, protocol: 'TCP', appProtocol: 'http' },
        { name: '', protocol: 'TCP' },
      ],
      endpoints: [
        {
          addresses: ['10.0.0.1'],
          ready: true,
          serving: true,
          terminating: false,
          podName: 'web-1',
          podUID: 'u1',
          nodeName: 'node-1',
          zone: 'z1',
          extra: [],
        },
      ],
    });
  });

  it('tells conditions that are unset from those that are false, and pods from other targets', () => {
    const { endpoints } = projectEndpointSlice({
      metadata,
      addressType: 'IPv4',
      endpoints: [
        { addresses: ['10.0.0.1'], conditions: {} },
        { addresses: null, conditions: { ready: false, serving: null } },
        { addresses: ['10.0.0.2'], targetRef: { kind: 'VirtualMachine', name: 'vm', uid: 'u' } },
      ],
    });
    expect(endpoints).to.deep.equal([
      { addresses: ['10.0.0.1'], extra: [] },
      { addresses: [], ready: false, extra: [] },
      { addresses: ['10.0.0.2'], extra: [] },
    ]);
  });

  it('names the fields that we never publish, where they are set', () => {
    const extra = (endpoint: object): readonly string[] | undefined =>
      projectEndpointSlice({ metadata, endpoints: [endpoint] }).endpoints[0]?.extra;
    expect(extra({ hints: { forZones: [{ name: 'z1' }] } })).to.deep.equal(['hints']);
    expect(extra({ hostname: 'web-0', deprecatedTopology: { a: 'b' } })).to.deep.equal([
      'hostname',
      'deprecatedTopology',
    ]);
    expect(extra({ hints: {}, hostname: '', deprecatedTopology: null })).to.deep.equal([]);
  });

  it('does with null for lists', () => {
    const slice = projectEndpointSlice({ metadata, addressType: 'IPv6', endpoints: null, ports: null });
    expect([slice.endpoints, slice.ports]).to.deep.equal([[], []]);
  });
});
