import { expect } from 'chai';
import { monotonicMs } from '../../e2e/clock.ts';
import { pace } from '../../e2e/client/pace.ts';

describe('the pace of the client', () => {
  it('leaves out the turns that it was too late for, and says how many', async () => {
    const ending = new AbortController();
    let fired = 0;
    const skipped = await pace(
      () => {
        fired += 1;
        if (fired === 2) {
          const blocked = monotonicMs() + 120;
          while (monotonicMs() < blocked);
        }
        if (fired === 4) ending.abort();
      },
      { intervalMs: 20, signal: ending.signal },
    );
    expect(fired).to.equal(4);
    // Six intervals of blocking, less the one that was due; a timer may be a little early.
    expect(skipped).to.be.at.least(4);
  });

  it('does not begin once it has ended', async () => {
    let fired = 0;
    await pace(() => (fired += 1), { intervalMs: 1, signal: AbortSignal.abort() });
    expect(fired).to.equal(0);
  });
});
