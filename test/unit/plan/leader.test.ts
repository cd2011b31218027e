import { expect } from 'chai';
import type { Pod } from '../../../src/api/objects.ts';
import { ANNOTATION } from '../../../src/names.ts';
import { parseAnnotations } from '../../../src/plan/annotation-request.ts';
import { judge } from '../../../src/plan/candidates.ts';
import { decide, type Decision } from '../../../src/plan/leader.ts';
import { NOTHING } from '../../../src/plan/memory.ts';

import type { Memory } from '../../../src/plan/types.ts';
import { memoryOf, MINUTE, NOW, pod, SECOND, service } from '../../support/builders.ts';
import { deepFreeze } from '../../support/freeze.ts';

interface Case {
  readonly pods: readonly Pod[];
  readonly memory?: Memory;
  /** Default: the remembered leader is published. */
  readonly published?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly leaderPod?: Pod;
}

function decision({ pods, memory = NOTHING, published, annotations = {}, leaderPod }: Case): Decision {
  const request = parseAnnotations(service().annotated(annotations).build());
  if (request === undefined) throw new Error('expected a request');
  const isPublished = published ?? memory.podUID !== undefined;
  const criteria = { now: NOW, family: 'IPv4', minReadyMs: request.minReadyMs } as const;
  const candidates = judge(pods, criteria, isPublished ? memory.podUID : undefined);
  return decide(
    deepFreeze({
      now: NOW,
      request,
      candidates,
      memory,
      ports: [],
      published: isPublished,
      serving: isPublished,
      ...(leaderPod === undefined ? {} : { leaderPod }),
    }),
  );
}

const A = pod('a').ready(NOW - 9 * MINUTE);
const B = pod('b').ready(NOW - 10 * MINUTE);
const LEADS_A = memoryOf(A.build());
const NOT_STICKY = { [ANNOTATION.sticky]: 'false' };
const PAUSED = { [ANNOTATION.paused]: 'true' };
const INVALID = { [ANNOTATION.strategy]: 'Best' };
const GRACE = { [ANNOTATION.failoverMinDelay]: '10s' };
const MIN_READY = { [ANNOTATION.minReadyDuration]: '1m' };

describe('an election', () => {
  it('takes the first of the order', () => {
    expect(decision({ pods: [A.build(), B.build()] })).to.deep.equal({ pod: B.build(), hold: false });
  });

  it('passes over pods that may not lead', () => {
    const pods = [pod('c').terminating().build(), pod('d').notReady().build(), A.build()];
    expect(decision({ pods }).pod?.name).to.equal('a');
  });

  it('leaves nobody where there is none', () => {
    expect(decision({ pods: [] })).to.deep.equal({ hold: false });
    expect(decision({ pods: [pod('a').notReady().build()] })).to.deep.equal({ hold: false });
  });

  for (const [what, annotations] of [
    ['paused', PAUSED],
    ['an annotation is invalid', INVALID],
  ] as const) {
    it(`does not happen while ${what}`, () => {
      expect(decision({ pods: [A.build()], annotations }).pod).to.equal(undefined);
    });
  }

  it('waits for min-ready-duration and says how long', () => {
    const pods = [
      pod('a')
        .ready(NOW - 50 * SECOND)
        .build(),
      pod('b')
        .ready(NOW - 20 * SECOND)
        .build(),
    ];
    expect(decision({ pods, annotations: MIN_READY })).to.deep.equal({
      hold: false,
      againAfterMs: 10 * SECOND,
    });
  });
});

describe('an election of a pod that may turn out to lack a port', () => {
  it('is held again when the next candidate has been Ready for min-ready-duration', () => {
    const pods = [
      A.build(),
      pod('b')
        .ready(NOW - 50 * SECOND)
        .build(),
    ];
    const { pod: leader, againAfterMs } = decision({ pods, annotations: MIN_READY });
    expect([leader?.name, againAfterMs]).to.deep.equal(['a', 10 * SECOND]);
  });
});

describe('a published leader that may lead', () => {
  const pods = [A.build(), B.build()];

  it('stays while sticky', () => {
    expect(decision({ pods, memory: LEADS_A })).to.deep.equal({ pod: A.build(), hold: false, sticky: true });
  });

  it('gives way to a better one where sticky is off', () => {
    const { pod: leader, lost, sticky } = decision({ pods, memory: LEADS_A, annotations: NOT_STICKY });
    expect(leader?.name).to.equal('b');
    expect(lost).to.deep.equal({ reason: 'Preferred', note: 'comes after pod b by OldestReady' });
    expect(sticky).to.equal(undefined);
  });

  it('stays where sticky is off and it is the first itself', () => {
    const memory = memoryOf(B.build());
    expect(decision({ pods, memory, annotations: NOT_STICKY })).to.deep.equal({
      pod: B.build(),
      hold: false,
    });
  });

  for (const [what, annotations] of [
    ['paused', PAUSED],
    ['an annotation is invalid', INVALID],
  ] as const) {
    it(`stays while ${what}, sticky or not`, () => {
      const frozen = decision({ pods, memory: LEADS_A, annotations: { ...NOT_STICKY, ...annotations } });
      expect(frozen).to.deep.equal({ pod: A.build(), hold: false });
    });
  }

  it('needs no min-ready-duration: it has proved itself', () => {
    const flapped = pod('a')
      .ready(NOW - SECOND)
      .build();
    const kept = decision({ pods: [flapped, B.build()], memory: LEADS_A, annotations: MIN_READY });
    expect(kept.pod?.name).to.equal('a');
  });

  it('is asked about again when a better candidate has been Ready for min-ready-duration', () => {
    const waiting = pod('z')
      .ready(NOW - 20 * SECOND)
      .priority('9')
      .build();
    const annotations = { ...NOT_STICKY, ...MIN_READY, [ANNOTATION.strategy]: 'Priority' };
    const kept = decision({ pods: [A.build(), waiting], memory: LEADS_A, annotations });
    expect(kept).to.deep.equal({ pod: A.build(), hold: false, againAfterMs: 40 * SECOND });
    const sticky = decision({ pods: [A.build(), waiting], memory: LEADS_A, annotations: MIN_READY });
    expect(sticky.againAfterMs).to.equal(undefined);
  });
});

