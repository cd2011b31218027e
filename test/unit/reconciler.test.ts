import { expect } from 'chai';
import type { Pod } from '../../src/api/objects.ts';
import { ANNOTATION } from '../../src/names.ts';
import { leaderOf, NOW, pod, SECOND, service, servicePort, slice } from '../support/builders.ts';
import { KEY, ReconcilerUnderTest } from '../support/reconciler.ts';

const WEB = service('web').build();
const LEADER = leaderOf(WEB).build();

/** Pod a leads Service web, and has been told of. */
async function led(...others: Pod[]): Promise<ReconcilerUnderTest> {
  const test = new ReconcilerUnderTest();
  test.world.services(WEB, LEADER).pods(pod('a').build(), ...others);
  return (await test.reconcile()).quiet();
}

describe('Reconciling a key', () => {
  it('of a namespace that is not watched does nothing', async () => {
    const test = await new ReconcilerUnderTest().reconcile({ key: 'blog/web-leader' });
    expect([test.metrics, test.queue, test.reports]).to.deep.equal([[], [], []]);
  });

  it('that is as it should be writes nothing', async () => {
    const test = await led();
    test.monotonic += 5;
    await test.reconcile();
    expect(test.applied).to.deep.equal([]);
    expect(test.measured('reconcile')).to.deep.equal([['unchanged', 0]]);
    expect(test.queue).to.deep.equal([['forget', KEY]]);
    expect(test.lines).to.deep.equal([]);
    expect(test.reports).to.have.length(1);
    expect(test.forgotten).to.deep.equal([]);
  });

  it('goes on at once where a plan only prepared the next one', async () => {
    const test = new ReconcilerUnderTest();
    test.world.services(WEB).pods(pod('a').build());
    await test.reconcile();
    expect(test.applied).to.deep.equal([['createService'], ['createSlice']]);
    expect(test.reports.flatMap(({ happened }) => happened.map(({ reason }) => reason))).to.deep.equal([
      'LeaderServiceCreated',
      'LeaderElected',
    ]);
    expect(test.measured('reconcile')).to.deep.equal([['changed', 0]]);
  });

  it('does not take states for ended that such a plan has not looked at', async () => {
    const test = await led();
    const made = slice(LEADER).named('web-leader-x7k2p').build();
    test.world.kcmSlices(made);
    test.meanwhile = () => test.world.remove('kcmSlices', made);
    await test.reconcile();
    expect(test.applied[0]).to.deep.equal(['deleteService', 'createService']);
    expect(test.reports.map(({ states }) => states)).to.deep.equal([undefined, []]);
  });

  it('takes the time anew for each plan, and tells how long all of it took', async () => {
    const test = new ReconcilerUnderTest();
    test.world.services(WEB, LEADER).pods(pod('a').build());
    test.endings.push({ kind: 'conflict', written: 0 });
    const ticks = [1_000, 3_500];
    Object.defineProperty(test, 'monotonic', { get: () => ticks.shift() ?? 3_500 });
    Object.defineProperty(test, 'now', { get: () => (test.applied.length === 0 ? NOW : NOW + 2 * SECOND) });
    await test.reconcile();
    const since = test.world.view.gather(KEY, NOW).remembered?.since;
    expect(since).to.equal('2026-03-01T12:00:02.000000Z');
    expect(test.measured('reconcile')).to.deep.equal([['changed', 2.5]]);
  });

  it('comes again when time alone may change the choice', async () => {
    const test = new ReconcilerUnderTest();
    const source = { ...WEB, annotations: { ...WEB.annotations, [ANNOTATION.minReadyDuration]: '10s' } };
    test.world.services(source, LEADER).pods(
      pod('a')
        .ready(NOW - 4 * SECOND)
        .build(),
    );
    await test.reconcile();
    // In this order: forget() would take away the timer.
    expect(test.queue).to.deep.equal([
      ['forget', KEY],
      ['addAfter', KEY, 6 * SECOND, { urgent: true }],
    ]);
  });

  it('tells of what the annotations of the leader Service owe, for the Service that was seen', async () => {
    const test = await led();
    await test.reconcile();
    expect(test.reports[0]?.annotations?.uid).to.equal(LEADER.uid);
    expect(test.reports[0]?.annotations?.values).to.include({ 'zen-lead.io/leader-pod-name': 'a' });
  });

  it('that nobody wants any more forgets what was told', async () => {
    const test = await led();
    test.world.remove('services', WEB).remove('services', LEADER);
    await test.reconcile();
    expect(test.forgotten).to.deep.equal([KEY]);
    expect(test.world.services(WEB).view.gather(KEY, NOW)).not.to.have.property('remembered');
  });
});

