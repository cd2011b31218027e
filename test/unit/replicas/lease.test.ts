import { expect } from 'chai';
import { UnreachableError } from '../../../src/errors.ts';
import { apiError } from '../../support/fake-client.ts';
import { LeaseServer, LeaseUnderTest } from '../../support/lease-server.ts';

const SECOND = 1_000;
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/ops/leases';
const UNREACHABLE = new UnreachableError('dropped', 'lost the connection');

let server: LeaseServer;

async function started(identity = 'a'): Promise<LeaseUnderTest> {
  return new LeaseUnderTest(server, identity).start();
}

beforeEach(() => {
  server = new LeaseServer();
});

describe('A Lease', () => {
  it('is not held before it was asked for', () => {
    expect(new LeaseUnderTest(server, 'a').isHeld).to.equal(false);
    expect(server.said).to.deep.equal([]);
  });

  it('that is not there is made, and held', async () => {
    const a = await started();
    expect([a.isHeld, a.turns, a.said('info')]).to.deep.equal([
      true,
      1,
      ['holds the Lease: this replica acts first'],
    ]);
    expect(server.said).to.deep.equal([`get ${LEASES}/zen-lead`, `create ${LEASES}`]);
    const time = '2026-03-01T12:00:00.000000Z';
    expect(server.lease?.spec).to.deep.equal({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: time,
      renewTime: time,
      leaseTransitions: 0,
    });
  });

  it('that is free is taken, which counts as a transition and leaves what others wrote', async () => {
    server.heldBy('', { leaseDurationSeconds: 1, strategy: 'OldestEmulationVersion' });
    server.lease!.metadata.labels = { team: 'data' };
    const a = await started();
    expect([a.isHeld, server.holder]).to.deep.equal([true, 'a']);
    expect(server.lease?.spec).to.include({
      leaseDurationSeconds: 15,
      leaseTransitions: 4,
      strategy: 'OldestEmulationVersion',
    });
    expect(server.lease?.metadata.labels).to.deep.equal({ team: 'data' });
  });

  it('is renewed every two seconds, which is told to nobody', async () => {
    const a = await started();
    server.lease!.metadata.labels = { team: 'data' };
    a.wallClock += 7 * SECOND;
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await a.clock.advance(SECOND);
      expect(a.isHeld, `after ${seconds} s`).to.equal(true);
    }
    expect(server.said.filter((said) => said.startsWith('update'))).to.have.length(30);
    expect(server.lease?.spec).to.include({
      acquireTime: '2026-03-01T12:00:00.000000Z',
      renewTime: '2026-03-01T12:00:07.000000Z',
      leaseTransitions: 0,
    });
    expect(server.lease?.metadata.labels).to.deep.equal({ team: 'data' });
    expect([a.turns, a.lines.length]).to.deep.equal([1, 1]);
  });

  it('of a replica that asks for it twice is one', async () => {
    const a = await started();
    a.lease.start();
    await a.clock.advance(0);
    expect([server.said.length, a.clock.timers]).to.deep.equal([2, 1]);
  });
});