describe('a lost leader', () => {
  const losses: [what: string, pods: Pod[], leaderPod: Pod | undefined, reason: string][] = [
    ['that is NotReady', [pod('a').notReady().build()], undefined, 'NotReady'],
    ['that is being deleted', [pod('a').terminating().build()], undefined, 'Terminating'],
    ['that has failed', [pod('a').phase('Failed').notReady().build()], undefined, 'NotRunning'],
    ['whose address is gone', [pod('a').ip().build()], undefined, 'NoAddress'],
    ['that is gone', [], undefined, 'PodGone'],
    [
      'that was made again under a new UID',
      [pod('a').uid('uid-new').notReady().build()],
      undefined,
      'PodGone',
    ],
    ['that the selector no longer matches', [], A.build(), 'NotSelected'],
    ['that is neither selected nor alive', [], pod('a').terminating().build(), 'PodGone'],
    ['whose name another pod has', [], pod('a').uid('uid-new').build(), 'PodGone'],
  ];
  for (const [what, pods, leaderPod, reason] of losses) {
    it(`${what} is replaced at once: ${reason}`, () => {
      const more = leaderPod === undefined ? {} : { leaderPod };
      const result = decision({ pods: [...pods, B.build()], memory: LEADS_A, ...more });
      expect(result.pod?.name).to.equal('b');
      expect(result.lost?.reason).to.equal(reason);
      expect(result.sticky).to.equal(false);
    });

    it(`${what} is withdrawn and not replaced while paused`, () => {
      const more = leaderPod === undefined ? {} : { leaderPod };
      const result = decision({ pods: [...pods, B.build()], memory: LEADS_A, annotations: PAUSED, ...more });
      expect(result.pod).to.equal(undefined);
      expect(result.lost?.reason).to.equal(reason);
    });
  }

  it('comes back when it may lead again, even while paused', () => {
    for (const annotations of [{}, PAUSED, INVALID]) {
      const result = decision({
        pods: [A.build(), B.build()],
        memory: LEADS_A,
        published: false,
        annotations,
      });
      expect(result).to.deep.equal({ pod: A.build(), hold: false });
    }
  });

  it('that comes back has to reach min-ready-duration, and a timer is set', () => {
    const back = pod('a')
      .ready(NOW - 50 * SECOND)
      .build();
    const annotations = { ...PAUSED, ...MIN_READY };
    const result = decision({ pods: [back], memory: LEADS_A, published: false, annotations });
    expect(result.pod).to.equal(undefined);
    expect(result.againAfterMs).to.equal(10 * SECOND);
  });
});

describe('a readiness grace', () => {
  const dying = pod('a').notReady(NOW - 4 * SECOND);
  const hold = (leader: Pod, more: Partial<Case> = {}): Decision =>
    decision({ pods: [leader, B.build()], memory: LEADS_A, annotations: GRACE, ...more });

  it('keeps a NotReady leader, and says how long', () => {
    expect(hold(dying.build())).to.deep.equal({ hold: true, againAfterMs: 6 * SECOND });
  });

  it('ends to the millisecond', () => {
    expect(
      hold(
        pod('a')
          .notReady(NOW - 9999)
          .build(),
      ).againAfterMs,
    ).to.equal(1);
    expect(
      hold(
        pod('a')
          .notReady(NOW - 10_000)
          .build(),
      ).pod?.name,
    ).to.equal('b');
  });

  it('counts a time ahead of ours as now', () => {
    expect(
      hold(
        pod('a')
          .notReady(NOW + MINUTE)
          .build(),
      ).againAfterMs,
    ).to.equal(10 * SECOND);
  });

  it('is none where the pod has no time to count from: it would never end', () => {
    expect(hold(pod('a').notReady().without('readyChangedAt').build()).pod?.name).to.equal('b');
  });

  it('holds while paused or invalid too', () => {
    for (const annotations of [PAUSED, INVALID]) {
      expect(hold(dying.build(), { annotations: { ...GRACE, ...annotations } }).hold).to.equal(true);
    }
  });

  it('never elects: a leader that is not published has none', () => {
    expect(hold(dying.build(), { published: false }).pod?.name).to.equal('b');
    expect(hold(dying.build(), { memory: NOTHING }).pod?.name).to.equal('b');
  });

  const atOnce: [string, Pod[]][] = [
    ['terminating', [pod('a').notReady(NOW).terminating().build()]],
    ['failed', [pod('a').notReady(NOW).phase('Failed').build()]],
    ['without address', [pod('a').ip().build()]],
    ['gone', []],
    ['made again', [pod('a').uid('uid-new').notReady(NOW).build()]],
  ];
  for (const [what, pods] of atOnce) {
    it(`is only for NotReady: a leader that is ${what} is replaced at once`, () => {
      const result = decision({ pods: [...pods, B.build()], memory: LEADS_A, annotations: GRACE });
      expect(result.hold).to.equal(false);
      expect(result.pod?.name).to.equal('b');
    });
  }
});
