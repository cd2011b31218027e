import { expect } from 'chai';
import {
  ReflectorUnderTest,
  bookmark,
  errorLine,
  line,
  page,
  projectThing,
  raw,
  stream,
} from '../support/reflector.ts';
import { answerStatus } from '../support/scripted-server.ts';
import type { Handler } from '../support/scripted-server.ts';
import { until } from '../support/wait.ts';

const expired: Handler = (_request, response) => {
  answerStatus(response, 410, 'Expired');
};

describe('Reflector', () => {
  let test: ReflectorUnderTest;

  beforeEach(async () => {
    test = await ReflectorUnderTest.create({ labelSelector: 'app in (a,b)' });
  });
  afterEach(async () => {
    await test.close();
  });

  it('lists page by page, then watches from there on', async () => {
    test.lists.push(page('10', [raw('a', '1'), raw('b', '2')], 'next'), page('12', [raw('c', '3')], ''));
    expect([test.reflector.synced, test.reflector.alive(performance.now())]).to.deep.equal([false, false]);
    await test.start().untilWatched(1);
    expect(test.content).to.deep.equal(['a=1', 'b=2', 'c=3']);
    expect([test.reflector.synced, test.reflector.alive(performance.now())]).to.deep.equal([true, true]);
    expect(test.server.requests.map(({ path }) => path)).to.deep.equal(
      Array(3).fill('/api/v1/namespaces/shop/things'),
    );
    expect(test.server.requests.map(({ query }) => Object.fromEntries(query))).to.deep.equal([
      { labelSelector: 'app in (a,b)', limit: '250' },
      { labelSelector: 'app in (a,b)', limit: '250', continue: 'next' },
      {
        labelSelector: 'app in (a,b)',
        watch: 'true',
        resourceVersion: '10',
        allowWatchBookmarks: 'true',
        timeoutSeconds: '10',
      },
    ]);
  });

  it('takes null for an empty list', async () => {
    test.lists.push(page('10', null));
    await test.start().untilWatched(1);
    expect(test.watchedFrom).to.deep.equal(['10']);
  });

  it('follows events, wherever their lines are cut', async () => {
    test.lists.push(page('10', [raw('a', '1'), raw('b', '2')]));
    const lines =
      line('ADDED', raw('c', '11', 'Zoë 🦭')) +
      line('MODIFIED', raw('a', '12')) +
      line('DELETED', raw('b', '13')) +
      bookmark('14');
    const bytes = Buffer.from(lines);
    test.watches.push(stream('open', ...Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))));
    await test.start().untilContent('a=12', 'c=Zoë 🦭');
    expect(test.told()).to.deep.equal(['a +1', 'b +2', 'c +Zoë 🦭', 'a 1>12', 'b -2']);
    await until('four events', () => test.events === 4);
  });

  describe('takes up the watch again from the last resourceVersion', () => {
    const cases: [what: string, watch: Handler, from: string][] = [
      ['of an event, after a clean end', stream('end', line('ADDED', raw('b', '11'))), '11'],
      ['of a deletion, after a clean end', stream('end', line('DELETED', raw('a', '12'))), '12'],
      [
        'of a bookmark, after a clean end',
        stream('end', line('ADDED', raw('b', '11')), bookmark('99')),
        '99',
      ],
      ['of an event, after a dropped connection', stream('drop', line('ADDED', raw('b', '11'))), '11'],
      [
        'of the list, after a connection that was dropped at once',
        (_request, response) => response.destroy(),
        '10',
      ],
      [
        'of the last whole line, after an end in the middle of one',
        stream('end', line('ADDED', raw('b', '11')), line('ADDED', raw('c', '12')).slice(0, 40)),
        '11',
      ],
      [
        'of the last whole line, after one that is not JSON',
        stream('open', line('ADDED', raw('b', '11')), '<html>\n', line('ADDED', raw('c', '12'))),
        '11',
      ],
      ['of the last event, after one of an unknown type', stream('open', line('NEWS', raw('b', '11'))), '10'],
    ];
    for (const [what, watch, from] of cases) {
      it(what, async () => {
        test.lists.push(page('10', [raw('a', '1')]));
        test.watches.push(watch);
        await test.start().untilWatched(2);
        expect(test.watchedFrom).to.deep.equal(['10', from]);
        expect(test.listed).to.have.length(1);
      });
    }

    it('and tells which of them were failures', async () => {
      test.watches.push(
        stream('end', bookmark('2')),
        stream('drop', bookmark('3')),
        stream('open', bookmark('4'), 'no JSON\n'),
      );
      await test.start().untilWatched(4);
      expect(test.restarts).to.deep.equal(['dropped', 'error']);
    });
  });

  describe('lists again', () => {
    beforeEach(() => {
      test.lists.push(page('10', [raw('a', '1'), raw('b', '2')]), page('20', [raw('a', '15')]));
    });

    it('after an ERROR event 410, and tells what vanished', async () => {
      test.watches.push(stream('end', line('ADDED', raw('c', '11')), errorLine(410, 'Expired')));
      await test.start().untilContent('a=15');
      expect(test.told()).to.deep.equal(['a +1', 'b +2', 'c +11', 'a 1>15', 'b -2', 'c -11']);
      await test.untilWatched(2);
      expect(test.watchedFrom).to.deep.equal(['10', '20']);
      expect(test.restarts).to.deep.equal(['expired']);
      expect(
        test.logged.filter(({ level }) => level !== 'debug'),
        'everyday life',
      ).to.deep.equal([]);
      expect(test.synced).to.equal(1);
    });

    it('after a watch that is answered with 410', async () => {
      test.watches.push(expired);
      await test.start().untilContent('a=15');
      expect(test.told()).to.deep.equal(['a +1', 'b +2', 'a 1>15', 'b -2']);
      expect(test.restarts).to.deep.equal(['expired']);
    });

    it('but does not roll back what was written by ourselves meanwhile', async () => {
      test.watches.push(expired);
      const [, relist] = test.lists;
      test.lists[1] = (request, response): void => {
        test.store.upsert(projectThing(raw('a', '21', 'ours')));
        test.store.upsert(projectThing(raw('d', '22', 'ours')));
        relist?.(request, response);
      };
      await test.start().untilWatched(2);
      expect(test.content).to.deep.equal(['a=ours', 'd=ours']);
      expect(test.told()).to.deep.equal(['a +1', 'b +2', 'a 1>ours', 'd +ours', 'b -2']);
    });

    it('after a second failure at the same place, which the watch itself may be the reason of', async () => {
      test.watches.push(stream('open', errorLine(500, 'InternalError')), stream('open', 'no JSON\n'));
      await test.start().untilWatched(3);
      expect(test.watchedFrom).to.deep.equal(['10', '10', '20']);
    });

    it('not after a second failure with good news in between', async () => {
      const broken = stream('open', errorLine(500, 'InternalError'));
      test.watches.push(broken, stream('end', bookmark('11')), broken);
      await test.start().untilWatched(4);
      expect(test.watchedFrom).to.deep.equal(['10', '10', '11', '11']);
    });

    it('not because the API server is overloaded', async () => {
      const busy: Handler = (_request, response) => {
        answerStatus(response, 503, 'ServiceUnavailable');
      };
      test.watches.push(busy, busy, busy, busy);
      await test.start().untilWatched(5);
      expect(test.listed).to.have.length(1);
    });

    it('and trusts the list where the history went back (restored from a backup)', async () => {
      test.watches.push(stream('end', line('MODIFIED', raw('b', '50'))), expired);
      await test.start().untilContent('a=15');
      expect(test.told()).to.deep.equal(['a +1', 'b +2', 'b 2>50', 'a 1>15', 'b -50']);
    });
  });

  it('starts over when the list expires between two pages', async () => {
    test.lists.push(page('10', [raw('a', '1')], 'next'), expired, page('30', [raw('b', '2')]));
    await test.start().untilWatched(1);
    expect(test.content).to.deep.equal(['b=2']);
    expect(test.listed.map(({ query }) => query.get('continue'))).to.deep.equal([null, 'next', null]);
    expect(test.watchedFrom).to.deep.equal(['30']);
  });

  it('skips objects that it cannot understand, says so once, and goes on after them', async () => {
    test.lists.push(page('10', [{ metadata: { name: 'broken' } }, raw('a', '1')]));
    const broken = { metadata: { namespace: 'shop', name: 'broken', resourceVersion: '11' } };
    test.watches.push(
      stream(
        'end',
        line('ADDED', broken),
        line('ADDED', raw('b', '12')),
        line('ADDED', { ...broken, metadata: { ...broken.metadata, resourceVersion: '13' } }),
      ),
    );
    await test.start().untilWatched(2);
    expect(test.content).to.deep.equal(['a=1', 'b=12']);
    expect(test.watchedFrom).to.deep.equal(['10', '13']);
    expect(test.logs('warn')).to.have.length(1);
    expect(test.logs('warn')[0]?.fields).to.include({
      resource: 'things',
      namespace: 'shop',
      error: 'the Thing ?/broken has no metadata.namespace',
    });
    expect(test.restarts).to.deep.equal([]);
  });

  it('keeps the last known state of an object that it no longer understands, until it is deleted', async () => {
    const broken = { metadata: { namespace: 'shop', name: 'a', resourceVersion: '11' } };
    test.lists.push(page('10', [raw('a', '1')]), page('20', [broken]));
    test.watches.push(expired, stream('open', line('ADDED', raw('b', '21'))));
    await test.start().untilContent('a=1', 'b=21');
    await test.close();
    test = await ReflectorUnderTest.create();
    test.lists.push(page('10', [raw('a', '1')]));
    test.watches.push(stream('open', line('DELETED', broken)));
    test.start();
    await until('a deletion', () => test.events === 1);
    expect(test.told()).to.deep.equal(['a +1', 'a -1']);
  });

  it('ends when it is told to, in a list, in a watch and between them', async () => {
    test.lists.push((): void => undefined);
    test.start();
    await until('a list', () => test.listed.length === 1);
    await test.stop();
    expect(test.restarts).to.deep.equal([]);
    await test.close();

    test = await ReflectorUnderTest.create();
    await test.start().untilWatched(1);
    await test.stop();
    expect([test.restarts, test.logged]).to.deep.equal([[], []]);
    await test.close();

    test = await ReflectorUnderTest.create({ random: () => 1 });
    test.lists.push((_request, response) => {
      answerStatus(response, 429, 'TooManyRequests', { 'retry-after': '30' });
    });
    test.start();
    await until('a failure', () => test.restarts.length === 1);
    await test.stop();
  });
});
