import { expect } from 'chai';
import { ApiError, UnreachableError } from '../../src/errors.ts';
import { ERROR_REASONS, reasonOf } from '../../src/outcomes.ts';

describe('reasonOf', () => {
  const refusal = (status: number, reason: string): ApiError =>
    new ApiError({ status, reason, message: 'no' });
  const cases: [string, unknown, string][] = [
    ["the API server's own word", refusal(403, 'Forbidden'), 'Forbidden'],
    ['the HTTP status of a word that a webhook has made up', refusal(418, 'TeaTime'), 'HTTP418'],
    ['the code of an error without an answer', new UnreachableError('refused', 'no'), 'Unreachable'],
    ['Internal for anything else', new TypeError('no'), 'Internal'],
  ];
  for (const [title, error, reason] of cases) {
    it(`is ${title}`, () => {
      expect(reasonOf(error)).to.equal(reason);
    });
  }

  it('is one of those that have a series from the start, but for a bare HTTP status', () => {
    for (const [, error] of cases) {
      const reason = reasonOf(error);
      if (!reason.startsWith('HTTP')) expect(ERROR_REASONS).to.include(reason);
    }
    expect(new Set(ERROR_REASONS).size).to.equal(ERROR_REASONS.length);
  });
});
