import { expect } from 'chai';
import type { LeaderPolicyHistoryEntry } from '../../../src/api/leader-policy.ts';
import type { Pod } from '../../../src/api/objects.ts';
import { historyOf } from '../../../src/plan/leader-history.ts';
import { microTime } from '../../../src/plan/memory.ts';
import { memoryOf, NOW, pod, policy, SECOND, type PolicyBuilder } from '../../support/builders.ts';
import { LEADER, PolicyWorld } from '../../support/policy-world.ts';

const A = pod('a').build();
const B = pod('b').ip('10.0.0.2').build();
const C = pod('c').ip('10.0.0.3').build();

/** The leader fails over to the other one so many times, a second apart. */
function turns(world: PolicyWorld, count: number): PolicyWorld {
  for (let turn = 0; turn < count; turn += 1) {
    world.pass(SECOND);
    world.pods = world.leader === 'a' ? [B] : [A];
    world.settle();
  }
  return world;
}

function led(builder: PolicyBuilder = policy(), ...pods: Pod[]): PolicyWorld {
  const world = new PolicyWorld(builder, ...(pods.length === 0 ? [A] : pods));
  world.settle();
  return world;
}

function told({ status }: PolicyWorld): string[] {
  return (status.history ?? []).map(
    ({ epoch, from, to, reason }) => `${epoch}: ${from ?? ''}>${to} ${reason}`,
  );
}

describe('the history', () => {
  it('begins with the first leader', () => {
    expect(led().status.history).to.deep.equal([
      { epoch: 1, to: 'a', reason: 'Elected', time: microTime(NOW), durationMilliseconds: 0 },
    ]);
  });

  it('is newest first, one entry for each epoch', () => {
    const world = turns(led(), 2);
    expect(told(world)).to.deep.equal(['3: b>a PodGone', '2: a>b PodGone', '1: >a Elected']);
    expect(world.status.failovers).to.equal(2);
  });

  it('is not longer for a leader that was withdrawn and came back', () => {
    const world = led();
    world.pods = [];
    world.settle();
    world.pods = [A];
    world.settle();
    expect(told(world)).to.have.length(1);
  });

  it('tells how long nobody led: from the withdrawal to the next leader', () => {
    const world = led();
    world.pods = [];
    world.settle();
    world.pass(2500);
    world.pods = [B];
    world.settle();
    expect(world.status.history?.[0]).to.deep.include({ epoch: 2, durationMilliseconds: 2500 });
    expect(turns(world, 1).status.history?.[0]).to.deep.include({ epoch: 3, durationMilliseconds: 0 });
  });

  /** After ten seconds without a leader b leads for an hour, and goes together with the leader Service. */
  function lostWithItsService(builder = policy()): PolicyWorld {
    const world = led(builder);
    world.pods = [];
    world.settle();
    world.pods = [B];
    world.pass(10 * SECOND).settle();
    world.services.clear();
    world.slices.clear();
    world.pods = [C];
    world.pass(3600 * SECOND).settle(6);
    return world;
  }

  it('does not count what was before the leader, where its Service is lost with it', () => {
    const { status } = lostWithItsService();
    expect(status.history?.[0]).to.deep.include({ epoch: 3, to: 'c', durationMilliseconds: 0 });
  });

  it('has a handover gap then that is counted from the loss', () => {
    const world = lostWithItsService(policy().failover({ handoverGapSeconds: 5 }));
    expect(world.leader).to.equal(undefined);
    world.pass(4 * SECOND).settle();
    expect(world.leader).to.equal(undefined);
    world.pass(SECOND).settle();
    expect(world.status.history?.[0]).to.deep.include({ to: 'c', durationMilliseconds: 5_000 });
  });

  it('counts the time for which its name was not ours', () => {
    const world = led(policy(), A, B);
    const managedBy = 'app.kubernetes.io/managed-by';
    world.edit(world.services, LEADER, ({ metadata }) => Reflect.deleteProperty(metadata.labels!, managedBy));
    world.pass(SECOND).settle();
    world.pods = [B];
    world.pass(3600 * SECOND).settle();
    world.edit(world.services, LEADER, ({ metadata }) => (metadata.labels![managedBy] = 'zen-lead'));
    world.settle(6);
    expect(world.status.history?.[0]).to.deep.include({ to: 'b', durationMilliseconds: 3_600_000 });
  });

  it('names nobody as the leader before where one of whom nothing was told led in between', () => {
    const world = led(policy(), A, B, C);
    world.isReporting = false;
    world.pods = [B, C];
    world.pass(100).settle();
    world.pods = [C];
    world.pass(100).settle();
    world.restart();
    world.isReporting = true;
    world.settle();
    expect(told(world)).to.deep.equal(['3: >c PodGone', '1: >a Elected']);
  });

  it('knows the leader before, also where nobody led in between', () => {
    const world = led();
    world.pods = [];
    world.settle();
    world.restart();
    world.pods = [B];
    world.settle();
    expect(told(world)[0]).to.equal('2: a>b PodGone');
  });

  it('is not doubled by a restart, and lost by none', () => {
    const world = turns(led(), 2);
    world.restart();
    expect(world.last().statuses).to.deep.equal([]);
    world.restart();
    expect(told(turns(world, 1))).to.have.length(4);
  });

  it('loses nothing to a crash between the slice and the status', () => {
    const world = led();
    world.isReporting = false;
    turns(world, 1);
    world.restart();
    world.isReporting = true;
    world.settle();
    expect(told(world)).to.deep.equal(['2: a>b PodGone', '1: >a Elected']);
  });

  it('knows the leader before, after a crash while nobody was published', () => {
    const world = led();
    world.pods = [];
    world.settle();
    world.isReporting = false;
    world.pods = [B];
    world.next();
    world.restart();
    world.isReporting = true;
    world.settle();
    expect(told(world)[0]).to.equal('2: a>b PodGone');
  });

  it('has every epoch of a burst that one status write tells', () => {
    const world = led();
    world.isReporting = false;
    turns(world, 4);
    world.isReporting = true;
    world.settle();
    expect(told(world).map((line) => line.slice(0, 6))).to.deep.equal([
      '5: b>a',
      '4: a>b',
      '3: b>a',
      '2: a>b',
      '1: >a ',
    ]);
    expect(world.statusWrites).to.equal(2);
  });

  it('holds as many entries as historyLimit says, and the count goes on', () => {
    const world = turns(led(policy().spec({ historyLimit: 2 })), 4);
    expect(told(world).map((line) => line[0])).to.deep.equal(['5', '4']);
    expect([world.status.failovers, world.status.leader?.epoch]).to.deep.equal([4, 5]);
    world.ask(policy().spec({ historyLimit: 0 })).settle();
    expect(world.status.history).to.deep.equal([]);
  });

  it('is kept while the policy is invalid', () => {
    const world = turns(led(), 2);
    const before = world.status.history;
    world.ask(policy().invalid('spec.paused: ...')).settle();
    expect(world.status.history).to.deep.equal(before);
  });

  it('goes on with the epoch where slice and process are lost', () => {
    const world = turns(led(), 2);
    world.slices.clear();
    world.restart();
    world.pods = [B];
    world.settle();
    expect(told(world)[0]).to.equal('4: a>b PodGone');
  });

  it('goes on with the epoch also where nobody led when they were lost', () => {
    const world = turns(led(), 2);
    world.pods = [];
    world.settle();
    world.slices.clear();
    world.restart();
    world.pods = [B];
    world.settle();
    expect(world.status.leader?.epoch).to.equal(4);
  });

  it('begins with the present epoch where a policy takes over', () => {
    const world = turns(led(), 2);
    world.ask(policy('second').created(NOW));
    world.policies.delete('lp');
    world.restart();
    world.settle();
    expect(world.policies.get('second')?.status.history?.map(({ epoch }) => epoch)).to.deep.equal([3]);
  });
});

