import { expect } from 'chai';
import type { Pod } from '../../../src/api/objects.ts';
import { judge } from '../../../src/plan/candidates.ts';
import { criteriaOf } from '../../../src/plan/eligibility.ts';
import { NOW, pod, SECOND, type PodBuilder } from '../../support/builders.ts';

const ROLE = { role: 'primary' };
const primary = (name: string): PodBuilder => pod(name).labelled(ROLE);

/** Name → why it may not lead; undefined: it may. */
function judged(
  pods: readonly Pod[],
  request: Partial<Parameters<typeof criteriaOf>[0]>,
  published?: string,
): Record<string, string | undefined> {
  const criteria = criteriaOf({ minReadyMs: 0, ...request }, NOW, 'IPv4');
  return Object.fromEntries(
    judge(pods, criteria, published).map(({ pod, refused }) => [pod.name, refused?.reason]),
  );
}

describe('FollowLabel', () => {
  const cases: [what: string, pods: PodBuilder[], reasons: Record<string, string | undefined>][] = [
    ['nobody leads without a claimant', [pod('a'), pod('b')], { a: 'NotClaimant', b: 'NotClaimant' }],
    ['the one claimant leads', [pod('a'), primary('b')], { a: 'NotClaimant', b: undefined }],
    [
      'nobody leads with two claimants',
      [primary('a'), primary('b'), pod('c')],
      { a: 'AmbiguousClaim', b: 'AmbiguousClaim', c: 'NotClaimant' },
    ],
    [
      'another value of the label is no claim',
      [pod('a').labelled({ role: 'replica' }), primary('b')],
      { a: 'NotClaimant', b: undefined },
    ],
    [
      'a claimant without an address claims, and cannot be published',
      [primary('a').ip(), pod('b')],
      { a: 'NoAddress', b: 'NotClaimant' },
    ],
    [
      'two claimants are two, also where one has no address or a refused one',
      [primary('a').ip(), primary('b'), primary('c').ip('127.0.0.1')],
      { a: 'AmbiguousClaim', b: 'AmbiguousClaim', c: 'AmbiguousClaim' },
    ],
    [
      'a NotReady pod with the label is no claimant: a frozen old primary keeps it',
      [primary('a').notReady(), primary('b')],
      { a: 'NotReady', b: undefined },
    ],
    [
      'a terminating pod with the label is no claimant',
      [primary('a').terminating(), primary('b')],
      { a: 'Terminating', b: undefined },
    ],
    [
      'a failed pod with the label is no claimant',
      [primary('a').phase('Failed'), primary('b')],
      { a: 'NotRunning', b: undefined },
    ],
  ];
  for (const [what, pods, reasons] of cases) {
    it(what, () => {
      const built = pods.map((builder) => builder.build());
      expect(judged(built, { followLabel: ROLE })).to.deep.equal(reasons);
      expect(judged(built.toReversed(), { followLabel: ROLE })).to.deep.equal(reasons);
    });
  }

  it('counts a claimant that has just become Ready', () => {
    const pods = [
      primary('a').build(),
      primary('b')
        .ready(NOW - SECOND)
        .build(),
    ];
    const reasons = judged(pods, { followLabel: ROLE, minReadyMs: 5 * SECOND });
    expect(reasons).to.deep.equal({ a: 'AmbiguousClaim', b: 'AmbiguousClaim' });
  });

  it('says how many claim, by which label', () => {
    const pods = [primary('a').build(), primary('b').build()];
    const [first] = judge(pods, criteriaOf({ minReadyMs: 0, followLabel: ROLE }, NOW, 'IPv4'), undefined);
    expect(first?.refused?.note).to.equal('is one of 2 Ready pods that carry role=primary');
  });

  it('asks for all of several labels', () => {
    const followLabel = { ...ROLE, cluster: 'x' };
    const pods = [primary('a').build(), primary('b').labelled({ cluster: 'x' }).build()];
    expect(judged(pods, { followLabel })).to.deep.equal({ a: 'NotClaimant', b: undefined });
  });

  it('does not count an excluded pod', () => {
    const pods = [primary('a').labelled({ out: 'yes' }).build(), primary('b').build()];
    const reasons = judged(pods, { followLabel: ROLE, exclude: { out: 'yes' } });
    expect(reasons).to.deep.equal({ a: 'Excluded', b: undefined });
  });
});

describe('exclude', () => {
  const exclude = { out: 'yes', zone: 'a' };

  it('refuses pods with all of the labels, and only those', () => {
    const pods = [
      pod('a').labelled(exclude).build(),
      pod('b').labelled({ out: 'yes' }).build(),
      pod('c').labelled({ out: 'yes', zone: 'b' }).build(),
    ];
    expect(judged(pods, { exclude })).to.deep.equal({ a: 'Excluded', b: undefined, c: undefined });
  });

  it('is told before NotReady, and after what ends a pod', () => {
    const out = (name: string): PodBuilder => pod(name).labelled(exclude).notReady();
    const pods = [out('a').build(), out('b').terminating().build(), out('c').phase('Failed').build()];
    expect(judged(pods, { exclude })).to.deep.equal({ a: 'Excluded', b: 'Terminating', c: 'NotRunning' });
  });
});

describe('minReadySeconds', () => {
  it('is for candidates, not for the one that is published', () => {
    const young = pod('a').ready(NOW - SECOND);
    const pods = [
      young.build(),
      pod('b')
        .ready(NOW - SECOND)
        .build(),
    ];
    expect(judged(pods, { minReadyMs: 5 * SECOND }, 'uid-a')).to.deep.equal({
      a: undefined,
      b: 'MinReadyNotReached',
    });
  });
});
