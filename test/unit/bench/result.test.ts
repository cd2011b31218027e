import { expect } from 'chai';
import type { SideResult } from '../../bench/measure.ts';
import { figuresOf, samplesOf, targetsOf } from '../../bench/result.ts';
import type { Failover } from '../../bench/slice-board.ts';

/** A failover answered at 1,000 ms, then seen in the two slices after so many milliseconds. */
function failover(
  leaderMs: number,
  kcmMs: number,
  order: 'leader first' | 'kcm first' = 'leader first',
): Failover {
  const [leader, kcm] = order === 'leader first' ? [10, 11] : [11, 10];
  return {
    side: 'annotations',
    namespace: 'n',
    service: 's',
    pod: 'p',
    answeredAt: 1_000,
    leader: { at: 1_000 + leaderMs, resourceVersion: leader },
    kcm: { at: 1_000 + kcmMs, resourceVersion: kcm },
  };
}

function side(fields: Partial<SideResult>): SideResult {
  const memory = { rss: 80, peak: 90 };
  const first = failover(9, 9);
  const base = { first, turns: [[failover(5, 8)]], bursts: [], cpuMs: 6, machineMs: 60, sliceWrites: 1 };
  const calls = new Map([['update endpointslices', 4]]);
  return { ...base, calls, before: memory, after: memory, ...fields };
}

function figures(
  operator: Partial<SideResult>,
  bare: Partial<SideResult> = {},
  more: readonly ['policies', SideResult][] = [],
): ReturnType<typeof figuresOf> {
  return figuresOf({
    sides: new Map([['annotations', side(operator)], ['bare', side(bare)], ...more]),
    lag: { p50: 0, p99: 0, max: 0 },
    watchResumed: 0,
  });
}

describe('results of the bench', () => {
  it('who was first is told by resourceVersion, not by the clock', () => {
    const steady = [failover(5, 8), failover(6, 7, 'kcm first'), failover(7, 7), failover(8, 9)];
    expect(figures({ turns: [steady] }).annotations.firstShare).to.equal(0.75);
  });

  it('a failover that was not seen is counted as lost, and only so', () => {
    const { leader: _, ...unseen } = failover(5, 8);
    const { annotations: operator } = figures({ turns: [[failover(5, 8)], [unseen]] });
    expect(operator.lost).to.equal(1);
    expect(operator.leader).to.include({ count: 1, max: 5 });
  });

  it('what is used is divided by the failovers', () => {
    const steady = Array.from({ length: 4 }, () => failover(5, 8));
    const { annotations: operator } = figures({
      turns: [steady],
      cpuMs: 20,
      machineMs: 80,
      sliceWrites: 5,
    });
    expect(operator).to.include({
      cpuMsPerFailover: 5,
      machineMsPerFailover: 20,
      sliceWritesPerFailover: 1.25,
    });
    expect(operator.callsPerFailover).to.deep.equal({ 'update endpointslices': 1 });
  });

  it('a burst lasts from its first answer to its last slice', () => {
    const late = { ...failover(30, 50), answeredAt: 1_010 };
    expect(figures({ bursts: [[failover(20, 20), late]] }).annotations.burst).to.deep.include({
      allMovedMs: [30],
      kcmAllMs: [50],
    });
  });

  it('targets compare with the bare loop and with kube-controller-manager of the same failovers', () => {
    const result = figures(
      { turns: [[failover(6, 5, 'kcm first')]], bursts: [[failover(20, 20)]] },
      { bursts: [[failover(10, 20)]] },
    );
    const targets = targetsOf(result, { services: 1_000 });
    const verdicts = Object.fromEntries(targets.map(({ name, value, pass }) => [name, [value, pass]]));
    expect(verdicts).to.deep.include({
      "p50, times the bare loop's": [1.2, true],
      "p50, times kube-controller-manager's": [1.2, false],
      'first to be written': [0, false],
      'RSS after the last failover': [80, true],
      "burst: all moved, times the bare loop's": [2, false],
    });
  });

  it('a policy is compared with the annotations of the same run', () => {
    const byPolicy = side({ turns: [[failover(6, 8)]], bursts: [[failover(21, 20)]] });
    const result = figures({ bursts: [[failover(20, 20)]] }, {}, [['policies', byPolicy]]);
    const verdicts = targetsOf(result, { services: 1_000 }).filter(({ name }) =>
      name.startsWith('by policy'),
    );
    expect(verdicts.map(({ name, value, pass }) => [name, value, pass])).to.deep.equal([
      ['by policy: p50, times that by annotation', 1.2, false],
      ['by policy: p90, times that by annotation', 1.2, false],
      ['by policy: p99, times that by annotation', 1.2, false],
      ['by policy: burst, times that by annotation', 1.05, true],
    ]);
  });

  it('who is first is a target with many Services only', () => {
    const names = (services: number): string[] =>
      targetsOf(figures({}), { services }).map(({ name }) => name);
    expect(names(100)).to.not.include('first to be written');
    expect(names(1_000)).to.include('first to be written');
  });

  it('one hiccup of the machine does not make the typical worst of a turn', () => {
    const turns = [3, 5, 900].map((worst) => [failover(1, 9), failover(worst, 9)]);
    expect(figures({ turns }).annotations.worstOfTurnMs).to.equal(5);
  });

  it('samples are in the order of time, and say null of what was not seen', () => {
    const { leader: _, ...unseen } = failover(5, 8);
    const sides = new Map([
      ['annotations' as const, side({ turns: [[{ ...failover(5, 8), answeredAt: 1_100 }]] })],
      ['bare' as const, side({ turns: [[unseen]] })],
    ]);
    const samples = samplesOf({ sides });
    expect(samples.map(({ at }) => at)).to.deep.equal([0, 100]);
    expect(samples[0]).to.deep.include({ leader: null, kcm: 8 });
  });
});
