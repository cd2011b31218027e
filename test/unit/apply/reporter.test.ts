import { expect } from 'chai';
import { apiError } from '../../support/fake-client.ts';
import { settled } from '../../support/fake-clock.ts';
import {
  annotated,
  CALM_MS,
  happened,
  KEY,
  report,
  ReporterUnderTest,
  state,
} from '../../support/reporter.ts';

describe('A report', () => {
  it('waits until leaders have stopped changing, and goes out with those of the same key that came meanwhile', async () => {
    const world = new ReporterUnderTest();
    world.reporter.submit(KEY, annotated('a', { happened: [happened('one')] }));
    await world.clock.advance(CALM_MS - 10);
    world.reporter.submit(KEY, annotated('b', { happened: [happened('two')] }));
    await world.clock.advance(CALM_MS - 10);
    expect(world.sent).to.deep.equal([]);
    await world.clock.advance(10);
    expect(world.sent).to.deep.equal(['one', 'two', 'annotations b']);
  });

  it('of a state does not wait behind one of a change', async () => {
    const world = new ReporterUnderTest();
    world.reporter.submit('a', report({ happened: [happened('one')] }));
    world.reporter.submit('b', report({ states: [state('taken')] }));
    await world.clock.advance(20);
    expect(world.sent).to.deep.equal(['taken']);
    await world.clock.advance(CALM_MS);
    expect(world.sent).to.deep.equal(['taken', 'one']);
  });

  it('tells of one happening once, in the words of the plan that made it', async () => {
    const again = { ...happened('one'), note: 'known no better' };
    const sent = await new ReporterUnderTest().report(
      report({ happened: [happened('one')] }),
      report({ happened: [again] }),
    );
    expect(sent).to.deep.equal(['one']);
  });

  it('with nothing to tell sets no timer', () => {
    const world = new ReporterUnderTest();
    world.reporter.submit(KEY, report());
    expect(world.clock.timers).to.equal(0);
  });

  it('patches the annotations of the Service with that UID, and no other field', async () => {
    const world = new ReporterUnderTest();
    world.client.answer({ the: 'Service' });
    await world.report(annotated('a'));
    expect(world.client.calls).to.deep.equal([
      {
        verb: 'patch',
        resource: 'services',
        path: '/api/v1/namespaces/shop/services/web-leader',
        contentType: 'application/merge-patch+json',
        body: { metadata: { uid: 'u', annotations: { 'zen-lead.io/leader-pod-name': 'a' } } },
      },
    ]);
    expect(world.answers).to.deep.equal([['services', { the: 'Service' }]]);
  });

  it('on a Service that is gone is no failure', async () => {
    const world = new ReporterUnderTest();
    world.client.answer(apiError(404, 'NotFound'));
    await world.report(annotated('a'));
    expect(world.failed).to.deep.equal([]);
  });

  it('on a Service that has been made again meanwhile is no failure: the plan for that owes it its own', async () => {
    const world = new ReporterUnderTest();
    const message =
      'cannot patch services shop/web-leader: 422 Invalid: metadata.uid: Invalid value: "u": field is immutable';
    world.client.answer(apiError(422, 'Invalid', { message }));
    await world.report(annotated('a'));
    expect(world.failed).to.deep.equal([]);
    world.client.answer(apiError(422, 'Invalid'));
    await world.report(annotated('b'));
    expect(world.failed).to.deep.equal([KEY]);
  });

  it('waits while slices are written, but not for ever', async () => {
    const world = new ReporterUnderTest();
    world.busy = true;
    expect(await world.report(report({ happened: [happened('one')] }))).to.deep.equal([]);
    await world.clock.advance(5_000 - CALM_MS - 1);
    expect(world.sent).to.deep.equal([]);
    await world.clock.advance(CALM_MS);
    expect(world.sent.splice(0)).to.deep.equal(['one']);
    // The next one has the same patience.
    expect(await world.report(report({ happened: [happened('two')] }))).to.deep.equal([]);
    world.busy = false;
    await world.clock.advance(CALM_MS);
    expect(world.sent).to.deep.equal(['two']);
  });

  it('waits again when slices begin to be written between two reports', async () => {
    const world = new ReporterUnderTest();
    const held = Promise.withResolvers<undefined>();
    world.troubles.push(held.promise);
    for (const name of ['a', 'b']) world.reporter.submit(name, report({ happened: [happened(name)] }));
    await world.clock.advance(CALM_MS);
    world.busy = true;
    held.resolve(undefined);
    await settled();
    expect(world.sent).to.deep.equal(['a']);
    world.busy = false;
    await world.clock.advance(CALM_MS);
    expect(world.sent).to.deep.equal(['a', 'b']);
  });

  it('sends all that waits once its patience is over, busy or not', async () => {
    const world = new ReporterUnderTest();
    world.busy = true;
    for (const name of ['a', 'b', 'c', 'd'])
      world.reporter.submit(name, report({ happened: [happened(name)] }));
    await world.clock.advance(5_020);
    await settled();
    expect(world.sent).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('goes out when the one before it is through', async () => {
    const world = new ReporterUnderTest();
    const held = Promise.withResolvers<undefined>();
    world.troubles.push(held.promise);
    for (const name of ['a', 'b', 'c', 'd'])
      world.reporter.submit(name, report({ happened: [happened(name)] }));
    await world.clock.advance(CALM_MS);
    expect(world.sent).to.deep.equal(['a']);
    held.resolve(undefined);
    await settled();
    expect(world.sent).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('writes annotations once, though a plan meanwhile still owed them, and plans again to be sure', async () => {
    const world = new ReporterUnderTest();
    const held = Promise.withResolvers<undefined>();
    world.troubles.push(held.promise);
    await world.report(annotated('a', { happened: [happened('one')] }));
    await world.report(annotated('a', { happened: [happened('two')] }));
    expect(world.stale).to.deep.equal([]);
    held.resolve(undefined);
    await settled();
    await world.clock.advance(4 * CALM_MS);
    expect(world.sent.splice(0)).to.deep.equal(['annotations a', 'two']);
    expect(world.stale).to.deep.equal([KEY]);
    expect(await world.report(annotated('a'))).to.deep.equal(['annotations a']);
  });

  it('writes the last annotations last, though they are those of the report that is under way', async () => {
    const world = new ReporterUnderTest();
    const held = Promise.withResolvers<undefined>();
    world.troubles.push(held.promise);
    await world.report(annotated('a', { happened: [happened('one')] }));
    await world.report(annotated('b'));
    await world.report(annotated('a'));
    held.resolve(undefined);
    await settled();
    await world.clock.advance(8 * CALM_MS);
    expect(world.sent.splice(0)).to.deep.equal(['annotations a', 'annotations a']);
  });

  it('of a key waits for the one before, so that the last word is the last', async () => {
    const world = new ReporterUnderTest();
    const held = Promise.withResolvers<undefined>();
    world.troubles.push(held.promise);
    expect(await world.report(annotated('a'))).to.deep.equal(['annotations a']);
    expect(await world.report(annotated('b'))).to.deep.equal([]);
    held.resolve(undefined);
    await settled();
    await world.clock.advance(4 * CALM_MS);
    expect(world.sent).to.deep.equal(['annotations b']);
  });
});

describe('A state', () => {
  it('is told once while it lasts, and again when it has ended and begins again', async () => {
    const world = new ReporterUnderTest();
    const [lasting, none] = [report({ states: [state('taken')] }), report()];
    expect(await world.report(lasting)).to.deep.equal(['taken']);
    expect(await world.report(lasting, lasting)).to.deep.equal([]);
    expect(await world.report(none)).to.deep.equal([]);
    expect(await world.report(lasting)).to.deep.equal(['taken']);
  });

  it('stays told whatever else is reported', async () => {
    const world = new ReporterUnderTest();
    await world.report(report({ states: [state('taken')] }));
    const more = annotated('a', { happened: [happened('one')], states: [state('taken'), state('invalid')] });
    expect(await world.report(more)).to.deep.equal(['one', 'invalid', 'annotations a']);
  });

  it('stays told when another one ends', async () => {
    const world = new ReporterUnderTest();
    await world.report(report({ states: [state('taken'), state('invalid')] }));
    await world.report(report({ states: [state('taken')] }));
    expect(await world.report(report({ states: [state('taken'), state('invalid')] }))).to.deep.equal([
      'invalid',
    ]);
  });

  it('lasts where a report does not know', async () => {
    const test = new ReporterUnderTest();
    await test.report(report({ states: [state('taken')] }));
    expect(await test.report({ happened: [happened('one')], statuses: [] })).to.deep.equal(['one']);
    expect(await test.report(report({ states: [state('taken')] }))).to.deep.equal([]);
  });

  it('is told of each key', async () => {
    const world = new ReporterUnderTest();
    await world.report(report({ states: [state('taken')] }));
    world.reporter.submit('shop/other', report({ states: [state('taken')] }));
    await world.clock.advance(CALM_MS);
    expect(world.sent).to.deep.equal(['taken']);
  });

  it('is told again after its key was forgotten', async () => {
    const world = new ReporterUnderTest();
    await world.report(report({ states: [state('taken')] }));
    world.reporter.forget(KEY);
    expect(await world.report(report({ states: [state('taken')] }))).to.deep.equal(['taken']);
  });
});

describe('flush', () => {
  it('sends at once what waits, and resolves when all is sent', async () => {
    const world = new ReporterUnderTest();
    world.busy = true;
    const held = Promise.withResolvers<undefined>();
    world.troubles.push(undefined, undefined, held.promise);
    for (const name of ['a', 'b', 'c']) world.reporter.submit(name, report({ happened: [happened(name)] }));
    let flushed = false;
    const done = world.reporter.flush().then(() => (flushed = true));
    await settled();
    expect([world.sent, flushed]).to.deep.equal([['a', 'b', 'c'], false]);
    held.resolve(undefined);
    await done;
    expect(world.clock.timers).to.equal(0);
  });

  it('resolves where nothing waits', async () => {
    await new ReporterUnderTest().reporter.flush();
  });
});