describe('A Lease of another replica', () => {
  it('is left alone while it is renewed, and the log says once who holds it', async () => {
    server.heldBy('b');
    const a = await started();
    for (let round = 0; round < 10; round += 1) {
      await a.clock.advance(14 * SECOND);
      server.heldBy('b');
    }
    expect([a.isHeld, a.turns, server.holder]).to.deep.equal([false, 0, 'b']);
    expect(a.lines).to.deep.equal([
      [
        'info',
        'stands by: another replica holds the Lease',
        { lease: 'ops/zen-lead', identity: 'a', holder: 'b' },
      ],
    ]);
  });

  const clocks: readonly [string, string][] = [
    ['long ago', '2001-01-01T00:00:00.000000Z'],
    ['in the future', '2099-01-01T00:00:00.000000Z'],
    ['at no time', ''],
  ];
  for (const [when, renewTime] of clocks) {
    it(`runs out when it has not changed for 15 s, though it says that it was renewed ${when}`, async () => {
      server.heldBy('b', { renewTime });
      const a = await started();
      await a.clock.advance(14 * SECOND);
      expect([a.isHeld, server.holder]).to.deep.equal([false, 'b']);
      await a.clock.advance(2 * SECOND);
      expect([a.isHeld, a.turns, server.holder]).to.deep.equal([true, 1, 'a']);
      expect(server.lease?.spec.leaseTransitions).to.equal(4);
    });
  }

  it('lasts as long as its holder says', async () => {
    server.heldBy('b', { leaseDurationSeconds: 60 });
    const a = await started();
    await a.clock.advance(58 * SECOND);
    expect(a.isHeld).to.equal(false);
    await a.clock.advance(2 * SECOND);
    expect(a.isHeld).to.equal(true);
  });

  it('that is taken by a third one at the same moment is not ours', async () => {
    server.heldBy('');
    let let_go = (): void => undefined;
    const a = new LeaseUnderTest(server, 'a');
    const b = new LeaseUnderTest(server, 'b');
    server.delay = new Promise((resolve) => (let_go = resolve));
    a.lease.start();
    b.lease.start();
    let_go();
    await a.clock.advance(0);
    expect([a.isHeld, b.isHeld].filter(Boolean)).to.have.length(1);
    expect(server.holder).to.equal(a.isHeld ? 'a' : 'b');
    expect([...a.said('warn'), ...b.said('warn')]).to.deep.equal([]);
    await Promise.all([a.clock.advance(2 * SECOND), b.clock.advance(2 * SECOND)]);
    expect([a.isHeld, b.isHeld].filter(Boolean)).to.have.length(1);
  });

  it('is known to be lost as soon as it is read', async () => {
    const a = await started();
    server.heldBy('b');
    await a.clock.advance(2 * SECOND);
    expect(a.isHeld).to.equal(false);
    expect(a.said('info').at(-1)).to.equal('stands by: another replica holds the Lease');
  });
});

describe('A replica that cannot renew its Lease', () => {
  it('does not believe that it holds it after 10 s, says so in one line, and takes it up again', async () => {
    const a = await started();
    server.failure = UNREACHABLE;
    await a.clock.advance(9 * SECOND);
    expect(a.isHeld).to.equal(true);
    await a.clock.advance(1 * SECOND);
    expect(a.isHeld).to.equal(false);
    await a.clock.advance(60 * SECOND);
    expect([a.said('warn').length, a.turns]).to.deep.equal([1, 1]);
    expect(a.lines.at(-1)?.[2]).to.include({ lease: 'ops/zen-lead', error: 'lost the connection' });
    server.failure = undefined;
    await a.clock.advance(2 * SECOND);
    expect([a.isHeld, a.turns]).to.deep.equal([true, 2]);
    expect(a.said('info')).to.include('the Lease can be had again');
    server.failure = UNREACHABLE;
    await a.clock.advance(2 * SECOND);
    expect(a.said('warn')).to.have.length(2);
  });

  it('counts from before it asked, so an answer that is late makes it hold no longer', async () => {
    const a = await started();
    let answer = (): void => undefined;
    server.delay = new Promise((resolve) => (answer = resolve));
    await a.clock.advance(2 * SECOND);
    a.clock.spend(5 * SECOND);
    answer();
    await a.clock.advance(0);
    expect(a.isHeld).to.equal(true);
    server.failure = UNREACHABLE;
    await a.clock.advance(5 * SECOND);
    expect(a.isHeld).to.equal(false);
  });

  it('because its process was stopped does not believe that it holds it when it goes on', async () => {
    const a = await started();
    a.clock.spend(10 * SECOND);
    expect(a.isHeld).to.equal(false);
    server.heldBy('b');
    await a.clock.advance(0);
    expect([a.isHeld, server.holder]).to.deep.equal([false, 'b']);
  });

  it('and was stopped, goes on where nobody has taken it', async () => {
    const a = await started();
    a.clock.spend(60 * SECOND);
    await a.clock.advance(0);
    expect([a.isHeld, a.turns]).to.deep.equal([true, 2]);
  });

  for (const status of [403, 404]) {
    it(`because it is refused (${status}) knows that, and is told so once`, async () => {
      server.failure = apiError(status, 'Refused');
      const a = await started();
      await a.clock.advance(60 * SECOND);
      expect([a.isHeld, a.lease.isRefused, a.turns]).to.deep.equal([false, true, 1]);
      expect(a.said('warn')).to.have.length(1);
      server.failure = undefined;
      server.heldBy('b');
      await a.clock.advance(2 * SECOND);
      expect([a.isHeld, a.lease.isRefused]).to.deep.equal([false, false]);
    });
  }

  it('because nobody answers is not refused', async () => {
    server.failure = UNREACHABLE;
    const a = await started();
    expect([a.lease.isRefused, a.turns]).to.deep.equal([false, 0]);
  });
});
