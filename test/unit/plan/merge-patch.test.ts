import { expect } from 'chai';
import fc from 'fast-check';
import { mergePatch } from '../../../src/plan/merge-patch.ts';
import { mergePatch as apply } from '../../support/api-server.ts';
import { deepFreeze } from '../../support/freeze.ts';

describe('a merge patch', () => {
  const cases: [what: string, from: object, to: object, patch: object | undefined][] = [
    ['is none where nothing changes', { a: 1, b: { c: [1] } }, { a: 1, b: { c: [1] } }, undefined],
    ['has what is new and what is another', { a: 1 }, { a: 2, b: 3 }, { a: 2, b: 3 }],
    ['has null for what goes', { a: 1, b: 2 }, { a: 1 }, { b: null }],
    ['goes into objects', { a: { b: 1, c: 2, d: 3 } }, { a: { b: 1, c: 4 } }, { a: { c: 4, d: null } }],
    ['has lists whole', { a: [1, 2] }, { a: [1, 3] }, { a: [1, 3] }],
    [
      'replaces an object by a list and back',
      { a: {}, b: [] },
      { a: [], b: { c: 1 } },
      { a: [], b: { c: 1 } },
    ],
    ['takes undefined for absent', { a: undefined, b: { c: 1 } }, { b: { c: 1, d: undefined } }, undefined],
  ];
  for (const [what, from, to, patch] of cases) {
    it(what, () => {
      expect(mergePatch(from, to)).to.deep.equal(patch);
    });
  }

  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { weight: 2, arbitrary: fc.oneof(fc.nat({ max: 2 }), fc.constantFrom('x', 'y'), fc.boolean()) },
      { weight: 1, arbitrary: tie('object') },
      { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 2 }) },
    ),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
  }));
  const object = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value, { maxKeys: 4 });

  it('applied as RFC 7386 says gives the target, and then nothing is owed', () => {
    fc.assert(
      fc.property(object, object, (from, to) => {
        const patch = mergePatch(deepFreeze(from), deepFreeze(to));
        expect(patch === undefined ? from : apply(from, patch)).to.deep.equal(to);
        expect(mergePatch(to, to)).to.equal(undefined);
      }),
      { numRuns: 2000 },
    );
  });
});
