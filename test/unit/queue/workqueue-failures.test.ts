import { expect } from 'chai';
import { WorkQueue } from '../../../src/queue/workqueue.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';
import { QueueUnderTest } from '../../support/queue.ts';

describe('WorkQueue: failures', () => {
  it('reports what the handler throws and tries the key again after 10, 20, 40 ms', async () => {
    const t = new QueueUnderTest().run();
    const error = new Error('the API server is away');
    t.queue.add('a/1');
    await settled();
    for (const delay of [10, 20, 40]) {
      await t.end('a/1', error);
      await t.clock.advance(delay - 1);
      expect(t.queue.inFlight).to.equal(0);
      await t.clock.advance(1);
      expect(t.queue.inFlight).to.equal(1);
    }
    expect(t.errors).to.deep.equal([1, 2, 3].map(() => ({ key: 'a/1', error })));
  });

  it('survives a handler that throws before it returns a promise', async () => {
    const errors: string[] = [];
    const clock = new FakeClock();
    const queue = new WorkQueue({ concurrency: 1, clock, onError: (key) => errors.push(key) });
    queue.run(() => {
      throw new Error('not even a promise');
    });
    queue.add('a/1');
    queue.add('a/2');
    await settled();
    expect(errors).to.deep.equal(['a/1', 'a/2']);
    expect(queue.inFlight).to.equal(0);
  });

  it('starts the back-off anew after forget', async () => {
    const t = new QueueUnderTest().run();
    t.queue.retry('a/1');
    t.queue.forget('a/1');
    t.queue.retry('a/1');
    await t.clock.advance(10);
    expect(t.keys).to.deep.equal(['a/1']);
  });

  it('waits a Retry-After on top of the back-off', async () => {
    const t = new QueueUnderTest().run();
    t.queue.retry('a/1', { minDelayMs: 1000 });
    await t.clock.advance(1009);
    expect(t.keys).to.deep.equal([]);
    await t.clock.advance(1);
    expect(t.keys).to.deep.equal(['a/1']);
  });

  it('is not hurried past a Retry-After by adds, those during the work among them', async () => {
    const t = new QueueUnderTest({ random: () => 0 }).run();
    t.queue.add('a/1');
    await settled();
    t.queue.add('a/1', { receivedAt: 1 });
    t.queue.retry('a/1', { minDelayMs: 1000 });
    await t.end('a/1');
    t.queue.add('a/1', { urgent: true });
    await settled();
    expect(t.started).to.have.length(1);
    await t.clock.advance(999);
    expect(t.started).to.have.length(1);
    await t.clock.advance(1);
    expect(t.started).to.have.length(2);
    expect(t.started[1]).to.include({ urgent: true, receivedAt: 1 });
    await t.end('a/1');
    t.queue.add('a/1');
    await settled();
    expect(t.started).to.have.length(3);
  });

  it('keeps urgency and receivedAt of the work that failed, so that the latency of a failover is told in full', async () => {
    const t = new QueueUnderTest().run();
    t.queue.add('a/1', { urgent: true, receivedAt: 42 });
    await settled();
    await t.end('a/1', new Error('503'));
    await t.clock.advance(10);
    expect(t.started[1]).to.deep.equal({ key: 'a/1', urgent: true, receivedAt: 42, queuedMs: 0 });
  });
});

describe('WorkQueue: stopping', () => {
  it('waits for the work in flight, drops what waits and ignores further adds', async () => {
    const t = new QueueUnderTest({ concurrency: 1 }).run();
    t.queue.add('a/1');
    t.queue.add('a/2');
    t.queue.addAfter('a/3', 10);
    await settled();
    t.queue.add('a/1');
    let stopped = false;
    const stopping = t.queue.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).to.equal(false);
    expect(t.clock.timers, 'only the deadline').to.equal(1);
    t.queue.add('a/4');
    t.queue.addAfter('a/5', 10);
    await t.end('a/1');
    expect(stopped).to.equal(true);
    await stopping;
    await t.clock.advance(60_000);
    expect(t.keys).to.deep.equal(['a/1']);
    expect(t.queue.depth).to.equal(0);
    expect(t.clock.timers).to.equal(0);
  });

  it('gives up on work that does not end by the deadline, and tells by inFlight', async () => {
    const t = new QueueUnderTest().run();
    t.queue.add('a/1');
    await settled();
    let stopped = false;
    const stopping = t.queue.stop(500).then(() => (stopped = true));
    await t.clock.advance(499);
    expect(stopped).to.equal(false);
    await t.clock.advance(1);
    expect(stopped).to.equal(true);
    await stopping;
    expect(t.queue.inFlight).to.equal(1);
  });

  it('resolves at once when nothing is in flight', async () => {
    const t = new QueueUnderTest().run();
    await t.queue.stop();
    expect(t.clock.timers).to.equal(0);
  });

  it('resolves every call of stop when the work has ended', async () => {
    const t = new QueueUnderTest().run();
    t.queue.add('a/1');
    await settled();
    const both = Promise.all([t.queue.stop(), t.queue.stop()]);
    await t.end('a/1');
    await both;
    expect(t.clock.timers).to.equal(0);
  });

  it('does not try again what fails while it stops', async () => {
    const t = new QueueUnderTest().run();
    t.queue.add('a/1');
    await settled();
    const stopping = t.queue.stop();
    await t.end('a/1', new Error('cut off'));
    await stopping;
    expect(t.errors).to.have.length(1);
    expect(t.clock.timers).to.equal(0);
  });
});
