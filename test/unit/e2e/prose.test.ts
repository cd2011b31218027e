import { expect } from 'chai';
import { replaceIn } from '../../e2e/report.ts';
import { sample } from '../../e2e/seed/manifests.ts';
import { absenceLine, lostNodeLine, rolloutTable } from '../../e2e/seed/prose.ts';

const CALM = { connections: 120, failed: {}, slowest: 8 };

describe('what was measured once, in words', () => {
  it('has a row for each rollout, and names what failed', () => {
    const table = rolloutTable([
      { leader: 'postgres-0', seconds: 17.6, moves: 1, gaps: 0, traffic: CALM },
      {
        leader: 'postgres-2',
        seconds: 20,
        moves: 2,
        gaps: 1,
        traffic: { connections: 90, failed: { refused: 3, timeout: 1 }, slowest: 1_000 },
      },
    ]);
    expect(table.split('\n').slice(2)).to.deep.equal([
      '| postgres-0 | 120 | 0 | 8 ms | 1 | 18 s |',
      '| postgres-2 | 90 | 3 refused, 1 timeout | 1000 ms | 2 | 20 s |',
    ]);
  });

  it('tells of an absent operator and of a lost node', () => {
    expect(absenceLine({ calm: CALM, answeredAgain: 3_635 })).to.contain(
      'of 120 new connections 0 failed. A leader that is lost meanwhile is replaced when the operator is back: the next one answered 3.6 s',
    );
    const lost = {
      notReady: 48_450,
      withdrawn: 48_480,
      refused: 48_520,
      readyAgain: 900,
      answeredAgain: 1_240,
    };
    const line = lostNodeLine({ ...lost, meanwhile: CALM });
    expect(line).to.contain('NotReady after 48.5 s').and.to.contain('30 ms later');
    expect(line).to.contain('first answer came after 1.2 s');
  });
});

describe('a page of the docs', () => {
  const page = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n';

  it('gets what was measured between its marks, as often as one likes', () => {
    const once = replaceIn(page, 'x', 'new');
    expect(once).to.equal('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n');
    expect(replaceIn(once, 'x', 'new')).to.equal(once);
  });

  it('is left alone where the marks are missing', () => {
    expect(() => replaceIn(page, 'y', 'new')).to.throw('Expected <!-- y --> and <!-- /y -->');
  });
});

describe('a sample on the real node', () => {
  it('has another image and is the same otherwise', () => {
    for (const file of ['postgres.yaml', 'flagship-postgresql.yaml']) {
      const text = sample(file);
      expect(text).to.contain('localhost/postgres:15').and.to.contain('kind: StatefulSet');
      expect(text).not.to.match(/image: (?!localhost)/);
    }
  });
});
