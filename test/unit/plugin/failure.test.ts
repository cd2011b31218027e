import { expect } from 'chai';
import { ApiError, UnreachableError, ZenLeadError } from '../../../src/errors.ts';
import { CommandFailure, EXIT_STATUS, failureOf } from '../../../src/plugin/failure.ts';
import { apiError } from '../../support/fake-client.ts';

describe('an exit status', () => {
  for (const [what, error, kind, text] of [
    ['a failure of our own', new CommandFailure('notFound', 'no such'), 'notFound', 'no such'],
    ['401', apiError(401, 'Unauthorized'), 'forbidden', 'does not accept your credentials'],
    ['a refused write', apiError(422, 'Invalid'), 'failed', '422 Invalid'],
    [
      'no answer',
      new UnreachableError('refused', 'cannot reach it'),
      'unreachable',
      'cannot reach it; see whether',
    ],
    ['a broken kubeconfig', new ZenLeadError('InvalidKubeconfig', 'no context'), 'usage', 'no context'],
    ['an answer that is no JSON', new ZenLeadError('InvalidAnswer', 'not JSON'), 'failed', 'not JSON'],
    ['anything else', new TypeError('oops'), 'failed', 'oops'],
  ] as const) {
    it(`of ${what} is that of "${kind}"`, () => {
      const failure = failureOf(error);
      expect(failure.kind).to.equal(kind);
      expect(failure.message).to.contain(text);
      expect(failure.message).not.to.contain('\n');
    });
  }

  it('is a different one for each kind, and none is 0', () => {
    const all = Object.values(EXIT_STATUS);
    expect(new Set([0, ...all]).size).to.equal(all.length + 1);
  });

  it('keeps the cause of what it tells', () => {
    const cause = apiError(401, 'Unauthorized');
    expect(failureOf(cause).cause).to.equal(cause);
    expect(cause).to.be.instanceOf(ApiError);
  });
});
