import { expect } from 'chai';
import type { Pod } from '../../../src/api/objects.ts';
import { orderOf, scoreOf, type Ranking } from '../../../src/plan/order.ts';
import type { Preference } from '../../../src/plan/request.ts';
import { NOW, pod } from '../../support/builders.ts';

const DB = { disk: 'fast' };
const FAST: Preference = { weight: 10, matchLabels: DB };
const Z1: Preference = { weight: 7, zones: ['z1', 'z2'] };
const BOTH: Preference = { weight: 5, matchLabels: DB, zones: ['z1'] };

function sorted(ranking: Partial<Ranking>, ...pods: Pod[]): string[] {
  const order = orderOf(
    { strategy: 'Ordinal', preferences: [], priorityAnnotation: 'x/priority', ...ranking },
    NOW,
  );
  return [...pods].sort(order).map(({ name }) => name);
}

describe('preferences', () => {
  const scores: [what: string, pod: Pod, score: number][] = [
    ['a pod that meets none', pod().build(), 0],
    ['a pod with the label', pod().labelled(DB).build(), 10],
    ['a pod with another value of the label', pod().labelled({ disk: 'slow' }).build(), 0],
    ['a pod in one of the zones', pod().on('n', 'z2').build(), 7],
    ['a pod in another zone', pod().on('n', 'z3').build(), 0],
    ['a pod with both: the sum of all that it meets', pod().labelled(DB).on('n', 'z1').build(), 22],
    ['a pod with the label in a zone of another preference', pod().labelled(DB).on('n', 'z2').build(), 17],
  ];
  for (const [what, candidate, score] of scores) {
    it(`give ${what} ${score}`, () => {
      expect(scoreOf(candidate, [FAST, Z1, BOTH])).to.equal(score);
    });
  }

  it('go before the strategy, which decides between equals', () => {
    const pods = [
      pod('db-0').build(),
      pod('db-1').on('n', 'z1').build(),
      pod('db-2').labelled(DB).build(),
      pod('db-3').labelled(DB).build(),
    ];
    expect(sorted({ preferences: [Z1, FAST] }, ...pods)).to.deep.equal(['db-2', 'db-3', 'db-1', 'db-0']);
    expect(sorted({ preferences: [] }, ...pods)).to.deep.equal(['db-0', 'db-1', 'db-2', 'db-3']);
  });

  it('add up: two small ones outweigh a larger one', () => {
    const two = [
      { weight: 6, zones: ['z1'] },
      { weight: 5, matchLabels: DB },
      { weight: 10, matchLabels: { big: 'yes' } },
    ];
    const pods = [
      pod('db-0').labelled({ big: 'yes' }).build(),
      pod('db-1').labelled(DB).on('n', 'z1').build(),
    ];
    expect(sorted({ preferences: two }, ...pods)).to.deep.equal(['db-1', 'db-0']);
  });
});

describe('Priority with an annotation of its own', () => {
  it('reads that one and no other', () => {
    const pods = [
      pod('a').priority('9').build(),
      pod('b').annotated({ 'x/priority': '1' }).build(),
      pod('c').annotated({ 'x/priority': '2' }).priority('0').build(),
    ];
    expect(sorted({ strategy: 'Priority' }, ...pods)).to.deep.equal(['c', 'b', 'a']);
  });
});
