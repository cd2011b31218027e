import { expect } from 'chai';
import { lostWrites, strangeRows } from '../../e2e/check/lost-writes.ts';
import { reigns, splitBrain } from '../../e2e/check/reigns.ts';
import { longestSilence } from '../../e2e/check/silence.ts';
import type { Write, WrittenBy } from '../../e2e/check/write.ts';

/** A write from `startedAt` to `endedAt`, taken by `server` such as `10.0.0.1@2` (address and timeline), or by nobody. */
function write(
  sequence: number,
  [startedAt, endedAt]: readonly [number, number],
  server?: string,
  rest: Partial<WrittenBy> & { client?: string; error?: string } = {},
): Write {
  const { client = 'a', error = 'ECONNREFUSED', ...words } = rest;
  const common = { client, sequence, startedAt, endedAt };
  if (server === undefined) return { ...common, error };
  const [address = '', timeline] = server.split('@');
  const by = { address, timeline: Number(timeline), system: 's', inRecovery: false, ...words };
  return { ...common, by };
}

function row(sequence: number, client = 'a'): { client: string; sequence: number } {
  return { client, sequence };
}

describe('what a writer has seen, beside what the database has', () => {
  const writes = [write(1, [0, 1], 'A@1'), write(2, [2, 3]), write(3, [4, 5], 'A@1')];

  it('nothing is lost where all acknowledged rows are there; others may be or not', () => {
    expect(lostWrites(writes, [row(1), row(3)])).to.deep.equal([]);
    expect(lostWrites(writes, [row(3), row(2), row(1)])).to.deep.equal([]);
  });

  it('an acknowledged row that is not there is lost', () => {
    expect(lostWrites(writes, [row(1), row(2)]).map(({ sequence }) => sequence)).to.deep.equal([3]);
  });

  it('an acknowledged row that is there twice is not the one that was written', () => {
    expect(lostWrites(writes, [row(1), row(3), row(3)]).map(({ sequence }) => sequence)).to.deep.equal([3]);
  });

  it('rows of another client do not count', () => {
    expect(lostWrites(writes, [row(1), row(3, 'b')])).to.have.length(1);
  });

  it('a row that nobody has asked for is strange', () => {
    expect(strangeRows(writes, [row(1), row(2)])).to.deep.equal([]);
    expect(strangeRows(writes, [row(1), row(1, 'b'), row(9)])).to.deep.equal([row(1, 'b'), row(9)]);
  });
});

describe('two primaries at once, by the acknowledged writes alone', () => {
  const cases: readonly { what: string; writes: readonly Write[]; says: readonly RegExp[] }[] = [
    { what: 'nothing written', writes: [], says: [] },
    {
      what: 'one after the other',
      writes: [
        write(1, [0, 1], 'A@1'),
        write(2, [2, 3], 'A@1'),
        write(3, [4, 5], 'B@2'),
        write(4, [6, 7], 'A@3'),
      ],
      says: [],
    },
    {
      what: 'writes that were not acknowledged in between',
      writes: [write(1, [0, 1], 'A@1'), write(2, [2, 9]), write(3, [4, 5], 'B@2')],
      says: [],
    },
    {
      what: 'two clients whose last and first write overlap in time: one order is possible',
      writes: [
        write(1, [0, 5], 'A@1'),
        write(2, [6, 20], 'A@1'),
        write(1, [7, 8], 'B@2', { client: 'b' }),
        write(2, [9, 10], 'B@2', { client: 'b' }),
      ],
      says: [],
    },
    {
      what: 'a write on the old primary that was started after one on the new was acknowledged',
      writes: [
        write(1, [0, 1], 'A@1'),
        write(1, [7, 8], 'B@2', { client: 'b' }),
        write(2, [8.1, 20], 'A@1'),
        write(2, [9, 10], 'B@2', { client: 'b' }),
      ],
      says: [/^A on timeline 1 and B on timeline 2 wrote in turns$/],
    },
    {
      what: 'the old primary after the new one',
      writes: [write(1, [0, 1], 'B@2'), write(2, [2, 3], 'A@1')],
      says: [/^A on timeline 1 wrote after B on timeline 2/],
    },
    {
      what: 'two servers on one timeline',
      writes: [write(1, [0, 1], 'A@2'), write(2, [2, 3], 'B@2')],
      says: [/^A on timeline 2 and B on timeline 2 wrote on one timeline$/],
    },
    {
      what: 'another database',
      writes: [write(1, [0, 1], 'A@1'), write(2, [2, 3], 'B@2', { system: 't' })],
      says: [/are not one database$/],
    },
    {
      what: 'a server in recovery',
      writes: [write(1, [0, 1], 'A@1'), write(2, [2, 3], 'A@1', { inRecovery: true })],
      says: [/^A on timeline 1 took writes in recovery$/],
    },
    {
      what: 'three of which the first and the last meet',
      writes: [
        write(1, [0, 1], 'A@1'),
        write(2, [2, 3], 'B@2'),
        write(3, [4, 5], 'C@3'),
        write(4, [6, 7], 'A@1'),
      ],
      says: [
        /^A on timeline 1 and B on timeline 2 wrote in turns$/,
        /^A on timeline 1 and C on timeline 3 wrote in turns$/,
      ],
    },
  ];
  for (const { what, writes, says } of cases) {
    it(`${what}: ${says.length === 0 ? 'nothing to say' : 'said'}`, () => {
      const told = splitBrain(writes);
      expect(told).to.have.length(says.length);
      for (const [index, pattern] of says.entries()) expect(told[index]).to.match(pattern);
    });
  }

  it('the reigns are told in order, each with its writes', () => {
    const told = reigns([
      write(3, [4, 5], 'B@2'),
      write(1, [0, 1], 'A@1'),
      write(2, [2, 3], 'A@1'),
      write(9, [5, 6]),
    ]);
    expect(told.map(({ address, timeline, writes }) => [address, timeline, writes])).to.deep.equal([
      ['A', 1, 2],
      ['B', 2, 1],
    ]);
    expect(told[0]).to.include({ firstAcknowledged: 1, lastStarted: 2 });
  });
});

describe('the longest time without an acknowledged write', () => {
  const writes = [
    write(1, [0, 10], 'A@1'),
    write(8, [11, 12]),
    write(2, [20, 30], 'A@1'),
    write(3, [40, 50], undefined, { error: 'write timeout' }),
    write(4, [60, 61]),
    write(5, [62, 63]),
    write(6, [70, 100], 'B@2'),
    write(7, [110, 112], 'B@2'),
  ];

  it('is from one acknowledgement to the next, with the errors in between', () => {
    expect(longestSilence(writes)).to.deep.equal({
      from: 30,
      until: 100,
      milliseconds: 70,
      errors: { 'write timeout': 1, ECONNREFUSED: 2 },
    });
  });

  it('is one that ended since a moment, though it may have begun before', () => {
    expect(longestSilence(writes, 45)).to.include({ from: 30, until: 100 });
    expect(longestSilence(writes, 100)).to.include({ from: 100, until: 112, milliseconds: 12 });
  });

  it('has no end where nothing was acknowledged since', () => {
    expect(longestSilence(writes, 112)).to.equal(undefined);
    expect(longestSilence([])).to.equal(undefined);
    expect(longestSilence([write(1, [0, 10], 'A@1')])).to.equal(undefined);
  });
});
