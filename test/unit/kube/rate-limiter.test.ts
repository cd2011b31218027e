import { expect } from 'chai';
import { RateLimiter } from '../../../src/kube/rate-limiter.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { failureOf } from '../support/wait.ts';

describe('RateLimiter', () => {
  /** Starts `count` routine calls and tells which of them may go, in order. */
  function start(limiter: RateLimiter, count: number): number[] {
    const gone: number[] = [];
    for (let i = 0; i < count; i += 1) void limiter.wait().then(() => gone.push(i));
    return gone;
  }

  it('lets a burst of twice the rate go, then one call per interval, first in, first out', async () => {
    const clock = new FakeClock();
    const gone = start(new RateLimiter(10, clock), 23);
    await clock.advance(0);
    expect(gone).to.have.length(20);
    await clock.advance(99);
    expect(gone).to.have.length(20);
    await clock.advance(2);
    expect(gone).to.have.length(21);
    await clock.advance(200);
    expect(gone).to.deep.equal(Array.from({ length: 23 }, (_, i) => i));
    expect(clock.timers).to.equal(0);
  });

  it('saves no more than a burst up, however quiet it was', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(10, clock);
    await clock.advance(3_600_000);
    const gone = start(limiter, 30);
    await clock.advance(0);
    expect(gone).to.have.length(20);
  });

  it('does not let a new call overtake those that wait', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(10, clock);
    const gone = start(limiter, 21);
    await clock.advance(0);
    clock.spend(500);
    let overtook = false;
    void limiter.wait().then(() => (overtook = gone.length < 21));
    await clock.advance(500);
    expect(gone).to.have.length(21);
    expect(overtook).to.equal(false);
  });

  it('never makes an urgent call wait, and lets routine calls wait for it', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(10, clock);
    for (let i = 0; i < 30; i += 1) limiter.take();
    const gone = start(limiter, 1);
    await clock.advance(1_050);
    expect(gone, 'ten tokens are owed, and one is its own').to.have.length(0);
    await clock.advance(60);
    expect(gone).to.have.length(1);
  });

  it('takes the token of a waiting call for an urgent one', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(10, clock);
    const gone = start(limiter, 21);
    await clock.advance(50);
    limiter.take();
    await clock.advance(100);
    expect(gone).to.have.length(20);
    await clock.advance(60);
    expect(gone).to.have.length(21);
  });

  it('is no limit at 0, and lets single calls go at rates below one', async () => {
    const clock = new FakeClock();
    const free = start(new RateLimiter(0, clock), 1_000);
    const slow = start(new RateLimiter(0.1, clock), 2);
    await clock.advance(0);
    expect(free).to.have.length(1_000);
    expect(slow).to.deep.equal([0]);
    await clock.advance(10_001);
    expect(slow).to.deep.equal([0, 1]);
  });

  it('gives up on a call whose signal is aborted, and its place in the line is gone', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(1, clock);
    start(limiter, 2);
    const controller = new AbortController();
    const aborted = failureOf(limiter.wait(controller.signal), Error);
    const gone = start(limiter, 1);
    controller.abort(new Error('no longer wanted'));
    expect((await aborted).message).to.equal('no longer wanted');
    expect(limiter.waiting).to.equal(1);
    await clock.advance(1_001);
    expect(gone).to.have.length(1);
  });

  it('refuses those that wait when it is closed', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(1, clock);
    start(limiter, 2);
    const refused = failureOf(limiter.wait(), Error);
    limiter.close();
    expect((await refused).message).to.equal('the client is closed');
    expect(clock.timers).to.equal(0);
  });
});
