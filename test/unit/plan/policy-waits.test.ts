import { expect } from 'chai';
import { SLICE_ANNOTATION } from '../../../src/names.ts';
import { microTime } from '../../../src/plan/memory.ts';
import { MINUTE, NOW, pod, policy, SECOND, type PolicyBuilder } from '../../support/builders.ts';
import { PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const B = pod('b')
  .ip('10.0.0.2')
  .ready(NOW - MINUTE)
  .build();
const GAP = policy().failover({ handoverGapSeconds: 5 });
const CALM = { writes: [], statuses: [], happened: [] };

/** Pod a leads, b stands by. */
function led(builder: PolicyBuilder): PolicyWorld {
  const world = new PolicyWorld(builder, A, B);
  world.settle();
  world.pass(SECOND);
  return world;
}

function lost(world: PolicyWorld): PolicyWorld {
  world.pods = [pod('a').notReady(world.now).build(), B];
  return world;
}

describe('a handover gap', () => {
  it('empties the slice when the leader is lost, and fills it when the gap is over', () => {
    const world = lost(led(GAP));
    const emptied = world.next();
    expect([world.leader, emptied.againAfterMs]).to.deep.equal([undefined, 5 * SECOND]);
    expect(emptied.change).to.deep.include({ epoch: 1, reason: 'NotReady' });
    expect(world.pass(4999).next()).to.deep.include({ ...CALM, againAfterMs: 1 });
    expect(world.pass(1).next().change).to.deep.include({ epoch: 2, reason: 'NotReady' });
    expect(world.leader).to.equal('b');
  });

  it('is no Event of its own, and is the outage of the history', () => {
    const world = lost(led(GAP));
    expect(world.last().states).to.deep.equal([]);
    world.pass(5 * SECOND).settle();
    expect(world.reasons).to.deep.equal(['LeaderServiceCreated', 'LeaderElected', 'LeaderChanged']);
    expect(world.status.history?.[0]).to.deep.include({ epoch: 2, durationMilliseconds: 5000 });
  });

  it('is not for the first leader, nor for one that comes back', () => {
    const world = led(GAP);
    expect(world.leader).to.equal('a');
    lost(world).settle();
    world.pods = [A, B];
    world.pass(SECOND).settle();
    expect(world.leader).to.equal('a');
    expect(world.leaderSlice?.annotations[SLICE_ANNOTATION.epoch]).to.equal('1');
  });

  it('is for a leader that is gone too: break before make', () => {
    const world = led(GAP);
    world.pods = [B];
    world.settle();
    expect(world.leader).to.equal(undefined);
    world.pass(5 * SECOND).settle();
    expect(world.leader).to.equal('b');
  });

  it('is as long the next time', () => {
    const world = lost(led(GAP));
    world.settle();
    world.pass(5 * SECOND).settle();
    world.pods = [A];
    expect(world.pass(MINUTE).next().againAfterMs).to.equal(5 * SECOND);
    expect(world.leader).to.equal(undefined);
  });

  it('is over where nobody could lead for so long', () => {
    const world = led(GAP);
    world.pods = [];
    world.settle();
    world.pods = [B];
    world.pass(5 * SECOND).settle();
    expect(world.leader).to.equal('b');
  });

  it('goes on through a restart by what the slice holds', () => {
    const world = lost(led(GAP));
    world.settle();
    world.pass(3 * SECOND).restart();
    expect(world.next()).to.deep.include({ ...CALM, againAfterMs: 2 * SECOND });
  });

  it('comes after a grace, one after the other', () => {
    const world = lost(led(policy().failover({ handoverGapSeconds: 5, gracePeriodSeconds: 10 })));
    expect(world.next()).to.deep.include({ writes: [], againAfterMs: 10 * SECOND });
    world.pass(10 * SECOND).settle();
    expect(world.leader).to.equal(undefined);
    expect(world.next().againAfterMs).to.equal(5 * SECOND);
    world.pass(5 * SECOND).settle();
    expect(world.leader).to.equal('b');
  });

  it('lies between a leader and a better one, too', () => {
    const world = new PolicyWorld(GAP, B);
    world.settle();
    world.pods = [A, B];
    world.ask(policy().failover({ handoverGapSeconds: 5 }).selection({ sticky: false })).settle();
    expect(world.leader).to.equal(undefined);
    world.pass(5 * SECOND).settle();
    expect([world.leader, world.status.history?.[0]?.reason]).to.deep.equal(['a', 'Preferred']);
  });

  for (const [what, withdrawnAt] of [
    ['in a year', microTime(NOW + 365 * 24 * 60 * MINUTE)],
    ['that is no time', 'soon'],
    ['that is gone', undefined],
  ] as const) {
    it(`ends though a hand wrote a time ${what} of withdrawal: it is counted from now`, () => {
      const world = lost(led(GAP));
      world.settle();
      world.edit(world.slices, 'web-leader-zen-lead-ipv4', ({ metadata }) => {
        const { [SLICE_ANNOTATION.withdrawnAt]: _, ...rest } = metadata.annotations ?? {};
        metadata.annotations =
          withdrawnAt === undefined ? rest : { ...rest, [SLICE_ANNOTATION.withdrawnAt]: withdrawnAt };
      });
      expect(world.next().againAfterMs).to.equal(5 * SECOND);
      world.settle();
      expect(world.leaderSlice?.annotations[SLICE_ANNOTATION.withdrawnAt]).to.equal(microTime(world.now));
      world.pass(5 * SECOND).settle();
      expect(world.leader).to.equal('b');
    });
  }
});

describe('a failback', () => {
  const DELAY = policy().selection({ sticky: false }).failover({ failbackDelaySeconds: 60 });
  const later = pod('b').ip('10.0.0.2').created(NOW);
  /** Ordinal, so that a pod that has just become Ready may be the better one. */
  const ordinal = (delay: number): PolicyBuilder =>
    policy().selection({ strategy: 'Ordinal', sticky: false }).failover({ failbackDelaySeconds: delay });
  const db = (n: number, readyAt: number): ReturnType<typeof pod> =>
    pod(`db-${n}`)
      .ip(`10.0.0.${n + 1}`)
      .ready(readyAt);

  it('waits until the better one has been Ready for so long, with a timer', () => {
    const world = new PolicyWorld(ordinal(60), db(1, NOW - MINUTE).build());
    world.settle();
    world.pods = [...world.pods, db(0, NOW - 20 * SECOND).build()];
    expect(world.next()).to.deep.include({ writes: [], againAfterMs: 40 * SECOND });
    world.pass(40 * SECOND - 1);
    expect(world.next()).to.deep.include({ writes: [], againAfterMs: 1 });
    world.pass(1).settle();
    expect([world.leader, world.status.history?.[0]?.reason]).to.deep.equal(['db-0', 'Preferred']);
  });

  it('goes to the best of those that have waited, and on when the best has', () => {
    const world = new PolicyWorld(ordinal(60), db(2, NOW - MINUTE).build());
    world.settle();
    world.pods = [...world.pods, db(1, NOW - MINUTE).build(), db(0, NOW - 20 * SECOND).build()];
    expect(world.next()).to.deep.include({ againAfterMs: 40 * SECOND });
    expect(world.leader).to.equal('db-1');
    world.pass(40 * SECOND).settle();
    expect(world.leader).to.equal('db-0');
  });

  it('goes to the best at once, in whatever order they come', () => {
    const better = [db(0, NOW - MINUTE).build(), db(1, NOW - MINUTE).build()];
    for (const pods of [better, better.toReversed()]) {
      const world = new PolicyWorld(ordinal(60), db(2, NOW - MINUTE).build());
      world.settle();
      world.pods = [...world.pods, ...pods];
      world.next();
      expect(world.leader).to.equal('db-0');
    }
  });

  it('starts again when the better one was NotReady in between, also through a restart', () => {
    const world = new PolicyWorld(ordinal(60), db(1, NOW - MINUTE).build());
    world.settle();
    world.pods = [...world.pods, db(0, NOW - 59 * SECOND).build()];
    world.settle();
    world.pods = [db(1, NOW - MINUTE).build(), db(0, NOW).build()];
    world.pass(SECOND).restart();
    expect(world.next()).to.deep.include({ writes: [], againAfterMs: 59 * SECOND });
  });

  it('is judged again within a gap, when a still better one has waited', () => {
    const gap = ordinal(60).failover({ failbackDelaySeconds: 60, handoverGapSeconds: 5 });
    const world = new PolicyWorld(gap, db(2, NOW - MINUTE).build());
    world.settle();
    world.pods = [...world.pods, db(1, NOW - MINUTE).build(), db(0, NOW - 58 * SECOND).build()];
    expect(world.next().againAfterMs).to.equal(2 * SECOND);
    world.pass(5 * SECOND).settle();
    expect(world.leader).to.equal('db-0');
  });

  it('does not hold up the end of a gap, where a still better one has to wait for longer', () => {
    const gap = ordinal(60).failover({ failbackDelaySeconds: 60, handoverGapSeconds: 5 });
    const world = new PolicyWorld(gap, db(2, NOW - MINUTE).build());
    world.settle();
    world.pods = [...world.pods, db(1, NOW - MINUTE).build(), db(0, NOW - 30 * SECOND).build()];
    expect(world.next().againAfterMs).to.equal(5 * SECOND);
  });

  it('is not waited for by the leader itself, however young', () => {
    const world = new PolicyWorld(ordinal(60), db(0, NOW - SECOND).build(), db(1, NOW - MINUTE).build());
    world.settle();
    expect([world.leader, world.next().againAfterMs]).to.deep.equal(['db-0', undefined]);
  });

  it('is no delay where the leader is lost', () => {
    const world = new PolicyWorld(DELAY, A, later.ready(NOW).build());
    world.settle();
    world.pods = world.pods.slice(1);
    world.settle();
    expect(world.leader).to.equal('b');
  });

  it('is none where sticky', () => {
    const world = new PolicyWorld(policy().selection({ strategy: 'Ordinal' }), db(1, NOW - MINUTE).build());
    world.settle();
    world.pods = [...world.pods, db(0, NOW - 20 * SECOND).build()];
    expect(world.next().againAfterMs).to.equal(undefined);
    expect(world.leader).to.equal('db-1');
  });
});
