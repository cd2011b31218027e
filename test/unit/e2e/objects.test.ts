import { expect } from 'chai';
import { seePod, seeSlice, type RawPod, type RawSlice } from '../../e2e/measure/objects.ts';

const NAMES = { source: 'postgres', leader: 'postgres-leader' };

function pod(ready: string, more: object = {}): RawPod {
  return {
    metadata: { name: 'postgres-0', uid: 'u0', ...more },
    status: { podIP: '10.244.0.5', conditions: [{ type: 'Ready', status: ready }] },
  };
}

function slice(service: string, manager: string): RawSlice {
  return {
    metadata: {
      resourceVersion: '77',
      labels: {
        'kubernetes.io/service-name': service,
        'endpointslice.kubernetes.io/managed-by': manager,
      },
    },
    endpoints: [
      { addresses: ['10.244.0.5'], conditions: { ready: false }, targetRef: { uid: 'u0' } },
      { addresses: ['10.244.0.6'], targetRef: { uid: 'u1' } },
    ],
  };
}

describe('what a measurement reads of a pod', () => {
  for (const [title, raw, gone, fit] of [
    ['Ready', pod('True'), false, true],
    ['not Ready', pod('False'), false, false],
    ['of a lost node', pod('Unknown'), false, false],
    ['terminating', pod('True', { deletionTimestamp: '2026-11-24T15:00:00Z' }), false, false],
    ['gone', pod('True'), true, false],
    ['without a status', { metadata: { name: 'postgres-0', uid: 'u0' } }, false, false],
  ] as const) {
    it(`${title}: ${fit ? 'fit' : 'lost'}`, () => {
      expect(seePod(raw, 5, gone)).to.deep.include({ at: 5, name: 'postgres-0', uid: 'u0', fit });
    });
  }
});

describe('what a measurement reads of an EndpointSlice', () => {
  const seen = { at: 5, resourceVersion: 77, ready: ['u1'], addresses: ['10.244.0.6'] };

  it("tells the operator's slice of the leader Service from kube-controller-manager's of the source", () => {
    expect(seeSlice(slice('postgres-leader', 'zen-lead'), 5, NAMES)).to.deep.equal({
      what: 'leader',
      ...seen,
    });
    const kcm = 'endpointslice-controller.k8s.io';
    expect(seeSlice(slice('postgres', kcm), 5, NAMES)).to.deep.equal({ what: 'source', ...seen });
  });

  it('leaves others alone', () => {
    const kcm = 'endpointslice-controller.k8s.io';
    expect(seeSlice(slice('kubernetes', kcm), 5, NAMES)).to.equal(undefined);
    expect(seeSlice(slice('postgres-leader', kcm), 5, NAMES)).to.equal(undefined);
    expect(seeSlice({ metadata: { resourceVersion: '1' } }, 5, NAMES)).to.equal(undefined);
  });

  it('reads an empty one', () => {
    const empty = { ...slice('postgres-leader', 'zen-lead'), endpoints: null };
    expect(seeSlice(empty, 5, NAMES)).to.deep.include({ ready: [], addresses: [] });
  });
});
