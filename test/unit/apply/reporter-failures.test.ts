import { expect } from 'chai';
import { UnreachableError } from '../../../src/errors.ts';
import { apiError } from '../../support/fake-client.ts';
import { annotated, happened, KEY, report, ReporterUnderTest, state } from '../../support/reporter.ts';

const LOST = new UnreachableError('dropped', 'lost the connection');

describe('A report that fails', () => {
  it('has its key planned again', async () => {
    const world = new ReporterUnderTest();
    world.troubles.push(LOST);
    await world.report(annotated('a', { happened: [happened('one')] }));
    expect(world.failed).to.deep.equal([KEY]);
    expect(world.client.calls).to.deep.equal([]);
  });

  it('at its annotations, too', async () => {
    const world = new ReporterUnderTest();
    world.troubles.push(undefined, LOST);
    await world.report(annotated('a', { happened: [happened('one')] }));
    expect(world.failed).to.deep.equal([KEY]);
  });

  it('is not tried by itself', async () => {
    const world = new ReporterUnderTest();
    world.troubles.push(LOST);
    await world.report(report({ happened: [happened('one')] }));
    await world.clock.advance(60_000);
    expect(world.sent).to.deep.equal([]);
  });

  it('tells the next time of what it had not told, and of nothing twice', async () => {
    const world = new ReporterUnderTest();
    const states = [state('taken'), state('invalid')];
    world.troubles.push(undefined, undefined, undefined, LOST);
    await world.report(report({ happened: [happened('one'), happened('two')], states }));
    expect(await world.report(report({ states }))).to.deep.equal(['invalid']);
    world.troubles.push(undefined, LOST);
    await world.report(report({ happened: [happened('three'), happened('four')], states }));
    expect(await world.report(report({ happened: [happened('five')], states }))).to.deep.equal([
      'four',
      'five',
    ]);
    expect(await world.report(report({ happened: [happened('six')], states }))).to.deep.equal(['six']);
  });

  it('leaves what it had not told beside what an earlier one had left', async () => {
    const world = new ReporterUnderTest();
    const gate = Promise.withResolvers<unknown>();
    world.troubles.push(gate.promise, LOST);
    await world.report(report({ happened: [happened('one')] }));
    world.reporter.submit(KEY, report({ happened: [happened('two')] }));
    gate.reject(LOST);
    await world.clock.advance(10_000);
    expect(world.failed).to.deep.equal([KEY, KEY]);
    world.sent.splice(0);
    expect(await world.report(report())).to.deep.equal(['one', 'two']);
  });

  it('does not gather more and more while the API server is away', async () => {
    const world = new ReporterUnderTest();
    for (let i = 0; i < 200; i += 1) {
      world.troubles.push(LOST);
      await world.report(report({ happened: [happened('one'), happened(`n${i}`)] }));
    }
    expect(await world.report(report())).to.have.length(50);
  });

  for (const status of [400, 403, 404, 422]) {
    it(`with ${status} for an Event goes on without it`, async () => {
      const world = new ReporterUnderTest();
      world.troubles.push(apiError(status, 'No'));
      const lasting = annotated('a', { states: [state('taken'), state('invalid')] });
      expect(await world.report(lasting)).to.deep.equal(['taken', 'invalid', 'annotations a']);
      expect(world.failed).to.deep.equal([]);
      expect(await world.report(report({ states: lasting.states ?? [] }))).to.deep.equal([]);
    });
  }

  for (const status of [401, 429, 500, 503]) {
    it(`with ${status} for an Event is tried again`, async () => {
      const world = new ReporterUnderTest();
      world.troubles.push(apiError(status, 'Later'));
      await world.report(report({ states: [state('taken')] }));
      expect(world.failed).to.deep.equal([KEY]);
    });
  }
});
