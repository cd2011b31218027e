import { expect } from 'chai';
import fc from 'fast-check';
import { SERVICE_ANNOTATION, SLICE_ANNOTATION } from '../../../src/names.ts';
import { isTime, memoryAnnotations, microTime, NOTHING, recall, remember } from '../../../src/plan/memory.ts';
import type { Memory } from '../../../src/plan/types.ts';
import { endpoint, leaderOf, memoryOf, MINUTE, NOW, pod, service, slice } from '../../support/builders.ts';

const SOURCE = service().families('PreferDualStack', 'IPv4', 'IPv6').build();
const LEADER = leaderOf(SOURCE).build();
const A = memoryOf(pod('a').build(), 3);
const B = memoryOf(pod('b').build(), 3);

function stored(
  memory: Memory,
  family: 'IPv4' | 'IPv6' = 'IPv4',
): ReturnType<ReturnType<typeof slice>['build']> {
  return slice(LEADER, family).remembering(memory).build();
}

describe('the annotations of a slice', () => {
  const time = fc.integer({ min: 0, max: 4e12 }).map(microTime);
  const memory = fc.record(
    {
      epoch: fc.nat({ max: 1e9 }),
      leader: fc.record({ podName: fc.constantFrom('a', 'db-0', 'a.b'), podUID: fc.uuid() }),
      since: time,
      reason: fc.constantFrom('Elected', 'NotReady', 'Of2030'),
      withdrawnAt: time,
      switchover: fc.record({
        request: fc.constantFrom('a', 'db-0', 'a.b'),
        outcome: fc.constantFrom('Completed' as const, 'Failed' as const),
      }),
    },
    { requiredKeys: ['epoch'] },
  );

  it('give back the memory that was written to them', () => {
    fc.assert(
      fc.property(memory, ({ leader, ...rest }) => {
        const written: Memory = { ...rest, ...leader };
        expect(recall([stored(written)], undefined, undefined)).to.deep.equal(written);
      }),
    );
  });

  it('are the documented ones', () => {
    const switchover = { request: 'b', outcome: 'Failed' } as const;
    const withdrawnAt = microTime(NOW);
    expect(
      memoryAnnotations({
        epoch: 7,
        podName: 'a',
        podUID: 'u',
        since: 's',
        reason: 'Preferred',
        withdrawnAt,
        switchover,
      }),
    ).to.deep.equal({
      'zen-lead.io/leader-epoch': '7',
      'zen-lead.io/leader-pod': 'a/u',
      'zen-lead.io/leader-since': 's',
      'zen-lead.io/leader-reason': 'Preferred',
      'zen-lead.io/withdrawn-at': '2026-03-01T12:00:00.000000Z',
      'zen-lead.io/switchover': 'Failed/b',
    });
  });

  for (const epoch of ['', 'x', '-1', '1.5', '1e3', '9'.repeat(16)]) {
    it(`with the epoch "${epoch}" are not believed`, () => {
      const annotations = { ...memoryAnnotations(A), [SLICE_ANNOTATION.epoch]: epoch };
      expect(recall([slice(LEADER).with({ annotations }).build()], undefined, undefined)).to.deep.equal(
        NOTHING,
      );
    });
  }

  it('with a leader or a switchover that cannot be read have none', () => {
    for (const leader of ['', 'a', '/u', 'a/']) {
      const annotations = {
        [SLICE_ANNOTATION.epoch]: '1',
        [SLICE_ANNOTATION.pod]: leader,
        [SLICE_ANNOTATION.switchover]: 'Maybe/b',
      };
      expect(recall([slice(LEADER).with({ annotations }).build()], undefined, undefined)).to.deep.equal({
        epoch: 1,
      });
    }
  });
});

