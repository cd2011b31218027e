import { expect } from 'chai';
import { figuresOf } from '../../e2e/measure/figures.ts';
import type { Failover } from '../../e2e/measure/failover.ts';
import { goalLines } from '../../e2e/seed/goals.ts';

const failover = (notReady: number, answer: number): Failover => {
  const names = { act: 'frozen', from: 'a', to: 'b', withdrawn: false, sourceFirst: false, connections: [] };
  return { ...names, notReady, slice: answer - 20, rules: answer - 10, answer };
};

describe('the goals of a failover', () => {
  it('are told with what was measured, whether it is enough or not', () => {
    const figures = figuresOf([failover(1_500, 1_540), failover(1_900, 3_001)], 1_000);
    expect(
      goalLines(figures, { notReadyToAnswer: { median: 50, max: 1_100 }, actToAnswer: { max: 3_200 } }),
    ).to.deep.equal([
      'NotReady to the first answer, median: 40 ms, at most 50 ms: pass',
      'NotReady to the first answer, every run: 1101 ms, at most 1100 ms: MISS',
      'act to the first answer, every run: 3001 ms, at most 3200 ms: pass',
    ]);
  });
});
