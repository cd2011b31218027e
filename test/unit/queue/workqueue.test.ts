import { expect } from 'chai';
import { WorkQueue } from '../../../src/queue/workqueue.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';
import { QueueUnderTest } from '../../support/queue.ts';

describe('WorkQueue: adding', () => {
  it('calls the handler in a microtask when a worker is free', async () => {
    const t = new QueueUnderTest().run();
    await settled();
    t.queue.add('a/1');
    expect(t.keys).to.deep.equal([]);
    await Promise.resolve();
    expect(t.keys).to.deep.equal(['a/1']);
  });

  it('works on what was added before run', async () => {
    const t = new QueueUnderTest();
    t.queue.add('a/1');
    expect(t.queue.depth).to.equal(1);
    t.clock.spend(1000);
    t.run();
    await settled();
    expect(t.keys).to.deep.equal(['a/1']);
    expect(t.queue.depth).to.equal(0);
    expect(t.queue.inFlight).to.equal(1);
  });

  it('can be run only once', () => {
    const t = new QueueUnderTest().run();
    expect(() => t.run()).to.throw('called once');
  });

  it('merges the adds of a key that waits: urgent wins, the earliest receivedAt and the first add count', async () => {
    const t = new QueueUnderTest();
    t.queue.add('a/1', { receivedAt: 7 });
    t.clock.spend(10);
    t.queue.add('a/1', { receivedAt: 5, urgent: true });
    t.queue.add('a/1', { receivedAt: 9 });
    t.queue.add('a/1');
    t.clock.spend(2);
    t.run();
    await settled();
    expect(t.started).to.deep.equal([{ key: 'a/1', urgent: true, receivedAt: 5, queuedMs: 12 }]);
  });

  it('gives a plain add no receivedAt and no urgency', async () => {
    const t = new QueueUnderTest().run();
    t.queue.add('a/1');
    await settled();
    expect(t.started).to.deep.equal([{ key: 'a/1', urgent: false, receivedAt: undefined, queuedMs: 0 }]);
  });
});

describe('WorkQueue: working', () => {
  it('works on a key once at a time and again after an add in between', async () => {
    const t = new QueueUnderTest().run();
    t.queue.add('a/1', { urgent: true });
    await settled();
    t.queue.add('a/1', { receivedAt: 3 });
    t.queue.add('a/1', { receivedAt: 2, urgent: true });
    t.queue.add('a/1', { receivedAt: 4 });
    await settled();
    expect(t.started).to.have.length(1);
    expect(t.queue.depth).to.equal(1);
    await t.end('a/1');
    expect(t.started[1]).to.deep.equal({ key: 'a/1', urgent: true, receivedAt: 2, queuedMs: 0 });
    await t.end('a/1');
    expect(t.queue.inFlight).to.equal(0);
    t.queue.add('a/2');
    await settled();
    expect(t.keys).to.deep.equal(['a/1', 'a/1', 'a/2']);
  });

  it('works on as many keys at once as its concurrency, and no more', async () => {
    const t = new QueueUnderTest({ concurrency: 3 }).run();
    for (const key of ['a/1', 'a/2', 'a/3', 'a/4']) t.queue.add(key);
    await settled();
    expect(t.keys).to.deep.equal(['a/1', 'a/2', 'a/3']);
    await t.end('a/2');
    expect(t.keys).to.deep.equal(['a/1', 'a/2', 'a/3', 'a/4']);
  });

  it('takes urgent keys before routine ones that came earlier', async () => {
    const t = new QueueUnderTest({ concurrency: 1 });
    t.queue.add('a/1');
    t.queue.add('a/2');
    t.queue.add('a/3', { urgent: true });
    t.queue.add('a/2', { urgent: true });
    t.run();
    await settled();
    await t.end('a/3');
    await t.end('a/2');
    expect(t.keys).to.deep.equal(['a/3', 'a/2', 'a/1']);
  });

  it('keeps a quarter of its workers for urgent keys', async () => {
    const t = new QueueUnderTest({ concurrency: 8 }).run();
    for (let i = 0; i < 10; i += 1) t.queue.add(`routine/${String(i)}`);
    await settled();
    expect(t.queue.inFlight).to.equal(6);
    for (let i = 0; i < 10; i += 1) t.queue.add(`urgent/${String(i)}`, { urgent: true });
    await settled();
    expect(t.queue.inFlight).to.equal(8);
    expect(t.keys.slice(6)).to.deep.equal(['urgent/0', 'urgent/1']);
    await t.end('routine/0');
    expect(t.keys[8]).to.equal('urgent/2');
  });

  it('lets the event loop turn after 8 ms of routine work, but not before urgent work', async () => {
    const clock = new FakeClock();
    const keys: string[] = [];
    const queue = new WorkQueue({ concurrency: 4, clock, onError: () => undefined });
    queue.run((item) => {
      clock.spend(3);
      keys.push(item.key);
      return Promise.resolve();
    });
    for (let i = 1; i <= 7; i += 1) queue.add(`routine/${String(i)}`);
    await settled();
    expect(keys).to.deep.equal(['routine/1', 'routine/2', 'routine/3']);
    queue.add('urgent/1', { urgent: true });
    await settled();
    expect(keys.at(-1)).to.equal('urgent/1');
    expect(clock.turns).to.equal(1);
    await clock.turn();
    expect(keys.slice(4)).to.deep.equal(['routine/4', 'routine/5', 'routine/6']);
    await clock.turn();
    expect(keys.at(-1)).to.equal('routine/7');
    expect(clock.turns).to.equal(0);
  });
});

describe('WorkQueue: timers', () => {
  it('queues a key when its time has come, with its options', async () => {
    const t = new QueueUnderTest().run();
    t.queue.addAfter('a/1', 100, { urgent: true, receivedAt: 1 });
    await t.clock.advance(99);
    expect(t.keys).to.deep.equal([]);
    expect(t.queue.depth).to.equal(0);
    await t.clock.advance(1);
    expect(t.started).to.deep.equal([{ key: 'a/1', urgent: true, receivedAt: 1, queuedMs: 0 }]);
  });

  it('keeps one timer a key, the earlier one, whichever came first', async () => {
    const t = new QueueUnderTest().run();
    t.queue.addAfter('a/1', 100);
    t.queue.addAfter('a/1', 50, { receivedAt: 3 });
    t.queue.addAfter('a/1', 80, { receivedAt: 2, urgent: true });
    expect(t.clock.timers).to.equal(1);
    await t.clock.advance(50);
    expect(t.started).to.deep.equal([{ key: 'a/1', urgent: true, receivedAt: 2, queuedMs: 0 }]);
    await t.end('a/1');
    await t.clock.advance(1000);
    expect(t.started).to.have.length(1);
  });

  it('is not cancelled by an add, but by forget', async () => {
    const t = new QueueUnderTest().run();
    t.queue.addAfter('a/1', 100);
    t.queue.add('a/1');
    await settled();
    await t.end('a/1');
    await t.clock.advance(100);
    expect(t.keys).to.deep.equal(['a/1', 'a/1']);
    await t.end('a/1');
    t.queue.addAfter('a/1', 100);
    t.queue.forget('a/1');
    await t.clock.advance(100);
    expect(t.started).to.have.length(2);
    expect(t.clock.timers).to.equal(0);
  });

  for (const delay of [0, -5, NaN]) {
    it(`queues a key at once for a delay of ${String(delay)}`, async () => {
      const t = new QueueUnderTest().run();
      t.queue.addAfter('a/1', delay);
      await settled();
      expect(t.keys).to.deep.equal(['a/1']);
      expect(t.clock.timers).to.equal(0);
    });
  }
});
