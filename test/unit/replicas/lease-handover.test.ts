import { expect } from 'chai';
import { UnreachableError } from '../../../src/errors.ts';
import { LeaseServer, LeaseUnderTest } from '../../support/lease-server.ts';

const SECOND = 1_000;
const UNREACHABLE = new UnreachableError('dropped', 'lost the connection');

let server: LeaseServer;

async function started(identity = 'a'): Promise<LeaseUnderTest> {
  return new LeaseUnderTest(server, identity).start();
}

beforeEach(() => {
  server = new LeaseServer();
});

describe('A Lease that is released', () => {
  it('is free for the next one, who need not wait', async () => {
    const [a, b] = [await started('a'), await started('b')];
    await a.lease.release();
    expect([a.isHeld, server.holder]).to.deep.equal([false, '']);
    await b.clock.advance(2 * SECOND);
    expect([b.isHeld, server.holder, server.lease?.spec.leaseTransitions]).to.deep.equal([true, 'b', 1]);
    await a.clock.advance(60 * SECOND);
    expect([a.isHeld, a.clock.timers, server.holder]).to.deep.equal([false, 0, 'b']);
  });

  it('by one who does not hold it stays as it is', async () => {
    server.heldBy('b');
    const a = await started();
    const calls = server.said.length;
    await a.lease.release();
    expect([server.said.length, server.holder, a.clock.timers]).to.deep.equal([calls, 'b', 0]);
  });

  it('by one who has lost it without knowing stays with who has it', async () => {
    const a = await started();
    server.heldBy('b');
    await a.lease.release();
    expect(server.holder).to.equal('b');
  });

  it('while it is being taken is given back, and nobody is told of it', async () => {
    let answer = (): void => undefined;
    server.delay = new Promise((resolve) => (answer = resolve));
    const a = await started();
    const released = a.lease.release();
    answer();
    await released;
    expect([server.holder, a.isHeld, a.turns, a.clock.timers]).to.deep.equal(['', false, 0, 0]);
  });

  it('before it was asked for is asked for no more', async () => {
    const a = new LeaseUnderTest(server, 'a');
    await a.lease.release();
    await a.start();
    expect([server.said, a.isHeld]).to.deep.equal([[], false]);
  });

  it('by one whom nobody answers holds nothing up', async () => {
    const a = await started();
    server.failure = UNREACHABLE;
    await a.lease.release();
    expect([a.isHeld, a.said('debug')]).to.deep.equal([false, ['cannot release the Lease']]);
  });
});

describe('Two replicas at one API server', () => {
  it('never both hold the Lease, whichever is stopped, cut off or late, and one of them does in the end', async () => {
    // A fixed sequence that looks random (a linear congruential generator): a failure can be repeated.
    let seed = 7;
    const chance = (of: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * of);
    };
    const [a, b] = [await started('a'), await started('b')];
    const changes = new Set<string>();
    for (let step = 0; step < 2_000; step += 1) {
      server.failure = chance(3) === 0 ? UNREACHABLE : undefined;
      const ms = chance(4_000);
      // A process that is stopped sees the time pass at once, its timers late.
      if (chance(40) === 0) {
        a.clock.spend(20 * SECOND);
        await b.clock.advance(20 * SECOND);
      } else {
        await a.clock.advance(ms);
        await b.clock.advance(ms);
      }
      expect(a.isHeld && b.isHeld, `step ${step}`).to.equal(false);
      changes.add(`${a.isHeld} ${b.isHeld}`);
    }
    expect(changes).to.have.keys('true false', 'false true', 'false false');
    server.failure = undefined;
    for (let second = 0; second < 20; second += 1) {
      await a.clock.advance(SECOND);
      await b.clock.advance(SECOND);
    }
    expect([a.isHeld, b.isHeld].filter(Boolean)).to.have.length(1);
  });
});
