import { expect } from 'chai';
import { median, percentile, randomOf, share, shuffled, summarize } from '../../bench/statistics.ts';

describe('statistics of the bench', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  const ranks: [string, readonly number[], number, number][] = [
    ['the middle one of three', [1, 2, 3], 0.5, 2],
    ['the lower middle one of four', [1, 2, 3, 4], 0.5, 2],
    ['the 99th of a hundred', hundred, 0.99, 99],
    ['the greatest for 1', hundred, 1, 100],
    ['the only one', [7], 0.01, 7],
    ['NaN of nothing', [], 0.5, NaN],
  ];
  for (const [name, values, p, expected] of ranks) {
    it(`percentile is ${name}`, () => {
      expect(percentile(values, p)).to.deep.equal(expected);
    });
  }

  it('summarize sorts by number and leaves its input alone', () => {
    const values = [100, 9, 20];
    expect(summarize(values)).to.deep.equal({ count: 3, p50: 20, p90: 100, p99: 100, max: 100 });
    expect(values).to.deep.equal([100, 9, 20]);
  });

  it('median is a value that was measured', () => {
    expect(median([30, 10, 20])).to.equal(20);
  });

  it('share goes from 0 to 1, and is NaN of nothing', () => {
    expect(share([1, 2, 3, 4], (value) => value > 3)).to.equal(0.25);
    expect(share([], () => true)).to.deep.equal(NaN);
  });

  it('the same seed gives the same numbers, in [0, 1)', () => {
    const take = (seed: number): number[] => Array.from({ length: 100 }, randomOf(seed));
    expect(take(5)).to.deep.equal(take(5)).and.not.deep.equal(take(6));
    expect(take(5).every((value) => value >= 0 && value < 1)).to.equal(true);
  });

  it('shuffled keeps every item once', () => {
    const mixed = shuffled(hundred, randomOf(1));
    expect(mixed).to.not.deep.equal(hundred);
    expect(mixed.toSorted((a, b) => a - b)).to.deep.equal(hundred);
  });
});
