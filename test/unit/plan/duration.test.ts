import { expect } from 'chai';
import { parseDuration } from '../../../src/plan/duration.ts';

describe('a duration', () => {
  const accepted: Record<string, number> = {
    '0': 0,
    '0s': 0,
    '5s': 5000,
    '500ms': 500,
    '1m30s': 90_000,
    '2h': 7_200_000,
    '1.5s': 1500,
    '1h1m1s1ms': 3_661_001,
    '0.0004s': 0,
    '24h': 86_400_000,
  };
  for (const [text, ms] of Object.entries(accepted)) {
    it(`${text} is ${ms} ms`, () => {
      expect(parseDuration(text)).to.equal(ms);
    });
  }

  const refused = [
    '',
    '5',
    '-5s',
    '+5s',
    ' 5s',
    '5s ',
    '5 s',
    '5S',
    's',
    '.5s',
    '5.s',
    '5d',
    '1e3s',
    '24h1ms',
    `${'9'.repeat(400)}s`,
    '5s\n',
  ];
  for (const text of refused) {
    it(`"${text.trim().slice(0, 10)}" (${text.length} characters) is refused`, () => {
      expect(parseDuration(text)).to.equal(undefined);
    });
  }
});
