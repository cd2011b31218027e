import { expect } from 'chai';
import type { RestartReason } from '../../../src/watch/failure.ts';
import { RestartDelay } from '../../../src/watch/restart-delay.ts';

describe('RestartDelay', () => {
  const cases: [reason: RestartReason, bounds: number[]][] = [
    ['dropped', [0, 400, 800, 1_000, 1_000, 1_000, 1_000]],
    ['silent', [0, 400, 800, 1_000, 1_000, 1_000, 1_000]],
    ['refused', [200, 400, 800, 1_000, 1_000, 1_000, 1_000]],
    ['expired', [0, 400, 800, 1_600, 3_200, 6_400, 10_000]],
    ['error', [200, 400, 800, 1_600, 3_200, 6_400, 10_000]],
  ];
  for (const [reason, bounds] of cases) {
    it(`of ${reason} grows up to ${String(bounds.at(-1))} ms, and starts anew after all was well`, () => {
      const delay = new RestartDelay(() => 1);
      expect(bounds.map(() => delay.next(reason))).to.deep.equal(bounds);
      delay.reset();
      expect(delay.next(reason)).to.equal(bounds[0]);
    });
  }

  it('is anywhere below the bound (full jitter)', () => {
    const draws = [0.5, 0, 0.25];
    const delay = new RestartDelay(() => draws.shift() ?? 1);
    expect([1, 2, 3].map(() => delay.next('error'))).to.deep.equal([100, 0, 200]);
  });

  it('counts each reason for itself: an API server that is back is not waited for longer than it was away', () => {
    const delay = new RestartDelay(() => 1);
    for (let i = 0; i < 20; i += 1) delay.next('refused');
    expect(delay.next('expired')).to.equal(0);
    expect(delay.next('error')).to.equal(200);
    expect(delay.next('expired')).to.equal(400);
    delay.reset();
    expect(delay.next('expired')).to.equal(0);
  });

  it('stays below the cap after thousands of failures', () => {
    const delay = new RestartDelay(() => 1);
    for (let i = 0; i < 5_000; i += 1) delay.next('error');
    expect(delay.next('error')).to.equal(10_000);
  });
});
