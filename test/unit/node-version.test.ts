import { expect } from 'chai';
import { isNodeTooOld } from '../../src/node-version.ts';

describe('The Node.js that runs it', () => {
  for (const [version, tooOld] of [
    ['20.20.2', true],
    ['22.18.0', true],
    ['22.19.0', false],
    ['24.0.0', false],
    ['100.1.0', false],
  ] as const) {
    it(`${version} is ${tooOld ? 'too old' : 'new enough'}`, () => {
      expect(isNodeTooOld(version)).to.equal(tooOld);
    });
  }
});
