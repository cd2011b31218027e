import { expect } from 'chai';
import fc from 'fast-check';
import type { Pod } from '../../../src/api/objects.ts';
import { LABEL, POD_PRIORITY_ANNOTATION } from '../../../src/names.ts';
import { ordinalOf, orderOf, priorityOf, priorityProblem } from '../../../src/plan/order.ts';
import { STRATEGIES, type Strategy } from '../../../src/plan/request.ts';
import { NOW, pod } from '../../support/builders.ts';

function sorted(strategy: Strategy, ...pods: Pod[]): string[] {
  return [...pods]
    .sort(orderOf({ strategy, preferences: [], priorityAnnotation: POD_PRIORITY_ANNOTATION }, NOW))
    .map(({ name }) => name);
}

describe('OldestReady', () => {
  it('takes the longest Ready, then the older, then the first by name', () => {
    const pods = [
      pod('a')
        .ready(NOW - 1)
        .build(),
      pod('d')
        .ready(NOW - 9)
        .created(5)
        .build(),
      pod('c')
        .ready(NOW - 9)
        .created(5)
        .build(),
      pod('b')
        .ready(NOW - 9)
        .created(4)
        .build(),
    ];
    expect(sorted('OldestReady', ...pods)).to.deep.equal(['b', 'c', 'd', 'a']);
  });

  it('takes a time ahead of ours, and a missing one, as now', () => {
    const [ahead, missing] = [pod('b').ready(NOW + 9), pod('a').without('readyChangedAt')];
    expect(
      sorted(
        'OldestReady',
        ahead.build(),
        missing.build(),
        pod('c')
          .ready(NOW - 1)
          .build(),
      ),
    ).to.deep.equal(['c', 'a', 'b']);
  });
});

describe('Ordinal', () => {
  const ordinals: [name: string, label: string | undefined, ordinal: number][] = [
    ['db-0', undefined, 0],
    ['db-10', undefined, 10],
    ['db-7', '3', 3],
    ['db-7', 'x', 7],
    ['db-7', '', 7],
    ['db', undefined, Infinity],
    ['db-7d9f', undefined, Infinity],
    ['db-1234567890', undefined, Infinity],
  ];
  for (const [name, label, ordinal] of ordinals) {
    it(`of ${name}${label === undefined ? '' : ` labelled "${label}"`} is ${ordinal}`, () => {
      const labels = label === undefined ? {} : { [LABEL.podIndex]: label };
      expect(ordinalOf(pod(name).labelled(labels).build())).to.equal(ordinal);
    });
  }

  it('takes the lowest number, not the first text, and pods without one last', () => {
    const pods = ['db-10', 'job', 'db-9', 'app'].map((name) => pod(name).build());
    expect(sorted('Ordinal', ...pods)).to.deep.equal(['db-9', 'db-10', 'app', 'job']);
  });
});

describe('Priority', () => {
  it('takes the highest integer, absent is 0, ties go to the longest Ready', () => {
    const pods = [
      pod('a').priority('-1').build(),
      pod('b').build(),
      pod('c').priority('10').build(),
      pod('d').priority('9').build(),
      pod('e').priority('0').ready(0).build(),
      pod('f').priority('+10').ready(0).build(),
    ];
    expect(sorted('Priority', ...pods)).to.deep.equal(['f', 'c', 'd', 'e', 'b', 'a']);
  });

  for (const value of ['', 'high', '1.5', '1e3', ' 1', '9'.repeat(16), '0x10']) {
    it(`"${value}" counts as 0 and is a problem that names the pod, the value and what is accepted`, () => {
      const bad = pod('a').priority(value).build();
      expect(priorityOf(bad, POD_PRIORITY_ANNOTATION)).to.equal(0);
      expect(priorityProblem(bad, POD_PRIORITY_ANNOTATION))
        .to.include('pod a')
        .and.include(`"${value}"`)
        .and.include('an integer');
    });
  }

  it('absent or an integer is no problem', () => {
    expect(priorityProblem(pod().build(), POD_PRIORITY_ANNOTATION)).to.equal(undefined);
    expect(priorityProblem(pod().priority('-999999999999999').build(), POD_PRIORITY_ANNOTATION)).to.equal(
      undefined,
    );
  });
});

describe('every order', () => {
  const name = fc.constantFrom('a', 'b', 'db-0', 'db-1', 'db-10', 'db-2');
  const anyPod = fc
    .record({
      name,
      createdAt: fc.constantFrom(1, 2),
      since: fc.constantFrom(undefined, NOW - 2, NOW - 1, NOW, NOW + 1),
      priority: fc.constantFrom(undefined, '1', '2', '-1', 'x'),
      index: fc.constantFrom(undefined, '0', '1', 'x'),
    })
    .map(({ name, createdAt, since, priority, index }) => {
      let builder = pod(name).created(createdAt).ready(since);
      if (since === undefined) builder = builder.without('readyChangedAt');
      if (priority !== undefined) builder = builder.priority(priority);
      if (index !== undefined) builder = builder.labelled({ [LABEL.podIndex]: index });
      return builder.build();
    });

  for (const strategy of STRATEGIES) {
    const order = orderOf({ strategy, preferences: [], priorityAnnotation: POD_PRIORITY_ANNOTATION }, NOW);
    it(`${strategy} is antisymmetric, and pods of different names never tie`, () => {
      fc.assert(
        fc.property(anyPod, anyPod, (a, b) => {
          expect(Math.sign(order(a, b))).to.equal(0 - Math.sign(order(b, a)));
          if (a.name !== b.name) expect(order(a, b)).not.to.equal(0);
        }),
      );
    });

    it(`${strategy} is transitive`, () => {
      fc.assert(
        fc.property(anyPod, anyPod, anyPod, (a, b, c) => {
          if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).to.be.at.most(0);
        }),
      );
    });
  }
});
