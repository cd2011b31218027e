import { expect } from 'chai';
import type { Failover } from '../../e2e/measure/failover.ts';
import { figuresOf, hasWaited, middle } from '../../e2e/measure/figures.ts';
import { markdownTable } from '../../e2e/timeline/table.ts';

function failover(answer: number, more: Partial<Failover> = {}): Failover {
  return {
    act: 'process frozen',
    from: 'postgres-0',
    to: 'postgres-1',
    notReady: answer - 40,
    slice: answer - 30,
    withdrawn: false,
    sourceFirst: false,
    rules: answer - 5,
    answer,
    connections: [],
    ...more,
  };
}

describe('the figures of failovers', () => {
  it('are medians and the longest, of the runs that have the time', () => {
    const { notReady: _, ...unseen } = failover(9_000);
    const figures = figuresOf([failover(1_500), failover(1_700), unseen], 1_000);
    expect(figures).to.deep.include({
      act: 'process frozen',
      runs: 3,
      actToAnswer: { median: 1_700, max: 9_000 },
      notReadyToAnswer: { median: 40, max: 40 },
      actToNotReady: { median: 1_460, max: 1_660 },
    });
  });

  it('share out who waited and who was second', () => {
    const late = failover(2_600, { slice: 1_580, rules: 2_590, sourceFirst: true });
    const figures = figuresOf([failover(1_500), late, failover(1_600), failover(1_600)], 1_000);
    expect(figures).to.deep.include({ sourceFirst: 0.25, waited: 0.25 });
  });

  it('count failed connections', () => {
    const connections = [
      { began: 0, ended: 5, by: 'old' as const },
      { began: 10, ended: 1_010, error: 'timeout' as const },
      { began: 20, ended: 21, error: 'refused' as const },
    ];
    const figures = figuresOf([failover(1_500, { connections }), failover(1_500)], 1_000);
    expect(figures.failed).to.deep.equal({ median: 0, max: 2 });
  });

  it('take kube-proxy by its period', () => {
    const held = failover(1_000, { slice: 900, rules: 980 });
    expect(hasWaited(held, 100)).to.equal(true);
    expect(hasWaited(held, 1_000)).to.equal(false);
  });

  it('show the run in the middle, not the best one', () => {
    const runs = [1_900, 1_300, 1_500, 1_400].map((answer) => failover(answer));
    expect(middle(runs)?.answer).to.equal(1_400);
    expect(middle(runs.slice(0, 3))?.answer).to.equal(1_500);
    expect(middle([])).to.equal(undefined);
  });
});

describe('the table of failovers', () => {
  it('has a row for each act: median and longest, one value where there was one run', () => {
    const many = figuresOf([failover(1_500), failover(1_700), failover(2_100)], 1_000);
    const one = figuresOf([{ ...failover(48_123), act: 'kubelet frozen' }], 1_000);
    const lines = markdownTable([many, one]).split('\n');
    expect(lines).to.have.lengthOf(4);
    expect(lines[2]).to.equal(
      '| process frozen | 3 | 1.66 / 2.06 s | 10 ms | 25 ms | 40 ms | 1.70 / 2.10 s | 0 | 0 % |',
    );
    expect(lines[3]).to.equal('| kubelet frozen | 1 | 48.08 s | 10 ms | 25 ms | 40 ms | 48.12 s | 0 | no |');
  });

  it('has a stroke where something was never seen', () => {
    const { notReady: _, ...unseen } = failover(900);
    expect(markdownTable([figuresOf([unseen], 1_000)]).split('\n')[2]).to.equal(
      '| process frozen | 1 | - | - | 25 ms | - | 0.90 s | 0 | no |',
    );
  });
});
