import { expect } from 'chai';
import { ReflectorUnderTest, bookmark, errorLine, line, page, raw, stream } from '../support/reflector.ts';
import { answerStatus } from '../support/scripted-server.ts';
import type { Handler } from '../support/scripted-server.ts';
import { SlowMotion } from '../support/slow-motion.ts';
import { until } from '../support/wait.ts';

const absent: Handler = (_request, response) => {
  answerStatus(response, 404, 'NotFound');
};
const LACKS_RIGHT = 'things is forbidden: User "jane" cannot list resource "things" in API group ""';
const forbidden: Handler = (_request, response) => {
  answerStatus(response, 403, 'Forbidden', {}, LACKS_RIGHT);
};
const broken: Handler = (_request, response) => {
  answerStatus(response, 500, 'InternalError');
};

const NOT_INSTALLED = 'the optional resource is not installed: annotation mode only, looked for every 10 s';
const NOT_GRANTED = 'the optional resource may not be listed: annotation mode only, asked again every 10 s';
const IN_USE = 'the optional resource is there and is used from now on';

describe('Reflector of an optional resource', () => {
  let test: ReflectorUnderTest;
  let clock: SlowMotion;
  let known: number;

  // Time stands still but for `clock.advance`; back-off is as long as it can be.
  beforeEach(async () => {
    clock = new SlowMotion();
    known = 0;
    test = await ReflectorUnderTest.create({
      clock,
      random: () => 1,
      optional: true,
      onKnown: () => (known += 1),
    });
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

  function said(): [string, string][] {
    return test.logged.filter(({ level }) => level !== 'debug').map(({ level, message }) => [level, message]);
  }

  const state = (): unknown => ({
    synced: test.reflector.synced,
    known: test.reflector.known,
    away: test.reflector.away,
  });

  it('is one as any other while it is there', async () => {
    test.lists.push(page('10', [raw('a', '1')]));
    expect(state()).to.deep.equal({ synced: false, known: false, away: true });
    await test.start().untilWatched(1);
    expect(state()).to.deep.equal({ synced: true, known: true, away: false });
    expect([known, test.synced, said()]).to.deep.equal([1, 1, []]);
  });

  it('does without one that is not installed, looks for it every 10 s, and uses it then', async () => {
    test.lists.push(...Array<Handler>(5).fill(absent), page('10', [raw('a', '1')]));
    test.start();
    await clock.untilTimer(10_000);
    expect(state()).to.deep.equal({ synced: true, known: false, away: true });
    for (let looks = 0; looks < 5; looks += 1) await pause(10_000);
    await test.untilContent('a=1');
    await test.untilWatched(1);
    expect(said()).to.deep.equal([
      ['info', NOT_INSTALLED],
      ['info', IN_USE],
    ]);
    expect(test.logs('info')[0]?.fields).to.include({ resource: 'things', namespace: 'shop' });
    expect([test.restarts, test.synced]).to.deep.equal([[], 1]);
    expect(state()).to.deep.equal({ synced: true, known: true, away: false });
  });

  it('believes that there is none when it has been told so twice', async () => {
    test.lists.push(absent, broken, absent, absent, broken, absent);
    test.start();
    await pause(10_000);
    await clock.untilTimer(200);
    expect([known, test.reflector.known]).to.deep.equal([0, false]);
    await pause(200);
    await clock.untilTimer(10_000);
    expect([known, test.reflector.known]).to.deep.equal([1, true]);
    await pause(10_000);
    await clock.untilTimer(10_000);
    expect(known, 'news but once').to.equal(1);
    await pause(10_000);
    // Answers that make sense end the back-off.
    await pause(200);
    await clock.untilTimer(10_000);
  });

  it('is alive while it is looked for, and no longer when that brings nothing', async () => {
    test.lists.push(absent);
    test.start();
    await clock.untilTimer(10_000);
    expect([test.reflector.alive(30_000), test.reflector.alive(30_001)]).to.deep.equal([true, false]);
    expect([test.reflector.lastActivityAt, test.reflector.lastError]).to.deep.equal([0, undefined]);
  });

  describe('that is taken away while it is watched', () => {
    const endings: [what: string, watch: Handler][] = [
      ['with an ERROR 404', stream('open', bookmark('11'), errorLine(404, 'NotFound'))],
      ['with an answer 404 to the next watch', absent],
    ];
    for (const [what, watch] of endings) {
      it(`${what}, is looked for a second time soon, and then is gone`, async () => {
        test.lists.push(page('10', [raw('a', '1')]), absent, absent);
        test.watches.push(watch);
        await test.start().untilContent('a=1');
        await pause(1_000);
        await clock.untilTimer(5_000);
        expect([test.content, state()]).to.deep.equal([['a=1'], { synced: true, known: true, away: false }]);
        test.told();
        await pause(5_000);
        await clock.untilTimer(10_000);
        expect(test.told()).to.deep.equal(['a -1']);
        expect(state()).to.deep.equal({ synced: true, known: true, away: true });
        expect([test.restarts, said()]).to.deep.equal([[], [['info', NOT_INSTALLED]]]);
      });
    }

    it('with an ERROR 410, is listed at once', async () => {
      test.lists.push(page('10', [raw('a', '1')]), absent);
      test.watches.push(stream('open', errorLine(410, 'Expired')));
      test.start();
      await clock.untilTimer(5_000);
      expect([test.content, test.listed.length]).to.deep.equal([['a=1'], 2]);
    });

    it('loses what our own writes brought after the last event, too', async () => {
      test.lists.push(page('10', [raw('a', '1')]), absent, absent);
      test.watches.push(absent);
      await test.start().untilContent('a=1');
      test.store.upsert({ ...test.store.get('shop/a')!, resourceVersion: '99', value: 'ours' });
      await pause(1_000);
      await pause(5_000);
      await test.untilContent();
    });

    it('but for one look only, keeps all it had', async () => {
      test.lists.push(page('10', [raw('a', '1')]), absent, page('20', [raw('a', '1'), raw('b', '15')]));
      test.watches.push(absent);
      await test.start().untilContent('a=1');
      await pause(1_000);
      await pause(5_000);
      await test.untilContent('a=1', 'b=15');
      expect(test.told()).to.deep.equal(['a +1', 'b +15']);
      expect([known, said()]).to.deep.equal([1, []]);
    });

    it('is not gone by two looks with a list in between', async () => {
      const there = page('20', [raw('a', '1')]);
      test.lists.push(there, absent, there, absent, there);
      test.watches.push(absent, absent);
      test.start();
      for (const ms of [1_000, 5_000, 1_000, 5_000]) await pause(ms);
      await test.untilWatched(3);
      expect([test.told(), known]).to.deep.equal([['a +1'], 1]);
    });

    it('comes back as it is after its return, whatever was there before', async () => {
      test.lists.push(page('10', [raw('a', '1')]), absent, absent, page('30', [raw('b', '29')]));
      test.watches.push(absent, stream('open', line('ADDED', raw('a', '31'))));
      await test.start().untilContent('a=1');
      for (const ms of [1_000, 5_000, 10_000]) await pause(ms);
      await test.untilContent('a=31', 'b=29');
      expect(said().at(-1)).to.deep.equal(['info', IN_USE]);
    });
  });

  describe('that may not be listed', () => {
    it('is done without, and asked for every 10 s, with one warning', async () => {
      test.lists.push(...Array<Handler>(3).fill(forbidden), page('10', [raw('a', '1')]));
      test.start();
      await clock.untilTimer(10_000);
      expect(state()).to.deep.equal({ synced: true, known: false, away: true });
      expect(test.reflector.alive(30_000)).to.equal(true);
      for (let looks = 0; looks < 3; looks += 1) await pause(10_000);
      await test.untilContent('a=1');
      expect(said()).to.deep.equal([
        ['warn', NOT_GRANTED],
        ['info', IN_USE],
      ]);
      const [warning] = test.logs('warn');
      expect(warning?.fields).to.include({ verb: 'list', resource: 'things', namespace: 'shop' });
      expect(warning?.fields['error']).to.match(/grant the verb "list" on "things" in a Role or ClusterRole/);
      expect([test.restarts, test.synced, known]).to.deep.equal([[], 1, 1]);
    });

    it('keeps what is known, as any other, where that is from a list', async () => {
      test.lists.push(page('10', [raw('a', '1')]), forbidden, forbidden);
      test.watches.push(stream('open', errorLine(410, 'Expired')));
      test.start();
      await pause(200);
      await clock.untilTimer(400);
      expect([test.content, state()]).to.deep.equal([['a=1'], { synced: true, known: true, away: false }]);
      expect(test.restarts).to.deep.equal(['expired', 'error', 'error']);
    });

    it('is not known any more where it was known to be absent: it may be there now', async () => {
      test.lists.push(absent, absent, forbidden);
      test.start();
      await pause(10_000);
      await clock.untilTimer(10_000);
      expect(test.reflector.known).to.equal(true);
      await pause(10_000);
      await clock.untilTimer(10_000);
      expect(test.reflector.known).to.equal(false);
    });
  });
});

describe('Reflector of a resource that must be there', () => {
  it('takes 404 for a failure as any other', async () => {
    const test = await ReflectorUnderTest.create();
    test.lists.push(absent, absent, page('10', []));
    await test.start().untilWatched(1);
    expect([test.restarts, test.synced]).to.deep.equal([['error', 'error'], 1]);
    expect([test.reflector.known, test.reflector.away]).to.deep.equal([true, false]);
    await test.close();
  });
});
