import { expect } from 'chai';
import { Backoff, DEFAULT_BACKOFF } from '../../../src/queue/backoff.ts';

describe('Backoff', () => {
  it('doubles the upper bound of the delay with each failure, from 10 ms', () => {
    const backoff = new Backoff(() => 1);
    expect([1, 2, 3, 4, 5].map(() => backoff.next('a/b'))).to.deep.equal([10, 20, 40, 80, 160]);
  });

  it('never waits longer than 30 s, however often a key failed', () => {
    const backoff = new Backoff(() => 1);
    for (let i = 0; i < 2000; i += 1) backoff.next('a/b');
    expect(backoff.next('a/b')).to.equal(30_000);
    expect(DEFAULT_BACKOFF.capMs).to.equal(30_000);
  });

  it('takes a delay anywhere below the bound (full jitter)', () => {
    const draws = [0, 0.5, 0.25];
    const backoff = new Backoff(() => draws.shift() ?? 1);
    expect([1, 2, 3].map(() => backoff.next('a/b'))).to.deep.equal([0, 10, 10]);
  });

  it('counts each key for itself and starts anew once told to forget', () => {
    const backoff = new Backoff(() => 1);
    backoff.next('a/b');
    backoff.next('a/b');
    expect(backoff.next('c/d')).to.equal(10);
    expect(backoff.failures('a/b')).to.equal(2);
    backoff.forget('a/b');
    expect(backoff.failures('a/b')).to.equal(0);
    expect(backoff.next('a/b')).to.equal(10);
    expect(backoff.next('c/d')).to.equal(20);
  });
});
