import { expect } from 'chai';
import { UnreachableError } from '../../../src/errors.ts';
import { pod } from '../../support/builders.ts';
import { KEY, ReconcilerUnderTest } from '../../support/reconciler.ts';
import { late, leader, LEADER, led, losing, publishedElsewhere, WEB } from '../../support/replica.ts';

describe('A replica that is not the first in rank', () => {
  it('does nothing yet, and comes again half a second later, before routine work', async () => {
    const test = await losing();
    await test.reconcile({ receivedAt: 990, urgent: true });
    expect([test.applied, test.looks, test.reports, test.lines]).to.deep.equal([[], [], [], []]);
    expect(test.queue).to.deep.equal([['addAfter', KEY, 500, { urgent: true, receivedAt: 990 }]]);
    expect(test.measured('reconcile').map(([result]) => result)).to.deep.equal(['outranked']);
    test.monotonic += 200;
    await test.quiet().reconcile();
    expect(test.queue).to.deep.equal([['addAfter', KEY, 300, { urgent: true, receivedAt: undefined }]]);
    expect(leader(test)).to.equal('a');
  });

  it('does nothing later either where the first has seen to it', async () => {
    const test = await losing();
    await test.reconcile();
    publishedElsewhere(test, pod('b').build(), 2);
    test.monotonic += 500;
    await test.quiet().reconcile();
    expect([test.applied, test.looks, test.lines, test.measured('failover')]).to.deep.equal([[], [], [], []]);
    expect(test.queue).to.deep.equal([['forget', KEY]]);
  });

  it('writes half a second later, after a look at what the plan was made from', async () => {
    const test = await late(await losing());
    expect(test.looks).to.deep.equal([['pods/a', 'pods/b', 'services/web-leader', 'services/web']]);
    expect(test.applied).to.deep.equal([['putSlice']]);
    expect(leader(test)).to.equal('b');
    expect(test.measured('failover')).to.have.length(1);
    expect(test.measured('reconcile').map(([result]) => result)).to.deep.equal(['changed']);
  });

  it('writes nothing where the look shows that all is well: its own watch was behind', async () => {
    const test = await losing();
    test.looking = () => {
      test.world.pods(pod('a').build());
      return Promise.resolve();
    };
    await late(test);
    expect([test.looks.length, test.applied, leader(test)]).to.deep.equal([1, [], 'a']);
    expect(test.measured('reconcile').map(([result]) => result)).to.deep.equal(['unchanged']);
  });

  it('looks at another candidate, too, where the look takes the first one out', async () => {
    const test = await losing();
    test.looking = () => {
      if (test.looks.length === 1) test.world.pods(pod('b').notReady().build());
      return Promise.resolve();
    };
    await late(test);
    expect(test.looks.slice(1)).to.deep.equal([['pods/c']]);
    expect([test.applied, leader(test)]).to.deep.equal([[['putSlice']], 'c']);
  });

  it('goes on looking in the next turn where there are more of them than rounds', async () => {
    const test = new ReconcilerUnderTest();
    const names = Array.from({ length: 12 }, (_, index) => `p${String(index).padStart(2, '0')}`);
    test.world.services(WEB, LEADER).pods(...names.map((name) => pod(name).build()));
    await test.reconcile();
    await test.reconcile();
    test.isFirst = false;
    test.world.pods(pod('p00').notReady().build());
    test.looking = () => {
      const candidate = test.looks.at(-1)?.findLast((object) => object.startsWith('pods/'));
      const name = candidate?.slice('pods/'.length) ?? '';
      if (name !== 'p11') test.world.pods(pod(name).notReady().build());
      return Promise.resolve();
    };
    await late(test);
    expect(test.queue).to.deep.equal([['retry', KEY]]);
    await test.quiet().reconcile();
    await test.reconcile();
    expect([test.applied, leader(test)]).to.deep.equal([[['putSlice']], 'p11']);
  });

  it('empties the slice only after a look at every pod', async () => {
    const test = await losing();
    test.world.pods(pod('b').notReady().build(), pod('c').notReady().build());
    test.looking = () => {
      test.world.pods(pod('c').build());
      return Promise.resolve();
    };
    await late(test);
    expect(test.looks[0]).to.include.members(['pods/a', 'pods/b', 'pods/c']);
    expect(leader(test)).to.equal('c');
  });

  it('that cannot look does not write, and tries again', async () => {
    const test = await losing();
    test.looking = () => Promise.reject(new UnreachableError('dropped', 'lost the connection'));
    await late(test);
    expect([test.applied, test.queue]).to.deep.equal([[], [['retry', KEY, { minDelayMs: 0 }]]]);
    expect(test.measured('reconcile').map(([result]) => result)).to.deep.equal(['failed']);
    test.looking = () => Promise.resolve();
    await test.quiet().reconcile();
    expect([test.applied, leader(test)]).to.deep.equal([[['putSlice']], 'b']);
  });

  it('that comes second waits again: somebody is there who acts', async () => {
    const test = await losing();
    test.endings.push({ kind: 'conflict', written: 0 });
    await late(test);
    expect(test.applied).to.deep.equal([['putSlice']]);
    expect(test.queue).to.deep.equal([['addAfter', KEY, 500, { urgent: true, receivedAt: undefined }]]);
    test.monotonic += 500;
    await test.quiet().reconcile();
    expect(test.looks).to.have.length(1);
    expect([test.applied, leader(test)]).to.deep.equal([[['putSlice']], 'b']);
  });

  it('waits anew for what goes wrong after its own write', async () => {
    const test = await late(await losing());
    test.world.pods(pod('b').notReady().build());
    await test.quiet().reconcile();
    expect([test.applied, leader(test)]).to.deep.equal([[], 'b']);
  });

  it('makes a leader Service and its slice in one go, once it has waited', async () => {
    const test = new ReconcilerUnderTest();
    test.isFirst = false;
    test.world.services(WEB).pods(pod('a').build());
    await late(test);
    expect(test.applied).to.deep.equal([['createService'], ['createSlice']]);
    expect(test.looks).to.deep.equal([['services/web-leader', 'services/web'], ['pods/a']]);
  });

  it('does not delete a leader Service whose source it has only not heard of for a while', async () => {
    const test = await led(false);
    test.world.services({ ...WEB, annotations: {} });
    test.looking = () => {
      test.world.services(WEB);
      return Promise.resolve();
    };
    await late(test);
    expect([test.looks, test.applied]).to.deep.equal([
      [['pods/a', 'services/web-leader', 'services/web']],
      [],
    ]);
  });
});
