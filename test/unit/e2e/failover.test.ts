import { expect } from 'chai';
import type { Attempt } from '../../e2e/client/lines.ts';
import { failed, failoverOf, type Act } from '../../e2e/measure/failover.ts';
import type { Sighting } from '../../e2e/measure/sightings.ts';

const OLD = { name: 'postgres-0', uid: 'u0', ip: '10.244.0.5' };
const NEW = { name: 'postgres-1', uid: 'u1', ip: '10.244.0.6' };
const ACT: Act = { name: 'frozen', at: 1_000, leader: OLD };

const pod = (at: number, { name, uid, ip }: typeof OLD, fit: boolean): Sighting => {
  return { what: 'pod', at, name, uid, ip, fit };
};

const slice = (
  what: 'leader' | 'source',
  at: number,
  resourceVersion: number,
  ...pods: (typeof OLD)[]
): Sighting => {
  return {
    what,
    at,
    resourceVersion,
    ready: pods.map(({ uid }) => uid),
    addresses: pods.map(({ ip }) => ip),
  };
};

const rules = (at: number, { ip }: typeof OLD): Sighting => ({ what: 'rules', at, address: ip });

let count = 0;
const answered = (at: number, ms: number, { ip }: typeof OLD): Attempt => {
  return { n: (count += 1), at, wall: 0, ms, server: ip };
};
const timedOut = (at: number, ms: number): Attempt => {
  return { n: (count += 1), at, wall: 0, ms, error: 'timeout', message: '', connected: true };
};

const BEFORE: Sighting[] = [
  pod(10, OLD, true),
  pod(10, NEW, true),
  slice('leader', 11, 100, OLD),
  slice('source', 11, 101, OLD, NEW),
  rules(30, OLD),
];
const SEEN: Sighting[] = [
  ...BEFORE,
  pod(2_500, OLD, false),
  slice('leader', 2_510, 201, NEW),
  slice('source', 2_512, 202, NEW),
  rules(2_530, NEW),
];
const CLIENT: Attempt[] = [
  answered(900, 5, OLD),
  answered(995, 6, OLD),
  timedOut(1_010, 1_000),
  answered(2_531, 4, NEW),
  answered(2_541, 4, NEW),
];

describe('the times of a failover', () => {
  it('count from the act', () => {
    const failover = failoverOf(ACT, SEEN, CLIENT);
    expect(failover).to.deep.include({
      act: 'frozen',
      from: 'postgres-0',
      to: 'postgres-1',
      notReady: 1_500,
      slice: 1_510,
      withdrawn: false,
      source: 1_512,
      sourceFirst: false,
      rules: 1_530,
      answer: 1_535,
    });
  });

  it('count connections that were under way at the act or began until shortly after the first answer', () => {
    const later = [timedOut(2_700, 1_000), timedOut(2_800, 1_000)];
    const failover = failoverOf(ACT, SEEN, [...CLIENT, ...later])!;
    expect(failover.connections.map(({ began, by, error }) => [began, by ?? error])).to.deep.equal([
      [-5, 'old'],
      [10, 'timeout'],
      [1_531, 'new'],
      [1_541, 'new'],
      [1_700, 'timeout'],
    ]);
    expect(failed(failover).map(({ ended }) => ended)).to.deep.equal([1_010, 2_700]);
  });

  it('are not there before all of it was seen', () => {
    expect(failoverOf(ACT, BEFORE, CLIENT)).to.equal(undefined);
    expect(failoverOf(ACT, SEEN.slice(0, -1), CLIENT)).to.equal(undefined);
    expect(failoverOf(ACT, SEEN, CLIENT.slice(0, 3))).to.equal(undefined);
    expect(failoverOf(ACT, SEEN, CLIENT)).not.to.equal(undefined);
  });

  it('do not take what was before the act for an answer', () => {
    const early = [slice('leader', 500, 90, NEW), rules(510, NEW)];
    expect(failoverOf(ACT, [...early, ...BEFORE], [...CLIENT])).to.equal(undefined);
    const asked = [answered(999, 2_000, NEW)];
    expect(failoverOf(ACT, SEEN, asked)).to.equal(undefined);
  });

  it('take the answer that was through first, not the one that began first', () => {
    const slow = answered(2_529, 300, NEW);
    expect(failoverOf(ACT, SEEN, [...CLIENT, slow])?.answer).to.equal(1_535);
    expect(failoverOf(ACT, SEEN, [slow, ...CLIENT])?.answer).to.equal(1_535);
  });

  it('are told apart from those of the pod that comes back under the name', () => {
    const again = { ...OLD, uid: 'u0-again', ip: '10.244.0.9' };
    const sightings = [...BEFORE, pod(1_900, again, false), ...SEEN.slice(BEFORE.length)];
    expect(failoverOf(ACT, sightings, CLIENT)?.notReady).to.equal(1_500);
  });

  it('tell that the slice was empty in between, and who wrote first', () => {
    const sightings = [
      ...BEFORE,
      slice('leader', 2_505, 200),
      slice('source', 2_512, 200.5, NEW),
      ...SEEN.slice(BEFORE.length),
    ];
    const failover = failoverOf(ACT, sightings, CLIENT);
    expect(failover).to.deep.include({ withdrawn: true, sourceFirst: true, slice: 1_510 });
  });

  it('have no moment of NotReady where the API server never said so', () => {
    const failover = failoverOf(
      ACT,
      SEEN.filter((each) => each.what !== 'pod' || each.fit),
      CLIENT,
    );
    expect(failover).not.to.have.property('notReady');
    expect(failover?.answer).to.equal(1_535);
  });
});
