import { expect } from 'chai';
import type { LeaderPolicyStatus } from '../../../src/api/leader-policy.ts';
import { CONDITION_TYPES } from '../../../src/api/reasons.ts';
import { microTime } from '../../../src/plan/memory.ts';
import { MINUTE, NOW, pod, policy, SECOND } from '../../support/builders.ts';
import { LEADER, plainService, PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').on('node-1', 'zone-1').build();
const B = pod('b')
  .ip('10.0.0.2')
  .ready(NOW - MINUTE)
  .build();

function led(): PolicyWorld {
  const world = new PolicyWorld(policy(), A, B);
  world.settle();
  return world.pass(SECOND);
}

/** What of the status is another since. */
function changed(world: PolicyWorld, before: LeaderPolicyStatus): string[] {
  const [was, is] = [before, world.status] as unknown as Record<string, unknown>[];
  const names = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})]);
  return [...names].filter((name) => JSON.stringify(was?.[name]) !== JSON.stringify(is?.[name])).sort();
}

describe('the status of a policy', () => {
  it('has every field of the contract', () => {
    const { conditions, ...rest } = led().status;
    expect(rest).to.deep.equal({
      observedGeneration: 1,
      leaderServiceName: 'web-leader',
      leader: {
        podName: 'a',
        podUID: 'uid-a',
        podIP: '10.0.0.1',
        nodeName: 'node-1',
        zone: 'zone-1',
        since: microTime(NOW),
        epoch: 1,
        reason: 'Elected',
      },
      candidates: { total: 2, ready: 2, eligible: 2, summary: '2/2' },
      candidateDetails: [
        { podName: 'a', eligible: true, reason: 'Leader' },
        { podName: 'b', eligible: true, reason: 'Standby' },
      ],
      failovers: 0,
      history: [{ epoch: 1, to: 'a', reason: 'Elected', time: microTime(NOW), durationMilliseconds: 0 }],
    });
    expect(conditions?.map(({ type }) => type)).to.deep.equal(CONDITION_TYPES);
  });

  it('is written once, after the slice, and then no more', () => {
    const world = led();
    expect(world.statusWrites).to.equal(1);
    for (const ms of [1, SECOND, 60 * MINUTE]) {
      expect(world.pass(ms).next()).to.deep.include({ writes: [], statuses: [] });
    }
    world.restart();
    expect(world.next().statuses).to.deep.equal([]);
  });

  it('is a patch of what is another, of the policy that was seen', () => {
    const world = led();
    const { resourceVersion } = world.policy;
    world.pods = [...world.pods, pod('c').notReady().build()];
    const [update] = world.next().statuses;
    expect(update).to.deep.include({
      resourceVersion,
      policy: {
        apiVersion: 'zen-lead.io/v1alpha1',
        kind: 'LeaderPolicy',
        namespace: 'shop',
        name: 'lp',
        uid: 'uid-lp',
      },
    });
    expect(update?.patch).to.deep.include({ candidates: { total: 3, summary: '2/3' } });
    expect(Object.keys(update?.patch ?? {})).to.deep.equal(['candidates', 'candidateDetails']);
  });

  it('follows a failover', () => {
    const world = led();
    const before = world.status;
    world.pods = [pod('a').notReady(world.now).build(), B];
    world.settle();
    expect(changed(world, before)).to.deep.equal([
      'candidateDetails',
      'candidates',
      'conditions',
      'failovers',
      'history',
      'leader',
    ]);
    expect(world.status.leader).to.deep.equal({
      podName: 'b',
      podUID: 'uid-b',
      podIP: '10.0.0.2',
      since: microTime(world.now),
      epoch: 2,
      reason: 'NotReady',
    });
    expect(world.status).to.deep.include({
      failovers: 1,
      candidates: { total: 2, ready: 1, eligible: 1, summary: '1/2' },
    });
  });

  it('names no leader while nobody is published', () => {
    const world = led();
    world.pods = [];
    world.settle();
    expect(world.status).not.to.have.property('leader');
    expect(world.status).to.deep.include({ candidateDetails: [], failovers: 0 });
  });

  it('names the leader through a grace', () => {
    const world = led();
    world.ask(policy().failover({ gracePeriodSeconds: 10 }));
    world.pods = [pod('a').on('node-1', 'zone-1').notReady(world.now).build(), B];
    world.settle();
    expect(world.status.leader?.podName).to.equal('a');
    expect(world.status.candidateDetails).to.deep.equal([
      { podName: 'b', eligible: true, reason: 'Standby' },
      { podName: 'a', eligible: false, reason: 'NotReady' },
    ]);
  });

  it('counts as ready what is Ready and not terminating', () => {
    const world = led();
    world.pods = [A, B, pod('c').terminating().build(), pod('d').notReady().build()];
    world.settle();
    expect(world.status.candidates).to.deep.equal({ total: 4, ready: 2, eligible: 2, summary: '2/4' });
  });

  it('explains at most ten candidates: the eligible in their order, then the others by name', () => {
    const world = led();
    const more = Array.from({ length: 12 }, (_, index) => pod(`x-${String(index).padStart(2, '0')}`));
    const refused = more.slice(0, 9).map((builder) => builder.notReady().build());
    world.pods = [...refused.reverse(), more[9]!.ready(NOW - 90 * MINUTE).build(), A, B];
    world.settle();
    expect(world.status.candidateDetails?.map(({ podName }) => podName)).to.deep.equal([
      'x-09',
      'a',
      'b',
      ...['x-00', 'x-01', 'x-02', 'x-03', 'x-04', 'x-05', 'x-06'],
    ]);
  });

  it('gives each candidate its reason', () => {
    const world = led();
    world.ask(policy().selection({ minReadySeconds: 5, exclude: { matchLabels: { out: 'yes' } } }));
    world.pods = [
      A,
      pod('c').terminating().build(),
      pod('d').phase('Failed').build(),
      pod('e').labelled({ out: 'yes' }).build(),
      pod('f').notReady().build(),
      pod('g').ip().build(),
      pod('h').ip('127.0.0.1').build(),
      pod('i').ready(world.now).build(),
    ];
    world.settle();
    expect(world.status.candidateDetails?.map(({ reason }) => reason)).to.deep.equal([
      'Leader',
      'Terminating',
      'NotRunning',
      'Excluded',
      'NotReady',
      'NoAddress',
      'AddressRefused',
      'MinReadyNotReached',
    ]);
  });

  it('has the address of the primary family', () => {
    const world = new PolicyWorld(policy(), pod('a').ip('10.0.0.1', 'fd00::1').build());
    world.sources.set('web', plainService().families('RequireDualStack', 'IPv6', 'IPv4').build());
    world.settle();
    expect(world.status.leader?.podIP).to.equal('fd00::1');
  });

  it('is written again, by a timer, when a pod that stands by has been Ready for long enough', () => {
    const world = led();
    world.ask(policy().selection({ minReadySeconds: 60 }));
    world.pods = [A, pod('b').ready(world.now).build()];
    expect(world.last().againAfterMs).to.equal(MINUTE);
    expect(world.status.candidates?.summary).to.equal('1/2');
    world.pass(MINUTE);
    expect(world.last()).not.to.have.property('againAfterMs');
    expect([world.status.candidates?.summary, world.leader]).to.deep.equal(['2/2', 'a']);
  });

  it('of a policy that did not get its name is written by a timer, too', () => {
    const world = led();
    world.ask(policy('second').selection({ minReadySeconds: 60 }).created(NOW));
    world.pods = [A, pod('b').ready(world.now).build()];
    expect(world.last().againAfterMs).to.equal(MINUTE);
    world.pass(MINUTE).settle();
    expect(world.policies.get('second')?.status.candidates?.summary).to.equal('2/2');
  });

  it('is of the generation that it is about, also in its conditions', () => {
    const world = led();
    world.ask(policy().failover({ gracePeriodSeconds: 1 })).settle();
    const { observedGeneration, conditions = [] } = world.status;
    expect(observedGeneration).to.equal(2);
    for (const condition of conditions) expect(condition.observedGeneration).to.equal(2);
  });

  it('takes out what another hand or a later operator wrote to it', () => {
    const world = led();
    const before = world.status;
    const status = { ...before, observedGeneration: 99, future: 'x' } as LeaderPolicyStatus;
    world.policies.set('lp', { ...world.policy, status });
    world.settle();
    expect(world.status).to.deep.equal(before);
  });

  it('is not written while its Service is only being made', () => {
    expect(new PolicyWorld(policy(), A).next()).to.deep.include({ again: true, statuses: [] });
  });

  it('of a policy without a leader Service keeps what it led before', () => {
    const world = led();
    world.services.delete(LEADER);
    world.sources.clear();
    world.restart();
    world.settle();
    expect(world.status).not.to.have.property('leader');
    expect(world.status.history).to.have.length(1);
  });
});
