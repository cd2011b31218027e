import { expect } from 'chai';
import { historyTable } from '../../../src/plugin/commands/history.ts';
import { fromEvents, pastOf, type RawEvent } from '../../../src/plugin/past.ts';
import { Api } from '../../../src/plugin/api.ts';
import { leaderOf, memoryOf, pod, service, slice } from '../../support/builders.ts';
import { apiError, FakeClient } from '../../support/fake-client.ts';
import { pictureWith } from '../../support/plugin.ts';
import { policy } from '../../support/policy-builder.ts';

const WEB = service('web').build();
const LEADER = leaderOf(WEB).build();
const [A, B] = [pod('web-a').build(), pod('web-b').build()];
/** web-b leads since 11:30, the second one. */
const MEMORY = memoryOf(B, 2, { reason: 'NotReady', withdrawnAt: '2026-03-01T11:29:58.500000Z' });
const PICTURE = pictureWith({
  services: [WEB, LEADER],
  pods: [A, B],
  slices: [slice(LEADER).remembering(MEMORY).build()],
});

function event(eventTime: string, to: string, note: string, more: Partial<RawEvent> = {}): RawEvent {
  const reason = note.includes('instead') ? 'LeaderChanged' : 'LeaderElected';
  return {
    eventTime,
    reason,
    note,
    regarding: { uid: WEB.uid },
    related: { name: to, uid: `uid-${to}` },
    ...more,
  };
}

const ELECTED = event('2026-03-01T10:00:00.1Z', 'web-a', 'pod web-a leads');
const CHANGED = event(
  '2026-03-01T11:30:00.1Z',
  'web-b',
  'pod web-b leads instead of web-a: web-a is not Ready',
);

describe('the past of a leader Service', () => {
  it('of annotations: Events, the last of them with what the slice remembers', () => {
    const entries = fromEvents(PICTURE, [ELECTED, CHANGED]);
    expect(entries.map(({ epoch, from, to, reason }) => [epoch, from, to, reason])).to.deep.equal([
      [2, 'web-a', 'web-b', 'NotReady'],
      [undefined, undefined, 'web-a', 'Elected'],
    ]);
    expect(entries[0]).to.include({ time: '2026-03-01T11:30:00.000000Z', durationMilliseconds: 1500 });
  });

  it('that Events do not tell of (any longer) is what the slice remembers', () => {
    expect(fromEvents(PICTURE, [])).to.have.lengthOf(1);
    expect(fromEvents(PICTURE, [ELECTED]).map(({ to }) => to)).to.deep.equal(['web-b', 'web-a']);
  });

  it('is in the order of time, whatever of it is told', () => {
    const later = event('2026-03-01T11:45:00.1Z', 'web-a', 'pod web-a leads instead of web-b: web-b is gone');
    expect(fromEvents(PICTURE, [ELECTED, later]).map(({ to }) => to)).to.deep.equal([
      'web-a',
      'web-b',
      'web-a',
    ]);
  });

  it('has no Events of another Service of that name, of other things, or of a policy of the same source', () => {
    const others = [
      event('2026-03-01T09:00:00Z', 'web-x', 'pod web-x leads', { regarding: { uid: 'another' } }),
      { ...ELECTED, reason: 'LeaderServiceCreated' },
      event('2026-03-01T11:00:00.2Z', 'web-c', 'pod web-c leads'),
    ];
    const ofPolicy = event('2026-03-01T11:00:00.1Z', 'web-c', 'pod web-c leads', {
      regarding: { uid: 'uid-lp' },
    });
    expect(fromEvents(PICTURE, [...others, ELECTED], [ofPolicy]).map(({ to }) => to)).to.deep.equal([
      'web-b',
      'web-a',
    ]);
  });

  it('keeps a change that a policy of the same source had at the same time', () => {
    const note = 'pod web-c leads';
    const own = event('2026-03-01T11:00:00.0Z', 'web-c', note);
    const ofPolicys = event('2026-03-01T11:00:02.1Z', 'web-c', note);
    const ofPolicy = event('2026-03-01T11:00:02.0Z', 'web-c', note, { regarding: { uid: 'uid-lp' } });
    for (const events of [
      [own, ofPolicys],
      [ofPolicys, own],
    ]) {
      const times = fromEvents(PICTURE, events, [ofPolicy]).map(({ time }) => time);
      expect(times).to.deep.equal(['2026-03-01T11:30:00.000000Z', own.eventTime]);
    }
  });

  it('without the right to read Events is the last leader, and says why', async () => {
    const lacking = apiError(403, 'Forbidden', { message: 'cannot list: grant the verb "list" on "events"' });
    const { entries, source } = await pastOf(new Api(new FakeClient(lacking)), PICTURE, []);
    expect(entries.map(({ to }) => to)).to.deep.equal(['web-b']);
    expect(source).to.match(/^the EndpointSlice alone: you may not list events/);
  });

  it('of a policy is its history, and nothing else is read', async () => {
    const history = [
      {
        epoch: 1,
        to: 'web-a',
        reason: 'Elected',
        time: '2026-03-01T10:00:00.000000Z',
        durationMilliseconds: 0,
      },
    ];
    const picture = pictureWith({ services: [WEB], policies: [policy().status({ history }).build()] });
    const client = new FakeClient();
    expect((await pastOf(new Api(client), picture, [])).entries).to.deep.equal(history);
    expect(client.calls).to.deep.equal([]);
  });

  it('is a table', () => {
    const entries = fromEvents(PICTURE, [ELECTED, CHANGED]);
    expect(historyTable({ entries, source: '' }, false).split('\n')).to.deep.equal([
      'TIME                   EPOCH    FROM     TO      WHY        LEADERLESS',
      '2026-03-01T11:30:00Z   2        web-a    web-b   NotReady   1.5 s',
      '2026-03-01T10:00:00Z   <none>   <none>   web-a   Elected    <none>',
      '',
    ]);
    expect(historyTable({ entries: [], source: '' }, false)).to.equal('Nobody has led yet.\n');
  });
});
