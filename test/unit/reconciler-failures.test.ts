import { expect } from 'chai';
import { UnreachableError, ZenLeadError } from '../../src/errors.ts';
import { leaderOf, NOW, pod, service, servicePort } from '../support/builders.ts';
import { apiError } from '../support/fake-client.ts';
import { KEY, ReconcilerUnderTest } from '../support/reconciler.ts';

const WEB = service('web').build();
const LEADER = leaderOf(WEB).build();
const UNREACHABLE = new UnreachableError('dropped', 'lost the connection');
const INVALID = apiError(422, 'Invalid');

/** Pod a led, and is no longer Ready: b is to lead. */
async function losing(): Promise<ReconcilerUnderTest> {
  const test = new ReconcilerUnderTest();
  test.world.services(WEB, LEADER).pods(pod('a').build(), pod('b').build());
  await test.reconcile();
  test.world.pods(pod('a').notReady().build());
  return test.quiet();
}

/** As before, and the leader Service has to be repaired as well. */
async function losingAndBroken(): Promise<ReconcilerUnderTest> {
  const test = await losing();
  test.world.services({ ...LEADER, ports: [servicePort('', 81)] });
  return test;
}

function remembered(test: ReconcilerUnderTest): string | undefined {
  return test.world.view.gather(KEY, NOW).remembered?.podName;
}

describe('A conflict', () => {
  it('is planned again at once', async () => {
    const test = await losing();
    test.endings.push({ kind: 'conflict', written: 0 });
    await test.reconcile();
    expect(test.applied).to.deep.equal([['putSlice'], ['putSlice']]);
    expect(test.measured('error')).to.deep.equal([['Conflict']]);
    expect(test.measured('reconcile').map(([result]) => result)).to.deep.equal(['changed']);
    expect(test.measured('failover')).to.have.length(1);
    expect(test.queue).to.deep.equal([['forget', KEY]]);
  });

  it('that comes again and again is left to the back-off', async () => {
    const test = await losing();
    for (let i = 0; i < 20; i += 1) test.endings.push({ kind: 'conflict', written: 0 });
    await test.reconcile();
    expect(test.applied).to.have.length(6);
    expect(test.queue).to.deep.equal([['retry', KEY]]);
    expect(test.measured('reconcile').map(([result]) => result)).to.deep.equal(['conflict']);
    expect([test.reports, test.lines, remembered(test)]).to.deep.equal([[], [], 'a']);
  });
});

describe('A namespace that is being deleted', () => {
  it('is left alone', async () => {
    const test = await losing();
    test.endings.push({ kind: 'terminating', written: 0 });
    await test.reconcile();
    expect(test.queue).to.deep.equal([['forget', KEY]]);
    expect(test.measured('reconcile').map(([result]) => result)).to.deep.equal(['terminating']);
    expect([test.reports, test.measured('error'), remembered(test)]).to.deep.equal([[], [], 'a']);
  });
});

describe('A failure', () => {
  it('is tried again, and nothing is remembered, told or counted as a failover', async () => {
    const test = await losing();
    test.endings.push({ kind: 'failed', error: UNREACHABLE, written: 0 });
    await test.reconcile();
    expect(test.queue).to.deep.equal([['retry', KEY, { minDelayMs: 0 }]]);
    expect(test.measured('reconcile').map(([result]) => result)).to.deep.equal(['failed']);
    expect([test.reports, test.measured('failover'), remembered(test)]).to.deep.equal([[], [], 'a']);
    expect([...test.reconciler.outlooks()].map((outlook) => outlook.pod)).to.deep.equal(['a']);
  });

  const waits: readonly [string, number | undefined, number][] = [
    ['as long as the API server asks for', 2_000, 2_000],
    ['at most half a minute', 3_600_000, 30_000],
    ['no longer than the back-off where nothing is asked for', undefined, 0],
  ];
  for (const [what, retryAfterMs, minDelayMs] of waits) {
    it(`waits ${what}`, async () => {
      const test = await losing();
      const error = apiError(429, 'TooManyRequests', retryAfterMs === undefined ? {} : { retryAfterMs });
      test.endings.push({ kind: 'failed', error, written: 0 });
      await test.reconcile();
      expect(test.queue).to.deep.equal([['retry', KEY, { minDelayMs }]]);
    });
  }

  const reasons: readonly [Error, string][] = [
    [apiError(500, 'InternalError'), 'InternalError'],
    [UNREACHABLE, 'Unreachable'],
    [new ZenLeadError('InvalidAnswer', 'no JSON'), 'InvalidAnswer'],
    [new TypeError('undefined is not a function'), 'Internal'],
  ];
  for (const [error, reason] of reasons) {
    it(`by ${error.constructor.name} is counted as ${reason}`, async () => {
      const test = await losing();
      test.endings.push({ kind: 'failed', error, written: 0 });
      await test.reconcile();
      expect(test.measured('error')).to.deep.equal([[reason]]);
    });
  }

  const patience: readonly [Error, readonly string[][]][] = [
    [UNREACHABLE, [[], [], ['ReconcileFailed'], ['ReconcileFailed']]],
    [apiError(403, 'Forbidden'), [['ReconcileFailed'], ['ReconcileFailed']]],
    [INVALID, [['ReconcileFailed'], ['ReconcileFailed']]],
  ];
  for (const [error, expected] of patience) {
    it(`by ${error.message} is told to users ${expected[0]?.length === 0 ? 'the third time' : 'at once'}`, async () => {
      const test = await losing();
      const told: string[][] = [];
      for (const _ of expected) {
        test.endings.push({ kind: 'failed', error, written: 0 });
        await test.reconcile();
        told.push(test.states);
      }
      expect(told).to.deep.equal(expected);
      expect(test.reports.every(({ happened, annotations }) => happened.length === 0 && !annotations)).to.be
        .true;
    });
  }

  it('says what it is about and that it is tried again', async () => {
    const test = await losing();
    test.endings.push({ kind: 'failed', error: INVALID, written: 0 });
    await test.reconcile();
    const [event] = test.reports[0]?.states ?? [];
    expect([event?.about.name, event?.note]).to.deep.equal(['web', '422 Invalid; it is tried again']);
  });

  it('is a line the first and the third time, not thousands', async () => {
    const test = await losing();
    for (let i = 0; i < 5; i += 1) {
      test.endings.push({ kind: 'failed', error: UNREACHABLE, written: 0 });
      await test.reconcile();
    }
    expect(test.lines.map(([level]) => level)).to.deep.equal(['warn', 'debug', 'warn', 'debug', 'debug']);
  });

  it('begins to count anew after a success', async () => {
    const test = await losing();
    const failed = { kind: 'failed', error: UNREACHABLE, written: 0 } as const;
    test.endings.push(failed, failed);
    await (await test.reconcile()).reconcile();
    await test.reconcile();
    test.world.pods(pod('a').build(), pod('b').notReady().build());
    test.quiet().endings.push(failed);
    await test.reconcile();
    expect(test.lines.map(([, , { failures }]) => failures)).to.deep.equal([1]);
  });
});

