import { expect } from 'chai';
import { ReflectorUnderTest, page, raw } from '../support/reflector.ts';
import { answerStatus } from '../support/scripted-server.ts';
import type { Handler } from '../support/scripted-server.ts';
import { SlowMotion } from '../support/slow-motion.ts';
import { until } from '../support/wait.ts';

const answering =
  (status: number): Handler =>
  (_request, response) => {
    answerStatus(response, status, 'No');
  };
const absent = answering(404);
const forbidden = answering(403);

describe('Reflector of an optional resource, when it is doubted,', () => {
  let test: ReflectorUnderTest;
  let clock: SlowMotion;
  let known: number;

  // Time stands still but for `clock.advance`.
  beforeEach(async () => {
    clock = new SlowMotion();
    known = 0;
    test = await ReflectorUnderTest.create({ clock, optional: true, onKnown: () => (known += 1) });
  });
  afterEach(async () => {
    await test.close();
  });

  /** Waits for a pause of this length, and until the request that ends it is there. */
  async function pause(ms: number): Promise<void> {
    await clock.untilTimer(ms);
    const before = test.server.requests.length;
    await clock.advance(ms - 1);
    expect(test.server.requests.length).to.equal(before);
    await clock.advance(1);
    await until('another request', () => test.server.requests.length > before);
  }

  it('is listed at once while it is watched, and not known until then', async () => {
    test.lists.push(page('10', [raw('a', '1')]), page('20', [raw('a', '1'), raw('b', '15')]));
    await test.start().untilWatched(1);
    test.reflector.doubt();
    expect([known, test.reflector.known]).to.deep.equal([1, false]);
    await test.untilWatched(2);
    expect([test.content, test.watchedFrom]).to.deep.equal([
      ['a=1', 'b=15'],
      ['10', '20'],
    ]);
    expect([known, test.reflector.known, test.restarts]).to.deep.equal([2, true, []]);
  });

  it('is looked for at once where there was none, and a second time soon', async () => {
    test.lists.push(...Array<Handler>(4).fill(absent));
    test.start();
    await pause(10_000);
    await clock.untilTimer(10_000);
    expect(test.reflector.known).to.equal(true);
    test.reflector.doubt();
    await clock.untilTimer(5_000);
    expect([test.listed.length, known, test.reflector.known]).to.deep.equal([3, 1, false]);
    await pause(5_000);
    await clock.untilTimer(10_000);
    expect([known, test.reflector.known, test.synced]).to.deep.equal([2, true, 1]);
    expect(test.logs('info'), 'that it is not there').to.have.lengthOf(1);
  });

  it('is listed once, also where it is doubted again meanwhile', async () => {
    test.lists.push(page('10', []), (request, response) => {
      test.reflector.doubt();
      page('20', [])(request, response);
    });
    await test.start().untilWatched(1);
    test.reflector.doubt();
    await test.untilWatched(2);
    expect([test.listed.length, test.watchedFrom]).to.deep.equal([2, ['10', '20']]);
  });

  it('is asked for no sooner where it may not be listed', async () => {
    test.lists.push(forbidden);
    test.start();
    await clock.untilTimer(10_000);
    test.reflector.doubt();
    await pause(10_000);
    expect(test.listed.length).to.equal(2);
  });
});
