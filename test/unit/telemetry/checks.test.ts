import { expect } from 'chai';
import { renderChecks } from '../../../src/telemetry/checks.ts';

const good = { name: 'queue', ok: true };
const bad = { name: 'watch-pods', ok: false, message: 'not listed yet:\n403 Forbidden' };

describe('renderChecks', () => {
  it('says ok when all checks pass', () => {
    expect(renderChecks('readyz', [good, good], false)).to.deep.equal({ ok: true, text: 'ok' });
    expect(renderChecks('readyz', [], false)).to.deep.equal({ ok: true, text: 'ok' });
  });

  it('lists the checks when asked to', () => {
    expect(renderChecks('readyz', [good], true)).to.deep.equal({
      ok: true,
      text: '[+]queue ok\nreadyz check passed\n',
    });
  });

  it('lists the checks when one fails, each on one line with its reason', () => {
    expect(renderChecks('readyz', [good, bad, { name: 'x', ok: false }], false)).to.deep.equal({
      ok: false,
      text: '[+]queue ok\n[-]watch-pods failed: not listed yet: 403 Forbidden\n[-]x failed: no reason given\nreadyz check failed\n',
    });
  });
});
