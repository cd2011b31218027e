import { expect } from 'chai';
import { isWhole, memberOf, type Elected, type Member } from '../../e2e/patroni/members.ts';
import { storyOf, tableOf, type Outcome } from '../../e2e/patroni/report.ts';

function member(name: string, rest: Partial<Member> = {}): Member {
  return {
    name,
    address: '10.0.0.1',
    isReady: true,
    role: 'replica',
    state: 'streaming',
    timeline: 2,
    ...rest,
  };
}

function elected(change: (members: Member[]) => void = () => {}, rest: Partial<Elected> = {}): Elected {
  const members = [
    member('patroni-0'),
    member('patroni-1', { role: 'master', state: 'running' }),
    member('patroni-2'),
  ];
  change(members);
  return { members, leader: 'patroni-1', synchronous: 'patroni-0', ...rest };
}

describe('members of Patroni', () => {
  it('are read from labels, conditions and the annotation that Patroni writes', () => {
    const pod = {
      metadata: {
        name: 'patroni-0',
        uid: 'u',
        labels: { role: 'master' },
        annotations: { status: '{"state":"running","timeline":3}' },
      },
      status: { podIP: '10.0.0.9', conditions: [{ type: 'Ready', status: 'True' }] },
    };
    const expected = { name: 'patroni-0', address: '10.0.0.9', isReady: true, role: 'master' };
    expect(memberOf(pod)).to.deep.equal({ ...expected, state: 'running', timeline: 3 });
    const deleted = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: 'now' } };
    expect(memberOf(deleted).isReady).to.equal(false);
    expect(memberOf({ metadata: { name: 'x', uid: 'u' } })).to.include({ isReady: false, role: undefined });
  });

  it('are whole', () => {
    expect(isWhole(elected())).to.equal(true);
  });

  const broken: readonly [string, Elected][] = [
    ['two of them', elected((all) => all.pop())],
    ['one NotReady', elected((all) => all.splice(2, 1, member('patroni-2', { isReady: false })))],
    ['a leader without the label', elected((all) => all.splice(1, 1, member('patroni-1')))],
    ['two labels', elected((all) => all.splice(0, 1, member('patroni-0', { role: 'master' })))],
    [
      'one on an older timeline',
      elected((all) => all.splice(2, 1, member('patroni-2', { timeline: 1, state: 'running' }))),
    ],
    ['one that is starting', elected((all) => all.splice(2, 1, member('patroni-2', { state: 'starting' })))],
    ['no leader', elected(undefined, { leader: undefined })],
    ['no synchronous standby', elected(undefined, { synchronous: undefined })],
    ['a leader that is its own standby', elected(undefined, { synchronous: 'patroni-1' })],
  ];
  for (const [what, state] of broken) {
    it(`are not whole: ${what}`, () => {
      expect(isWhole(state)).to.equal(false);
    });
  }
});

describe('the report of the acts', () => {
  const silence = {
    from: 1_000,
    until: 3_500,
    milliseconds: 2_500,
    errors: { 'write timeout': 1, ECONNREFUSED: 40, 'connect timeout': 2, XX000: 1 },
  };
  const outcome: Outcome = {
    act: 'frozen',
    at: 1_000,
    from: 'patroni-0',
    to: 'patroni-1',
    silences: { own: silence, other: undefined },
    silencesAfterwards: { own: { ...silence, milliseconds: 49, errors: {} }, other: undefined },
    changes: [
      { at: 1_100, of: 'patroni-primary', is: '10.0.0.9' },
      { at: 2_234, of: 'patroni-primary', is: 'nobody' },
      { at: 2_300, of: 'patroni-elected', is: '10.0.0.2' },
      { at: 3_000, of: 'patroni-primary', is: '10.0.0.1 10.0.0.2' },
      { at: 9_000, of: 'patroni-primary', is: 'nobody' },
    ],
  };
  const options = { service: 'patroni-primary', clients: ['own', 'other'] };

  it('has a row for each act, with the first move, silences, and what they mean to a client', () => {
    const [head, , row] = tableOf([outcome], options).split('\n');
    expect(head).to.match(/^\| act \| `patroni-primary` leads to nobody \| to the next \|/);
    expect(row).to.equal(
      '| frozen | 1.2 s | 2.0 s | 2.5 s | 40 refused, 3 timed out, 1 XX000 | no end | none | 0.0 s, no end |',
    );
  });

  it('says so where the Service never moved', () => {
    const row = tableOf([{ ...outcome, changes: [] }], options).split('\n')[2];
    expect(row).to.match(/^\| frozen \| never \| never \|/);
  });

  it('tells what happened when, with names for addresses', () => {
    const names: Record<string, string> = { '10.0.0.1': 'patroni-0' };
    expect(storyOf(outcome, (address) => names[address] ?? address)).to.equal(
      [
        'frozen',
        '    0.10 s  patroni-primary: 10.0.0.9',
        '    1.23 s  patroni-primary: nobody',
        '    1.30 s  patroni-elected: 10.0.0.2',
        '    2.00 s  patroni-primary: patroni-0 10.0.0.2',
        '    8.00 s  patroni-primary: nobody',
      ].join('\n'),
    );
  });
});
