import { expect } from 'chai';
import { SliceBoard, type Failover, type RawSlice } from '../../bench/slice-board.ts';

const NAMESPACE = 'shop';

function leaderSlice(resourceVersion: string, pod?: string): RawSlice {
  return {
    metadata: {
      namespace: NAMESPACE,
      name: 'web-leader-zen-lead-ipv4',
      resourceVersion,
      labels: { 'endpointslice.kubernetes.io/managed-by': 'zen-lead', 'zen-lead.io/source-service': 'web' },
    },
    endpoints: pod === undefined ? null : [{ conditions: { ready: true }, targetRef: { name: pod } }],
  };
}

function kcmSlice(resourceVersion: string, readiness: Readonly<Record<string, boolean>>): RawSlice {
  return {
    metadata: {
      namespace: NAMESPACE,
      name: 'web-x7kqp',
      resourceVersion,
      labels: {
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': 'web',
      },
    },
    endpoints: Object.entries(readiness).map(([name, ready]) => ({
      conditions: { ready },
      targetRef: { name },
    })),
  };
}

describe('SliceBoard', () => {
  let board: SliceBoard;
  let failover: Failover;

  beforeEach(() => {
    board = new SliceBoard();
    board.take(leaderSlice('1', 'a'), 1);
    board.take(kcmSlice('2', { a: true, b: true }), 2);
    failover = { side: 'annotations', namespace: NAMESPACE, service: 'web', pod: 'a' };
  });

  it('knows who leads and who is ready', () => {
    expect(board.leaderOf(NAMESPACE, 'web')).to.equal('a');
    expect(board.readyIn(NAMESPACE, 'web')).to.equal(2);
  });

  it('takes the first event of each slice that shows the failover', async () => {
    const seen = board.expect(failover);
    board.take(leaderSlice('3'), 3); // withdrawn: leads to nobody yet
    board.take(kcmSlice('4', { a: true, b: true }), 4);
    board.take(leaderSlice('5', 'b'), 5);
    board.take(leaderSlice('6', 'b'), 6);
    board.take(kcmSlice('7', { a: false, b: true }), 7);
    await seen;
    expect(failover.leader).to.deep.equal({ at: 5, resourceVersion: 5 });
    expect(failover.kcm).to.deep.equal({ at: 7, resourceVersion: 7 });
  });

  it("counts the writes of leader slices, not kube-controller-manager's", () => {
    board.take(leaderSlice('3', 'b'), 3);
    expect(board.writes(NAMESPACE)).to.equal(2);
  });

  it('tells when kube-controller-manager has a pod as ready again', async () => {
    board.take(kcmSlice('3', { a: false, b: true }), 3);
    const again = board.readyAgain(NAMESPACE, 'web', 'a');
    board.take(kcmSlice('4', { a: true, b: true }), 4);
    await again;
    await board.readyAgain(NAMESPACE, 'web', 'a');
  });
});