describe('an entry', () => {
  const entry = (epoch: number): LeaderPolicyHistoryEntry => ({
    epoch,
    to: 'x',
    reason: 'Elected',
    time: 't',
  });

  it('is not made for an epoch that is there', () => {
    const past = { status: { history: [entry(3), entry(2)] }, remembered: [] };
    expect(historyOf(past, memoryOf(A, 3), undefined)).to.deep.equal([entry(3), entry(2)]);
  });

  it('of an epoch that has not come yet was written by another hand, and goes', () => {
    const past = { status: { history: [entry(500), entry(3)] }, remembered: [] };
    expect(historyOf(past, memoryOf(A, 3), undefined)).to.deep.equal([entry(3)]);
  });

  it('names the leader that was followed, though the one before is missing in the status', () => {
    const past = { status: { history: [entry(2)] }, remembered: [] };
    const change = { epoch: 4, from: { name: 'c', uid: 'uid-c' } };
    expect(historyOf(past, memoryOf(A, 4), change)[0]).to.deep.include({ epoch: 4, from: 'c', to: 'a' });
  });

  it('of the status goes before one of this process: two processes do not correct each other for ever', () => {
    const past = { status: { history: [entry(1)] }, remembered: [{ ...entry(1), to: 'y' }] };
    expect(historyOf(past, memoryOf(A, 1), undefined)).to.deep.equal([entry(1)]);
  });

  it('does not name a leader as the one before itself, which was only withdrawn for a while', () => {
    const change = { epoch: 1, from: { name: 'a', uid: 'uid-a' }, to: { name: 'a', uid: 'uid-a' } };
    const leader = { podName: 'a', podUID: 'uid-a', epoch: 1 };
    for (const status of [{}, { leader }]) {
      const [made] = historyOf({ status, remembered: [] }, memoryOf(A, 1), change);
      expect(made).to.include({ epoch: 1, to: 'a' }).and.not.to.have.property('from');
    }
    const again = historyOf({ status: { leader }, remembered: [] }, memoryOf(A, 2), undefined);
    expect(again[0], 'a pod of the same name, made again').to.include({ from: 'a', to: 'a' });
  });

  it('has no outage where a hand wrote no time, or one after the leader began', () => {
    for (const withdrawnAt of ['soon', microTime(NOW)]) {
      const past = { status: {}, remembered: [] };
      const [made] = historyOf(past, memoryOf(A, 2, { withdrawnAt }), undefined);
      expect(made?.durationMilliseconds).to.equal(0);
    }
  });

  it('of an older operator, which kept no reason, has the reason Unknown', () => {
    const { reason: _, ...memory } = memoryOf(A, 2);
    expect(historyOf({ status: {}, remembered: [] }, memory, undefined)[0]?.reason).to.equal('Unknown');
  });

  it('is one of at most 100', () => {
    const history = Array.from({ length: 100 }, (_, index) => entry(100 - index));
    const made = historyOf({ status: { history }, remembered: [] }, memoryOf(A, 101), undefined);
    expect([made.length, made[0]?.epoch, made.at(-1)?.epoch]).to.deep.equal([100, 101, 2]);
  });
});