describe('what is remembered', () => {
  it('is nothing at first', () => {
    expect(recall([], undefined, undefined)).to.deep.equal(NOTHING);
    expect(recall([slice(LEADER).build()], undefined, LEADER)).to.deep.equal(NOTHING);
  });

  it('is what a slice holds after a restart', () => {
    expect(recall([stored(A)], undefined, LEADER)).to.deep.equal(A);
  });

  it('outlives the slice in the process', () => {
    expect(recall([], A, LEADER)).to.equal(A);
  });

  it('never goes back to an older epoch', () => {
    expect(recall([stored({ ...B, epoch: 2 })], A, LEADER)).to.equal(A);
  });

  it('goes on to a newer epoch, which another replica wrote', () => {
    const newer = { ...B, epoch: 4 };
    expect(recall([stored(newer)], A, LEADER)).to.deep.equal(newer);
  });

  it('within one epoch is not another leader: a slice that says so and holds somebody else was edited by hand', () => {
    for (const held of ['a', 'c']) {
      const edited = slice(LEADER)
        .remembering(B)
        .holding(endpoint(pod(held).build()));
      expect(recall([edited.build()], A, LEADER)).to.equal(A);
    }
    expect(recall([stored({ epoch: 3 })], A, LEADER)).to.equal(A);
  });

  it('is a newer epoch where another operator remembers this one otherwise: each would else put the other right for ever', () => {
    const published = slice(LEADER)
      .remembering(B)
      .holding(endpoint(pod('b').build()));
    for (const theirs of [published.build(), stored(B)]) {
      const ours = recall([theirs], A, LEADER);
      expect(ours).to.deep.equal({ ...A, epoch: 4 });
      expect(recall([stored(ours)], B, LEADER), 'what the other one makes of it').to.deep.equal(ours);
    }
  });

  it('is the leader that the slice names where this process knows of an epoch and of no leader', () => {
    expect(recall([stored(B)], { epoch: 3 }, LEADER)).to.deep.equal(B);
    expect(recall([stored({ ...B, epoch: 0 })], NOTHING, LEADER)).to.deep.equal({ epoch: 1 });
  });

  it('within one epoch may be another withdrawal or switchover', () => {
    const later: Memory = {
      ...A,
      withdrawnAt: microTime(NOW),
      switchover: { request: 'b', outcome: 'Failed' },
    };
    expect(recall([stored(later)], A, LEADER)).to.deep.equal(later);
  });

  it('is what the newer one of two slices holds', () => {
    const newer = { ...B, epoch: 4 };
    expect(recall([stored(A), stored(newer, 'IPv6')], undefined, LEADER)).to.deep.equal(newer);
    expect(recall([stored(newer), stored(A, 'IPv6')], undefined, LEADER)).to.deep.equal(newer);
  });

  it("within one epoch is what the primary family's slice holds, in whatever order they come", () => {
    const withdrawn = { ...A, withdrawnAt: microTime(NOW) };
    const slices = [stored(withdrawn), stored(A, 'IPv6')];
    expect(recall(slices, undefined, LEADER)).to.deep.equal(withdrawn);
    expect(recall(slices.toReversed(), undefined, LEADER)).to.deep.equal(withdrawn);
  });

  it('is what the leader Service tells, where slices and process are lost', () => {
    const annotations = {
      [SERVICE_ANNOTATION.leaderPodName]: 'a',
      [SERVICE_ANNOTATION.leaderPodUID]: 'uid-a',
      [SERVICE_ANNOTATION.lastSwitchTime]: 's',
    };
    const leader = leaderOf(SOURCE).annotated(annotations).build();
    expect(recall([], undefined, leader)).to.deep.equal({
      epoch: 1,
      podName: 'a',
      podUID: 'uid-a',
      since: 's',
    });
    expect(recall([stored(B)], undefined, leader)).to.deep.equal(B);
    expect(recall([], A, leader)).to.equal(A);
  });

  it('is nothing where the leader Service names no UID', () => {
    const leader = leaderOf(SOURCE)
      .annotated({ [SERVICE_ANNOTATION.leaderPodName]: 'a' })
      .build();
    expect(recall([], undefined, leader)).to.deep.equal(NOTHING);
  });

  it('is the switchover that a status tells, though nobody leads and no epoch is known', () => {
    const switchover = { observedRequestId: '1', phase: 'Failed', message: 'it was not Ready' } as const;
    const memory = { outcome: 'Failed', request: '1' };
    expect(recall([], undefined, undefined, { switchover })).to.deep.equal({ epoch: 0, switchover: memory });
    const annotations = {
      [SERVICE_ANNOTATION.leaderPodName]: 'a',
      [SERVICE_ANNOTATION.leaderPodUID]: 'uid-a',
    };
    const leader = leaderOf(SOURCE).annotated(annotations).build();
    const named = { epoch: 1, podName: 'a', podUID: 'uid-a' };
    expect(recall([], undefined, leader, { switchover })).to.deep.equal({ ...named, switchover: memory });
  });
});