describe('A change of leader', () => {
  it('from one pod to another is one write, one line and one failover', async () => {
    const test = await led(pod('b').build());
    test.world.pods(pod('a').notReady().build());
    await test.reconcile({ receivedAt: test.monotonic - 12.25, urgent: true });
    expect(test.applied).to.deep.equal([['putSlice']]);
    expect(test.lines).to.deep.equal([
      [
        'info',
        'leader changed',
        {
          namespace: 'shop',
          service: 'web',
          leaderService: 'web-leader',
          old: 'a',
          new: 'b',
          reason: 'NotReady',
          epoch: 2,
          milliseconds: 12.3,
        },
      ],
    ]);
    expect(test.measured('failover')).to.deep.equal([['NotReady', 0.01225]]);
    expect(test.world.view.gather(KEY, NOW).remembered?.podName).to.equal('b');
  });

  it('that a timer brought is counted without a time', async () => {
    const test = await led(pod('b').build());
    test.world.pods(pod('a').notReady().build());
    await test.reconcile();
    expect(test.measured('failover')).to.deep.equal([['NotReady', undefined]]);
    expect(test.lines[0]?.[2]).not.to.have.property('milliseconds');
  });

  it('is told once', async () => {
    const test = await led(pod('b').build());
    test.world.pods(pod('a').notReady().build());
    await (await test.reconcile()).quiet().reconcile();
    expect([test.lines, test.measured('failover')]).to.deep.equal([[], []]);
  });

  it('that is the first is a line and no failover', async () => {
    const test = new ReconcilerUnderTest();
    test.world.services(WEB, LEADER).pods(pod('a').build());
    await test.reconcile();
    expect(test.lines.map(([, message, { reason, old }]) => [message, reason, old])).to.deep.equal([
      ['leader changed', 'Elected', undefined],
    ]);
    expect(test.measured('failover')).to.deep.equal([]);
  });

  it('to nobody is a line and no failover; the next leader is one', async () => {
    const test = await led();
    test.world.pods(pod('a').notReady().build());
    await test.reconcile();
    expect(test.lines.map(([, message, { reason }]) => [message, reason])).to.deep.equal([
      ['leader withdrawn', 'NotReady'],
    ]);
    expect(test.measured('failover')).to.deep.equal([]);
    test.world.pods(pod('b').build());
    await test.quiet().reconcile();
    expect(test.lines.map(([, message, { old, new: to }]) => [message, old, to])).to.deep.equal([
      ['leader changed', 'a', 'b'],
    ]);
    expect(test.measured('failover')).to.deep.equal([['NotReady', undefined]]);
  });

  it('back to the same pod is a line and no failover', async () => {
    const test = await led();
    test.world.pods(pod('a').notReady().build());
    await test.reconcile();
    test.world.pods(pod('a').build());
    await test.quiet().reconcile();
    expect(test.lines.map(([, message, { reason }]) => [message, reason])).to.deep.equal([
      ['leader changed', 'Restored'],
    ]);
    expect(test.measured('failover')).to.deep.equal([]);
  });

  it('to nobody for want of a port says so, and is counted as that', async () => {
    const test = await led();
    test.world.services({ ...WEB, ports: [servicePort('', 80, 'http')] });
    test.world.services({ ...LEADER, ports: [servicePort('', 80, 'http')] });
    await test.reconcile();
    expect(test.lines.map(([, message, { reason }]) => [message, reason])).to.deep.equal([
      ['leader withdrawn', 'PortResolutionFailed'],
    ]);
    expect(test.measured('port')).to.deep.equal([[]]);
    await test.quiet().reconcile();
    expect(test.measured('port')).to.deep.equal([]);
  });

  it('asks the sticky rule, which is counted', async () => {
    const test = await led(pod('b').build());
    await test.reconcile();
    test.world.pods(pod('a').notReady().build());
    await test.reconcile();
    expect(test.measured('sticky')).to.deep.equal([[true], [false]]);
  });
});

describe('The outlook', () => {
  const pods = (test: ReconcilerUnderTest): (string | undefined)[] =>
    [...test.reconciler.outlooks()].map((outlook) => outlook.pod);

  it('is one for each leader Service that is looked after', async () => {
    const test = await led(pod('b').build());
    expect(pods(test)).to.deep.equal(['a']);
    test.world.pods(pod('a').notReady().build());
    await test.reconcile();
    expect(pods(test)).to.deep.equal(['b']);
  });

  it('goes with a claim that goes while the slice is written', async () => {
    const test = await led(pod('b').build());
    test.world.pods(pod('a').notReady().build());
    test.meanwhile = () => test.world.services({ ...WEB, annotations: {} });
    await test.reconcile();
    expect(pods(test)).to.deep.equal([]);
    expect(test.world.services(WEB).view.gather(KEY, NOW)).not.to.have.property('remembered');
  });

  it('goes with the last claim', async () => {
    const test = await led();
    test.world.services({ ...WEB, annotations: {} });
    await test.reconcile();
    expect(pods(test)).to.deep.equal([]);
  });

  it('does not show a leader where somebody else has taken the name', async () => {
    const test = await led();
    test.world.services({ ...LEADER, labels: {} });
    await test.reconcile();
    expect([pods(test), test.states]).to.deep.equal([[], ['NameConflict']]);
  });
});
