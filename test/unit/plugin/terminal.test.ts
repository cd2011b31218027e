import { expect } from 'chai';
import { parse } from 'yaml';
import { ageOf, duration, facts, processTerminal, serialized, table } from '../../../src/plugin/terminal.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('a table', () => {
  const rows = [
    ['a', { text: 'yes', colour: 'green' }, 'x'],
    ['long-name', { text: 'no', colour: 'red' }, ''],
  ] as const;

  it('pads each column to its widest cell, the last one not at all; an empty cell is <none>', () => {
    expect(table(['NAME', 'OK', 'WHY'], rows, false)).to.equal(
      'NAME        OK    WHY\na           yes   x\nlong-name   no    <none>\n',
    );
  });

  it('in colour is as wide as without', () => {
    const coloured = table(['NAME', 'OK', 'WHY'], rows, true);
    expect(coloured).to.contain('\u001B[32myes\u001B[39m   x');
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).to.equal(table(['NAME', 'OK', 'WHY'], rows, false));
  });

  it('of no rows is its head', () => {
    expect(table(['A', 'B'], [], false)).to.equal('A   B\n');
  });
});

describe('facts', () => {
  it('have their values in one column', () => {
    expect(
      facts(
        [
          ['A', '1'],
          ['Long', { text: '2', colour: 'red' }],
        ],
        false,
      ),
    ).to.equal('A:     1\nLong:  2\n');
  });
});

describe('a duration', () => {
  for (const [ms, text] of [
    [-5, '0s'],
    [999, '0s'],
    [59_000, '59s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [11 * 60_000 + 5_000, '11m'],
    [3_600_000 + 60_000, '1h1m'],
    [26 * 3_600_000, '1d2h'],
    [30 * 86_400_000 + 3_600_000, '30d'],
  ] as const) {
    it(`of ${ms} ms is ${text}`, () => {
      expect(duration(ms)).to.equal(text);
    });
  }

  it('since a time; nothing since what is no time', () => {
    expect(ageOf('2026-03-01T11:59:00.123456Z', NOW)).to.equal('59s');
    expect(ageOf('yesterday', NOW)).to.equal('');
    expect(ageOf(undefined, NOW)).to.equal('');
  });
});

describe('what programs read', () => {
  const value = { items: [{ name: 'a', long: 'word '.repeat(40), absent: undefined, nothing: null }] };

  it('is JSON, or YAML that says the same', () => {
    const json = serialized(value, 'json');
    expect(json)
      .to.match(/^\{\n {2}"items"/)
      .and.to.match(/\}\n$/);
    expect(parse(serialized(value, 'yaml'))).to.deep.equal(JSON.parse(json));
  });
});

describe('colours', () => {
  const wanted = (isTTY: boolean, env: NodeJS.ProcessEnv): boolean => {
    const stream = { write: () => true, isTTY };
    return processTerminal(stream, stream, env).colours;
  };

  it('are for terminals only, and not where NO_COLOR is set or the terminal knows none', () => {
    expect(wanted(true, {})).to.equal(true);
    expect(wanted(true, { NO_COLOR: '' })).to.equal(true);
    expect(wanted(true, { NO_COLOR: '1' })).to.equal(false);
    expect(wanted(true, { TERM: 'dumb' })).to.equal(false);
    expect(wanted(false, {})).to.equal(false);
  });
});
