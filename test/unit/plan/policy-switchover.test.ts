import { expect } from 'chai';
import { SLICE_ANNOTATION } from '../../../src/names.ts';
import { MINUTE, NOW, pod, policy, policyPort, SECOND, type PolicyBuilder } from '../../support/builders.ts';
import { PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const B = pod('b')
  .ip('10.0.0.2')
  .ready(NOW - MINUTE)
  .build();
const GAP = { handoverGapSeconds: 5 };

/** Pod a leads, b stands by. */
function led(builder: PolicyBuilder = policy()): PolicyWorld {
  const world = new PolicyWorld(builder, A, B);
  world.settle();
  world.pass(SECOND);
  return world;
}

function switchovers(world: PolicyWorld): string[] {
  return world.reasons.filter((reason) => reason.startsWith('Switchover'));
}

function phase({ status }: PolicyWorld): string {
  return `${status.switchover?.observedRequestId ?? 'none'} ${status.switchover?.phase ?? ''}`;
}

describe('a switchover of a policy', () => {
  it('moves the leader, is told and is in the status', () => {
    const world = led().ask(policy().switchover('b', 'r1'));
    world.settle();
    expect(world.leader).to.equal('b');
    expect(world.reasons.slice(-2)).to.deep.equal(['SwitchoverCompleted', 'LeaderChanged']);
    expect(world.status.switchover).to.deep.equal({
      observedRequestId: 'r1',
      phase: 'Completed',
      message: 'pod b leads as asked for',
    });
    expect(world.status.leader).to.deep.include({ podName: 'b', epoch: 2, reason: 'Switchover' });
  });

  it('is done once for each requestId, whatever happens to the leader afterwards', () => {
    const world = led().ask(policy().switchover('b', 'r1'));
    world.settle();
    world.pods = [A];
    world.settle();
    world.pods = [A, B];
    world.settle();
    expect([world.leader, switchovers(world)]).to.deep.equal(['a', ['SwitchoverCompleted']]);
    world.ask(policy().switchover('b', 'r2')).settle();
    expect([world.leader, switchovers(world).length]).to.deep.equal(['b', 2]);
  });

  it('is not done again when the request is taken out and put back', () => {
    const world = led().ask(policy().switchover('b', 'r1'));
    world.settle();
    world.ask(policy()).settle();
    world.ask(policy().switchover('a', 'r1')).settle();
    expect([world.leader, phase(world)]).to.deep.equal(['b', 'r1 Completed']);
  });

  for (const what of ['restart', 'restart and loss of the slice'] as const) {
    it(`is not done again after a ${what}`, () => {
      const world = led().ask(policy().switchover('b', 'r1'));
      world.settle();
      world.pods = [A];
      world.settle();
      world.pods = [A, B];
      if (what !== 'restart') world.slices.clear();
      world.restart();
      world.settle();
      expect([world.leader, switchovers(world)]).to.deep.equal(['a', ['SwitchoverCompleted']]);
      expect(phase(world)).to.equal('r1 Completed');
    });
  }

  it('that was written and not told before a crash is told by the status, and not repeated', () => {
    const world = led().ask(policy().switchover('b', 'r1'));
    world.isReporting = false;
    world.next();
    world.restart();
    world.isReporting = true;
    world.settle();
    expect([world.leader, phase(world)]).to.deep.equal(['b', 'r1 Completed']);
    expect(world.status.history).to.have.length(2);
  });

  it('works in mode Manual, where nothing else moves the leader', () => {
    const world = led(policy().failover({ mode: 'Manual' }));
    world.ask(policy().failover({ mode: 'Manual' }).switchover('b', 'r1')).settle();
    expect(world.leader).to.equal('b');
    world.pods = [A];
    world.settle();
    expect(world.leader).to.equal(undefined);
    world.ask(policy().failover({ mode: 'Manual' }).switchover('a', 'r2')).settle();
    expect(world.leader).to.equal('a');
  });

  it('holds against the order where sticky is off, while it stays', () => {
    const loose = (): PolicyBuilder => policy().selection({ sticky: false });
    const world = led(loose()).ask(loose().switchover('b', 'r1'));
    world.settle();
    expect(world.leader).to.equal('b');
    world.ask(loose()).settle();
    expect(world.leader).to.equal('a');
  });
});

describe('a switchover that is refused', () => {
  const cases: [what: string, policy: PolicyBuilder, pods: (typeof A)[], words: string][] = [
    ['while paused', policy().paused().switchover('b', 'r1'), [A, B], 'Paused: '],
    ['to a pod that is not there', policy().switchover('z', 'r1'), [A, B], 'NotFound: no pod z'],
    [
      'to a NotReady pod',
      policy().switchover('b', 'r1'),
      [A, pod('b').notReady().build()],
      'NotReady: pod b is not Ready',
    ],
    [
      'to an excluded pod',
      policy()
        .selection({ exclude: { matchLabels: { out: 'yes' } } })
        .switchover('b', 'r1'),
      [A, pod('b').labelled({ out: 'yes' }).build()],
      'Excluded: pod b is excluded by out=yes',
    ],
    [
      'to a pod that lacks a port',
      policy()
        .ports(policyPort('web', 80, 'web'))
        .switchover('b', 'r1'),
      [pod('a').port('web', 80).build(), B],
      'PortResolutionFailed: port web',
    ],
  ];
  for (const [what, builder, pods, words] of cases) {
    it(`${what} fails once, changes nothing and says why`, () => {
      const world = led();
      world.pods = pods;
      world.ask(builder).settle();
      world.settle();
      expect([world.leader, switchovers(world)]).to.deep.equal(['a', ['SwitchoverFailed']]);
      expect(phase(world)).to.equal('r1 Failed');
      expect(world.status.switchover?.message).to.include(words);
    });
  }

  it('keeps its message through a restart', () => {
    const world = led().ask(policy().switchover('z', 'r1'));
    world.settle();
    const before = world.status.switchover;
    world.restart();
    expect(world.last().statuses).to.deep.equal([]);
    expect(world.status.switchover).to.deep.equal(before);
  });

  it('is not judged while the policy is invalid: what it asks for is not known', () => {
    const world = led().ask(policy().switchover('b', 'r1'));
    world.settle();
    world.ask(policy().invalid('spec.paused: ...')).settle();
    expect([world.leader, switchovers(world)]).to.deep.equal(['b', ['SwitchoverCompleted']]);
  });
});

describe('a switchover with a handover gap', () => {
  const asked = policy().failover(GAP).switchover('b', 'r1');

  function pending(): PolicyWorld {
    const world = led(policy().failover(GAP)).ask(asked);
    world.settle();
    return world;
  }

  it('is Pending while nobody is published, and then done', () => {
    const world = pending();
    expect([world.leader, phase(world), switchovers(world)]).to.deep.equal([undefined, 'r1 Pending', []]);
    world.pass(5 * SECOND).settle();
    expect([world.leader, phase(world), switchovers(world)]).to.deep.equal([
      'b',
      'r1 Completed',
      ['SwitchoverCompleted'],
    ]);
  });

  it('is Pending also after an earlier one', () => {
    const world = led().ask(policy().switchover('b', 'r0'));
    world.settle();
    world.ask(policy().failover(GAP).switchover('a', 'r1')).settle();
    expect([world.leader, phase(world)]).to.deep.equal([undefined, 'r1 Pending']);
  });

  it('that was done is not Pending while a failover to the same pod waits', () => {
    const world = pending();
    world.pass(5 * SECOND).settle();
    world.pods = [A];
    world.settle();
    world.pass(5 * SECOND).settle();
    world.pods = [B];
    world.settle();
    expect([world.leader, phase(world)]).to.deep.equal([undefined, 'r1 Completed']);
  });

  it('taken back before it happens leaves the leader, and nothing is remembered', () => {
    const world = pending();
    world.ask(policy().failover(GAP)).settle();
    expect([world.leader, world.status.switchover, switchovers(world)]).to.deep.equal(['a', undefined, []]);
    expect(world.leaderSlice?.annotations).not.to.have.property(SLICE_ANNOTATION.switchover);
    expect(world.leaderSlice?.annotations[SLICE_ANNOTATION.epoch]).to.equal('1');
  });

  it('fails where its target may no longer lead when the gap is over, and the leader comes back', () => {
    const world = pending();
    world.pods = [A];
    world.pass(5 * SECOND).settle();
    expect([world.leader, phase(world)]).to.deep.equal(['a', 'r1 Failed']);
  });

  it('goes on through a restart in the middle', () => {
    const world = pending();
    world.pass(2 * SECOND).restart();
    expect(world.next().againAfterMs).to.equal(3 * SECOND);
    world.pass(3 * SECOND).settle();
    expect(world.leader).to.equal('b');
  });
});
