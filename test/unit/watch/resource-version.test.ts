import { expect } from 'chai';
import { compareResourceVersions } from '../../../src/watch/resource-version.ts';

describe('compareResourceVersions', () => {
  const ascending = [
    '0',
    '9',
    '10',
    '99',
    '100',
    '9007199254740992',
    '9007199254740993',
    '18446744073709551615',
  ];
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) {
      it(`orders ${a} and ${b}`, () => {
        expect(Math.sign(compareResourceVersions(a, b))).to.equal(Math.sign(i - j));
      });
    }
  }
});
