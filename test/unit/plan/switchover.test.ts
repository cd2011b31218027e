import { expect } from 'chai';
import type { Pod } from '../../../src/api/objects.ts';
import { ANNOTATION } from '../../../src/names.ts';
import { judge } from '../../../src/plan/candidates.ts';
import { decide, type Decision } from '../../../src/plan/leader.ts';
import type { SwitchoverMemory } from '../../../src/plan/types.ts';
import { claim, memoryOf, MINUTE, NOW, pod, SECOND, service, servicePort } from '../../support/builders.ts';

const A = pod('a').build();
const B = pod('b')
  .ready(NOW - MINUTE)
  .build();

interface Asked {
  readonly to?: string;
  readonly pods?: readonly Pod[];
  readonly handled?: SwitchoverMemory;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly targetPort?: string;
  readonly leader?: Pod;
}

/** Pod a leads and comes first by order. */
function asked({ to, pods = [A, B], handled, annotations = {}, targetPort, leader = A }: Asked): Decision {
  const request = claim(
    service()
      .annotated({ ...annotations, ...(to === undefined ? {} : { [ANNOTATION.switchoverTo]: to }) })
      .ports(servicePort('http', 80, targetPort))
      .build(),
  ).request;
  const memory = memoryOf(leader, 1, handled === undefined ? {} : { switchover: handled });
  const criteria = { now: NOW, family: 'IPv4', minReadyMs: request.minReadyMs } as const;
  return decide({
    now: NOW,
    request,
    candidates: judge(pods, criteria, leader.uid),
    memory,
    ports: request.shape?.ports ?? [],
    published: true,
    serving: true,
  });
}

const DONE: SwitchoverMemory = { request: 'b', outcome: 'Completed' };
const FAILED: SwitchoverMemory = { request: 'b', outcome: 'Failed' };

describe('a switchover', () => {
  it('moves the leader', () => {
    const { pod: leader, lost, switchover } = asked({ to: 'b' });
    expect(leader?.name).to.equal('b');
    expect(lost).to.deep.equal({ reason: 'Switchover', note: 'hands over to pod b as asked for' });
    expect(switchover).to.deep.equal({ memory: DONE, target: B });
  });

  it('from a leader that is gone is a change, too', () => {
    expect(asked({ to: 'b', pods: [B] }).lost?.reason).to.equal('Switchover');
  });

  it('to the pod that leads already is completed without a move', () => {
    const { pod: leader, lost, switchover } = asked({ to: 'a' });
    expect([leader?.name, lost]).to.deep.equal(['a', undefined]);
    expect(switchover?.memory).to.deep.equal({ request: 'a', outcome: 'Completed' });
  });

  it('goes before a readiness grace', () => {
    const dying = pod('a').notReady(NOW).build();
    const result = asked({ to: 'b', pods: [dying, B], annotations: { [ANNOTATION.failoverMinDelay]: '1m' } });
    expect([result.hold, result.pod?.name]).to.deep.equal([false, 'b']);
  });

  for (const handled of [DONE, FAILED]) {
    it(`is handled once: not again after ${handled.outcome}`, () => {
      const { pod: leader, switchover } = asked({ to: 'b', handled });
      expect([leader?.name, switchover]).to.deep.equal(['a', undefined]);
    });

    it(`is armed again after ${handled.outcome} when the annotation goes`, () => {
      expect(asked({ handled }).switchover).to.deep.equal({ memory: undefined });
    });

    it(`to another pod is another request after ${handled.outcome}`, () => {
      const c = pod('c').build();
      expect(asked({ to: 'c', pods: [A, B, c], handled }).pod?.name).to.equal('c');
    });
  }

  it('that was never asked for leaves nothing to remember', () => {
    expect(asked({}).switchover).to.equal(undefined);
  });

  it('holds against the order of a Service that is not sticky, until the annotation goes', () => {
    const annotations = { [ANNOTATION.sticky]: 'false' };
    expect(asked({ to: 'b', handled: DONE, leader: B, annotations }).pod?.name).to.equal('b');
    expect(asked({ handled: DONE, leader: B, annotations }).pod?.name).to.equal('a');
  });

  it('that failed holds nothing', () => {
    const annotations = { [ANNOTATION.sticky]: 'false' };
    expect(asked({ to: 'b', handled: FAILED, leader: B, annotations }).pod?.name).to.equal('a');
  });

  it('does not hold a leader that may no longer lead', () => {
    const pods = [A, pod('b').notReady().build()];
    expect(asked({ to: 'b', handled: DONE, leader: B, pods }).pod?.name).to.equal('a');
  });
});

describe('a switchover fails, is remembered, and the leader stays', () => {
  const paused = { [ANNOTATION.paused]: 'true' };
  const invalid = { [ANNOTATION.sticky]: 'maybe' };
  const minReady = { [ANNOTATION.minReadyDuration]: '1h' };
  const cases: [what: string, asked: Asked, words: string][] = [
    ['where no such pod is selected', { pods: [A] }, 'NotFound: no pod b matches the selector'],
    ['where the pod is NotReady', { pods: [A, pod('b').notReady().build()] }, 'NotReady: pod b is not Ready'],
    ['where the pod is terminating', { pods: [A, pod('b').terminating().build()] }, 'Terminating: pod b'],
    ['where the pod has no address', { pods: [A, pod('b').ip().build()] }, 'NoAddress: pod b'],
    ['where the pod has not been Ready long enough', { annotations: minReady }, 'MinReadyNotReached: pod b'],
    ['while paused', { annotations: paused }, 'Paused:'],
    ['while an annotation is invalid', { annotations: invalid }, 'Paused:'],
    [
      'where the pod has not all of the ports',
      { pods: [pod('a').port('web', 80).build(), B], targetPort: 'web' },
      'PortResolutionFailed: port http: targetPort "web"/TCP is not a container port of pod b',
    ],
  ];
  for (const [what, given, words] of cases) {
    it(what, () => {
      const { pod: leader, switchover, lost } = asked({ to: 'b', ...given });
      expect([leader?.name, lost]).to.deep.equal(['a', undefined]);
      expect(switchover?.memory).to.deep.equal(FAILED);
      expect(switchover?.failure).to.include(words);
    });
  }

  it('but not during a grace, when nothing is written: it is judged again then', () => {
    const dying = pod('a')
      .notReady(NOW - SECOND)
      .build();
    const result = asked({ to: 'b', pods: [dying], annotations: { [ANNOTATION.failoverMinDelay]: '10s' } });
    expect(result).to.deep.equal({ hold: true, againAfterMs: 9 * SECOND });
  });
});
