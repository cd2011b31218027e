import { expect } from 'chai';
import { NAMESPACE, pod } from '../support/builders.ts';
import { late, leader, LEADER, led, losing, LOST, publishedElsewhere, WEB } from '../support/replica.ts';

describe('The first in rank', () => {
  it('writes at once, without a look', async () => {
    const test = await losing(true);
    await test.reconcile();
    expect([test.looks, test.applied, leader(test)]).to.deep.equal([[], [['putSlice']], 'b']);
  });

  it('looks before it takes back what another replica has published: its own watch may be silent', async () => {
    const test = await led(true);
    const fresh = pod('d').build();
    publishedElsewhere(test, fresh, 2);
    test.looking = () => {
      test.world.pods(fresh);
      return Promise.resolve();
    };
    await test.reconcile();
    expect(test.looks[0]).to.include('pods/d');
    expect([test.applied, leader(test)]).to.deep.equal([[], 'd']);
  });

  it('looks before it fills what another replica has emptied', async () => {
    const test = await led(true);
    publishedElsewhere(test, undefined, 1);
    test.looking = () => {
      test.world.pods(LOST, pod('b').notReady().build(), pod('c').notReady().build());
      return Promise.resolve();
    };
    await test.reconcile();
    expect(test.looks[0]).to.include('pods/a');
    expect(leader(test)).to.equal(undefined);
  });

  it('looks before it writes back an address that another replica has changed', async () => {
    const test = await led(true);
    const moved = pod('a').ip('10.0.0.9').build();
    publishedElsewhere(test, moved, 1);
    test.looking = () => {
      test.world.pods(moved);
      return Promise.resolve();
    };
    await test.reconcile();
    expect(test.looks[0]).to.include('pods/a');
    expect(test.applied).to.deep.equal([]);
  });

  it('writes without a look once it has agreed with the other one', async () => {
    const test = await led(true);
    publishedElsewhere(test, pod('b').build(), 2);
    await test.reconcile();
    test.world.pods(pod('b').notReady().build());
    await test.reconcile();
    expect([test.looks, test.applied, leader(test)]).to.deep.equal([[], [['putSlice']], 'a']);
  });

  it('looks after a conflict', async () => {
    const test = await losing(true);
    test.endings.push({ kind: 'conflict', written: 0 });
    test.meanwhile = () => {
      publishedElsewhere(test, LOST, 1);
    };
    await test.reconcile();
    expect(test.applied).to.deep.equal([['putSlice'], ['putSlice']]);
    expect(test.looks).to.have.length(1);
  });

  it('looks again after a conflict, at what it has looked at already', async () => {
    const test = await losing(true);
    publishedElsewhere(test, LOST, 1);
    test.endings.push({ kind: 'conflict', written: 0 });
    await test.reconcile();
    expect(test.applied).to.deep.equal([['putSlice'], ['putSlice']]);
    expect(test.looks).to.have.length(2);
    expect(test.looks[1]).to.deep.equal(test.looks[0]);
  });

  it('takes a key that was nobody’s for a new one', async () => {
    const test = await led(true);
    test.world.remove('services', LEADER).services({ ...WEB, annotations: {} });
    await test.reconcile();
    test.world.services(WEB, LEADER);
    publishedElsewhere(test, LOST, 7);
    test.world.pods(LOST);
    await test.quiet().reconcile();
    expect([test.looks, test.applied.length]).to.deep.equal([[], 1]);
  });
});

describe('What users are told', () => {
  it('comes from the first: states, statuses, annotations', async () => {
    const test = await losing(true);
    test.world.remove('pods', pod('b').build()).remove('pods', pod('c').build());
    await test.reconcile();
    expect(test.states).to.deep.equal(['NoReadyPods']);
    expect(test.reports.at(-1)).to.have.property('annotations');
  });

  it('comes from another one only where it has moved the leader itself, and is that', async () => {
    const test = await late(await losing());
    expect(test.reports.flatMap(({ happened }) => happened.map(({ reason }) => reason))).to.deep.equal([
      'LeaderChanged',
    ]);
    for (const report of test.reports)
      expect(report).to.have.all.keys('happened', 'statuses').and.have.deep.property('statuses', []);
    await test.quiet().reconcile();
    expect(test.reports.flatMap(({ happened }) => happened)).to.deep.equal([]);
  });

  it('is no state and no annotation from another one', async () => {
    const test = await losing();
    test.world.remove('pods', pod('b').build()).remove('pods', pod('c').build());
    await late(test);
    expect(leader(test)).to.equal(undefined);
    expect(test.reports).to.deep.equal([{ happened: [], statuses: [] }]);
  });

  it('comes from each where nobody can be the first', async () => {
    const test = await losing();
    test.tells = true;
    await late(test);
    expect(test.reports.at(-1)).to.include.keys('states', 'annotations');
  });

  it('does not change with the picture that metrics draw, which each replica has', async () => {
    const test = await losing();
    await test.reconcile();
    publishedElsewhere(test, pod('b').build(), 2);
    await test.reconcile();
    expect(
      [...test.reconciler.outlooks()].map(({ namespace, pod: name }) => [namespace, name]),
    ).to.deep.equal([[NAMESPACE, 'b']]);
  });
});