// The slice is the traffic: once it is written the leader has changed, whatever becomes of the leader Service.
describe('A failover whose slice is written', () => {
  const endings = [
    { kind: 'failed', error: INVALID, written: 1 },
    { kind: 'failed', error: UNREACHABLE, written: 1 },
    { kind: 'conflict', written: 1 },
  ] as const;
  for (const ending of endings) {
    it(`is remembered, logged, counted and told, though the next write is ${ending.kind}${'error' in ending ? ` by ${ending.error.message}` : ''}`, async () => {
      const test = await losingAndBroken();
      test.endings.push(ending, { kind: 'failed', error: INVALID, written: 0 });
      await test.reconcile({ receivedAt: test.monotonic });
      expect(test.applied[0]).to.deep.equal(['putSlice', 'patchService']);
      expect(remembered(test)).to.equal('b');
      expect(test.lines.filter(([, message]) => message === 'leader changed')).to.have.length(1);
      expect(test.measured('failover')).to.deep.equal([['NotReady', 0]]);
      expect([...test.reconciler.outlooks()].map((outlook) => outlook.pod)).to.deep.equal(['b']);
      expect(test.reports[0]?.happened.map(({ note }) => note)).to.deep.equal([
        'pod b leads instead of a: a is not Ready',
      ]);
      expect(test.reports[0]?.annotations?.values).to.include({ 'zen-lead.io/leader-pod-name': 'b' });
    });
  }

  it('is told in the same report as the failure', async () => {
    const test = await losingAndBroken();
    test.endings.push({ kind: 'failed', error: INVALID, written: 1 });
    await test.reconcile();
    expect(test.reports).to.have.length(1);
    expect(test.states).to.deep.equal(['ReconcileFailed']);
    expect(test.queue).to.deep.equal([['retry', KEY, { minDelayMs: 0 }]]);
  });

  it('does not hold up the next one while the leader Service has to wait', async () => {
    const test = await losingAndBroken();
    const error = apiError(429, 'TooManyRequests', { retryAfterMs: 2_000 });
    test.endings.push({ kind: 'failed', error, written: 1 });
    await test.reconcile();
    expect(test.queue).to.deep.equal([['addAfter', KEY, 2_000]]);
  });

  it('is found by an operator that has just started, though the leader Service cannot be repaired', async () => {
    const before = await losingAndBroken();
    before.endings.push({ kind: 'failed', error: INVALID, written: 1 });
    await before.reconcile();
    const after = new ReconcilerUnderTest();
    for (const store of ['services', 'pods', 'slices'] as const)
      for (const object of before.world.stores[store].values())
        after.world.stores[store].upsert(object as never);
    after.endings.push({ kind: 'failed', error: INVALID, written: 0 });
    await after.reconcile();
    expect(after.applied).to.deep.equal([['patchService']]);
    expect(remembered(after)).to.equal('b');
    expect([...after.reconciler.outlooks()].map((outlook) => outlook.pod)).to.deep.equal(['b']);
  });
});

describe('A leader Service that cannot be made', () => {
  it('is not told of as made', async () => {
    const test = new ReconcilerUnderTest();
    test.world.services(WEB).pods(pod('a').build());
    test.endings.push({ kind: 'failed', error: INVALID, written: 0 });
    await test.reconcile();
    expect(test.reports.flatMap(({ happened }) => happened)).to.deep.equal([]);
    expect(test.states).to.deep.equal(['ReconcileFailed']);
  });
});