describe('remembering', () => {
  const now = microTime(NOW);
  const withdrawn = { ...A, withdrawnAt: microTime(NOW - MINUTE) };
  const [a, b] = [pod('a').build(), pod('b').build()];
  const elected = { epoch: 4, podName: 'b', podUID: 'uid-b', since: now, reason: 'NotReady' };
  const cases: [what: string, memory: Memory, pod: typeof a | undefined, serving: boolean, next: Memory][] = [
    ['a first leader starts epoch 1', NOTHING, b, false, { ...elected, epoch: 1 }],
    ['the same leader changes nothing', A, a, true, A],
    ['another leader raises the epoch by one', A, b, true, elected],
    ['a withdrawal keeps the leader and notes the time', A, undefined, true, { ...A, withdrawnAt: now }],
    ['a withdrawal that lasts keeps its time', withdrawn, undefined, false, withdrawn],
    ['a leader that comes back does not raise the epoch', withdrawn, a, false, A],
    [
      'another leader after a withdrawal keeps its time: the outage',
      withdrawn,
      b,
      false,
      { ...elected, withdrawnAt: withdrawn.withdrawnAt },
    ],
    ['a later leader forgets the outage', { ...withdrawn }, b, true, elected],
    ['nobody before the first leader is nothing', NOTHING, undefined, false, NOTHING],
  ];
  for (const [what, memory, leader, serving, next] of cases) {
    it(what, () => {
      const turn = { pod: leader, published: serving, now: NOW, reason: 'NotReady' } as const;
      expect(remember(memory, turn)).to.deep.equal(next);
    });
  }

  it('a namesake under another UID is another leader', () => {
    const namesake = pod('a').uid('uid-new').build();
    const turn = { pod: namesake, published: true, now: NOW, reason: 'PodGone' } as const;
    expect(remember(A, turn).epoch).to.equal(4);
  });
});

describe('a time', () => {
  it('has microseconds', () => {
    expect(microTime(NOW + 1.25)).to.equal('2026-03-01T12:00:00.001250Z');
    expect(microTime(NOW + 999.9999)).to.equal('2026-03-01T12:00:01.000000Z');
    expect(microTime(0)).to.equal('1970-01-01T00:00:00.000000Z');
  });

  const texts: [text: string, accepted: boolean][] = [
    [microTime(NOW), true],
    ['2026-03-01T12:00:00Z', true],
    ['2028-02-29T23:59:59.5+01:00', true],
    ['2026-02-29T12:00:00Z', false],
    ['2026-03-01T24:00:00Z', false],
    ['2026-03-01T12:60:00Z', false],
    ['2026-03-01', false],
    ['soon', false],
  ];
  for (const [text, accepted] of texts) {
    it(`${accepted ? 'may' : 'may not'} be ${text} in a status, by the API server's format`, () => {
      expect(isTime(text)).to.equal(accepted);
    });
  }
});
