import { expect } from 'chai';
import { systemClock } from '../../src/clock.ts';

describe('systemClock', () => {
  it('does not fire a timer of forty days at once', async () => {
    let fired = false;
    const cancel = systemClock.after(40 * 24 * 3600 * 1000, () => (fired = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    cancel();
    expect(fired).to.equal(false);
  });

  it('fires a timer, not before its time', async () => {
    const start = systemClock.now();
    await new Promise<void>((resolve) => systemClock.after(3.2, resolve));
    // libuv rounds the time of the loop down to a millisecond.
    expect(systemClock.now() - start).to.be.at.least(3);
  });

  it('does not fire a timer that was cancelled', async () => {
    let fired = false;
    systemClock.after(1, () => (fired = true))();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fired).to.equal(false);
  });
});
