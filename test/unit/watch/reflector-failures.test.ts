import { expect } from 'chai';
import { ReflectorUnderTest, bookmark, line, page, raw, stream } from '../support/reflector.ts';
import { answerStatus } from '../support/scripted-server.ts';
import type { Handler } from '../support/scripted-server.ts';
import { SlowMotion } from '../support/slow-motion.ts';
import { until } from '../support/wait.ts';

const LACKS_RIGHT = 'things is forbidden: User "jane" cannot list resource "things" in API group ""';
const forbidden: Handler = (_request, response) => {
  answerStatus(response, 403, 'Forbidden', {}, LACKS_RIGHT);
};
const HEALTHY_MS = 1_001;
const silent: Handler = () => undefined;

describe('Reflector, when something is wrong,', () => {
  let test: ReflectorUnderTest;
  let clock: SlowMotion;

  /** Time stands still but for `clock.advance`; back-off is as long as it can be. */
  async function inSlowMotion(): Promise<void> {
    clock = new SlowMotion();
    // Not a length that a pause may have.
    test = await ReflectorUnderTest.create({ clock, random: () => 1, tuning: { healthyMs: HEALTHY_MS } });
  }

  /** Waits for a pause of this length, and that it is over when it is over. */
  async function pause(ms: number, requests: () => number): Promise<void> {
    await clock.untilTimer(ms);
    const before = requests();
    await clock.advance(ms - 1);
    expect(requests()).to.equal(before);
    await clock.advance(1);
    await until('another request', () => requests() === before + 1);
  }

  afterEach(async () => {
    await test.close();
  });

  describe('notices silence after 13 s', () => {
    beforeEach(inSlowMotion);

    it('of a watch, and goes on at once on a new connection from where it was', async () => {
      test.lists.push(page('10', []));
      test.watches.push(
        stream('open', line('ADDED', raw('a', '11'))),
        stream('open', line('ADDED', raw('b', '12'))),
      );
      await test.start().untilContent('a=11');
      await clock.advance(12_999);
      expect(test.restarts).to.deep.equal([]);
      await clock.advance(1);
      await test.untilContent('a=11', 'b=12');
      expect(test.changes.map(({ receivedAt }) => receivedAt)).to.deep.equal([0, 13_000]);
      expect(test.watchedFrom).to.deep.equal(['10', '11']);
      expect(test.restarts).to.deep.equal(['silent']);
      const ports = test.server.requests.map(({ port }) => port);
      expect(ports.slice(0, -1)).not.to.include(ports.at(-1));
      expect(test.logs('warn')[0]?.fields).to.include({
        verb: 'watch',
        reason: 'silent',
        resource: 'things',
        error: `cannot watch things in namespace shop: no answer from the API server ${test.server.url} in 13000 ms`,
      });
    });

    it('of a watch that is not even answered, and of a list', async () => {
      test.lists.push(silent, page('10', []));
      test.watches.push(silent, stream('open', bookmark('11')));
      test.start();
      await until('a list', () => test.listed.length === 1);
      await clock.advance(13_000);
      await test.untilWatched(1);
      await clock.advance(13_000);
      await clock.untilTimer(400);
      expect(test.restarts).to.deep.equal(['silent', 'silent']);
      await clock.advance(400);
      await until('a bookmark', () => test.events === 1);
    });
  });

  it('is no longer alive 20 s after the last word of the API server', async () => {
    await inSlowMotion();
    test.lists.push(page('10', []));
    await test.start().untilWatched(1);
    await clock.untilTimer(HEALTHY_MS);
    expect(test.reflector.alive(20_000)).to.equal(true);
    expect(test.reflector.alive(20_001)).to.equal(false);
    expect(test.reflector.lastActivityAt).to.equal(0);
  });

  it('waits as long as Retry-After says, but not for ever', async () => {
    await inSlowMotion();
    const busy = (seconds: string): Handler => {
      return (_request, response) => {
        answerStatus(response, 429, 'TooManyRequests', { 'retry-after': seconds });
      };
    };
    test.lists.push(busy('7'), busy('3600'), page('10', []));
    test.start();
    await pause(7_000, () => test.listed.length);
    await pause(30_000, () => test.listed.length);
    await test.untilWatched(1);
  });

  it('keeps the last state while it is forbidden to look, asks again up to every 10 s, and recovers', async () => {
    await inSlowMotion();
    test.lists.push(page('10', [raw('a', '1')]));
    test.watches.push(stream('drop', bookmark('11')), ...Array<Handler>(2).fill(forbidden));
    test.lists.push(...Array<Handler>(6).fill(forbidden), page('20', [raw('a', '1'), raw('b', '15')]));
    test.start();
    for (const ms of [200, 400, 800, 1_600, 3_200, 6_400, 10_000]) {
      await pause(ms, () => test.server.requests.length);
      expect(test.content).to.deep.equal(['a=1']);
    }
    await clock.untilTimer(10_000);
    expect(test.reflector.lastError).to.match(
      /^cannot list things in namespace shop: grant the verb "list" on "things" in a Role or ClusterRole \(403 Forbidden/,
    );
    expect(test.reflector.synced).to.equal(true);

    await clock.advance(10_000);
    await test.untilContent('a=1', 'b=15');
    await clock.untilTimer(HEALTHY_MS);
    expect(test.reflector.lastError, 'the watch must prove itself').not.to.equal(undefined);
    await clock.advance(HEALTHY_MS);
    expect(test.reflector.lastError).to.equal(undefined);
  });

  it('begins with short pauses again after a watch that brought something', async () => {
    await inSlowMotion();
    test.lists.push(forbidden, forbidden, page('10', []));
    test.watches.push(stream('drop', bookmark('11')), forbidden);
    test.start();
    for (const ms of [200, 400, 200]) await pause(ms, () => test.server.requests.length);
  });

  it('tells each kind of failure once, and that all is well again once', async () => {
    test = await ReflectorUnderTest.create();
    const broken: Handler = (_request, response) => {
      answerStatus(response, 500, 'InternalError');
    };
    test.lists.push(...Array<Handler>(5).fill(forbidden), broken, forbidden, broken, page('10', []));
    test.watches.push(forbidden, forbidden, stream('open', bookmark('11')));
    test.lists.push(page('10', []));
    await test.start().untilWatched(3);
    await until('a bookmark', () => test.events === 1);
    const warned = test
      .logs('warn')
      .map(({ fields }) => [fields['verb'], fields['status'], fields['reason']]);
    expect(warned).to.deep.equal([
      ['list', 403, 'Forbidden'],
      ['list', 500, 'InternalError'],
      ['watch', 403, 'Forbidden'],
    ]);
    expect(new Set(test.logged.map(({ message }) => message))).to.deep.equal(
      new Set(['list or watch failed, the last known state is kept', 'list and watch work again']),
    );
    expect(test.logs('warn')[0]?.fields).to.include({
      resource: 'things',
      namespace: 'shop',
      server: test.server.url,
      error:
        'cannot list things in namespace shop: grant the verb "list" on "things" in a Role or ClusterRole (403 Forbidden: ' +
        `${LACKS_RIGHT})`,
    });
    expect(test.logs('info')).to.have.length(1);
    expect(test.logs('debug'), 'the others').to.have.length(7);
  });

  it('finds an API server that was away within a second', async () => {
    await inSlowMotion();
    test.lists.push(page('10', []));
    await test.start().untilWatched(1);
    const { port } = test.server;
    await test.server.close();
    for (const ms of [200, 400, 800, 1_000, 1_000]) {
      await clock.untilTimer(ms);
      await clock.advance(ms);
    }
    await clock.untilTimer(1_000);
    await test.server.listen(port);
    test.watches.push(stream('open', line('ADDED', raw('a', '11'))));
    await clock.advance(1_000);
    await test.untilContent('a=11');
    expect(test.restarts).to.deep.equal(['dropped', ...Array<string>(6).fill('refused')]);
    expect(test.listed).to.have.length(1);
  });

  it('does not hammer a server that ends every watch at once', async () => {
    await inSlowMotion();
    test.watches.push(...Array<Handler>(50).fill(stream('end')));
    test.start();
    for (const ms of [400, 800, 1_000, 1_000]) await pause(ms, () => test.watched.length);
    expect(test.restarts, 'a clean end is no failure').to.deep.equal([]);
  });

  it('survives answers that make no sense', async () => {
    test = await ReflectorUnderTest.create();
    const answers = [
      'null',
      '[]',
      '{}',
      '{"items":[]}',
      '{"metadata":{"resourceVersion":"1"}}',
      '<html>',
      '',
    ];
    test.lists.push(
      ...answers.map(
        (text): Handler =>
          (_request, response) =>
            response.end(text),
      ),
      page('10', []),
    );
    test.watches.push(stream('open', 'null\n'), stream('open', '{"type":"ADDED"}\n'));
    await test.start().untilWatched(3);
    expect(test.restarts).to.deep.equal(Array(answers.length + 2).fill('error'));
  });
});
