import { expect } from 'chai';
import { AuditTrail } from './support/audit.ts';
import { Chronicle } from './support/chronicle.ts';
import { installCrd } from './support/crd.ts';
import { eventually, throughout } from './support/eventually.ts';
import { namespace, type Namespace } from './support/namespace.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { ledByPolicy } from './support/policy.ts';
import {
  changes,
  failovers,
  led,
  looksAtPods,
  holderAmong,
  HOLDS,
  identityOf,
  lease,
  sees,
  SERVED_MS,
  startReplica,
  startReplicas,
} from './support/replicas.ts';
import { isTold } from './support/told.ts';

describe('two replicas', function () {
  this.timeout(20_000);
  let ns: Namespace;
  let holder: OperatorProcess;
  let other: OperatorProcess;

  before(async () => {
    await installCrd();
    ns = await namespace('replicas');
    [holder, other] = (await startReplicas(ns, 2)) as [OperatorProcess, OperatorProcess];
  });

  after(async () => {
    await Promise.all([holder.kill('SIGKILL'), other.stop()]);
  });

  it('write nothing while nothing happens, but that one of them renews the Lease', async () => {
    await led(ns, 'quiet');
    const trail = await AuditTrail.begin();
    await eventually(
      async () => {
        expect(await trail.written({ namespace: ns.name })).to.have.length.at.least(2);
      },
      { timeout: 10_000, describe: 'two renewals' },
    );
    expect(new Set(await trail.written({ namespace: ns.name }))).to.have.keys('update leases/zen-lead');
    expect(await lease(ns)).to.deep.include({ holderIdentity: identityOf(holder), leaseTransitions: 0 });
  });

  it('share one failover: the holder writes the slice once and tells of it once, the other does nothing', async () => {
    const { pods, policy } = await ledByPolicy(ns, 'shared');
    await isTold(ns, 'shared-leader', 'shared-0');
    const before = await failovers([holder, other]);
    const looks = await Promise.all([holder, other].map(looksAtPods));
    const trail = await AuditTrail.begin();
    await pods[0]!.setReady(false);
    await ns.leads('shared-leader', 'shared-1', SERVED_MS);
    await isTold(ns, 'shared-leader', 'shared-1');
    // Longer than the other one would wait before it acts.
    await throughout(700, () => undefined);
    const written = (await trail.written({ namespace: ns.name })).filter((each) => !/ leases\//.test(each));
    expect(written.filter((each) => !/ events\//.test(each))).to.deep.equal([
      'update endpointslices/shared-leader-zen-lead-ipv4',
      'patch leaderpolicies/shared',
      'patch services/shared-leader',
    ]);
    // On the Service, and on the policy.
    expect(written.filter((each) => / events\//.test(each))).to.have.length(2);
    expect((await policy.history()).map(({ epoch }) => epoch)).to.deep.equal([2, 1]);
    expect(await failovers([holder, other])).to.deep.equal([before[0]! + 1, before[1]]);
    await sees(other, 'shared-leader', 'shared-1');
    expect(await Promise.all([holder, other].map(looksAtPods))).to.deep.equal(looks);
  });

  it('lose no failover while the holder is stopped, and move nobody back when it goes on', async () => {
    const [first, second] = await led(ns, 'stopped', 2);
    const chronicle = await Chronicle.begin(ns);
    const before = await failovers([holder, other]);
    await holder.freeze();
    try {
      await first!.setReady(false);
      await ns.leads('stopped-leader', 'stopped-1', SERVED_MS);
      await ns.eventsOf('stopped', 'LeaderChanged');
      await first!.setReady(true);
      await second!.setReady(false);
      await ns.leads('stopped-leader', 'stopped-0', SERVED_MS);
      // By the one who knows from whom to whom: the one that was stopped has missed a leader.
      await ns.eventSaying('stopped', 'LeaderChanged', 'stopped-0 leads');
      await second!.setReady(true);
    } finally {
      holder.signal('SIGCONT');
    }
    await sees(holder, 'stopped-leader', 'stopped-0');
    expect(await changes(ns, 'stopped')).to.deep.equal([
      'pod stopped-1 leads instead of stopped-0',
      'pod stopped-0 leads instead of stopped-1',
    ]);
    expect(await chronicle.leaders('stopped-leader')).to.deep.equal(['stopped-0', 'stopped-1', 'stopped-0']);
    expect(await failovers([holder, other])).to.deep.equal([before[0], before[1]! + 2]);
  });

  it('lose no failover when the holder is killed', async () => {
    const [first] = await led(ns, 'killed');
    const chronicle = await Chronicle.begin(ns);
    await holder.kill('SIGKILL');
    await first!.setReady(false);
    await ns.leads('killed-leader', 'killed-1', SERVED_MS);
    await ns.eventsOf('killed', 'LeaderChanged');
    expect(await chronicle.leaders('killed-leader')).to.deep.equal(['killed-0', 'killed-1']);
    expect(await changes(ns, 'killed')).to.have.length(1);
    expect((await lease(ns)).holderIdentity).to.equal(identityOf(holder));
  });
});

describe('a replica that ends', function () {
  this.timeout(20_000);

  it('gives the Lease back, and the next one has it within seconds, and goes first', async () => {
    const ns = await namespace('released');
    const [first, second, third] = await startReplicas(ns, 3);
    const [leader] = await led(ns, 'web');
    await first!.stop();
    const holder = await holderAmong(ns, [second!, third!], 4_000);
    await holder.waitForLog(({ message }) => message === HOLDS);
    expect((await lease(ns)).leaseTransitions).to.equal(1);
    const before = await failovers([holder]);
    await leader!.setReady(false);
    await ns.leads('web-leader', 'web-1', SERVED_MS);
    expect(await failovers([holder])).to.deep.equal([before[0]! + 1]);
    await Promise.all([second!.stop(), third!.stop()]);
    expect((await lease(ns)).holderIdentity).to.equal('');
  });

  it('in a rolling restart under a stream of failovers loses none', async () => {
    const ns = await namespace('rolling');
    let [older, newer] = await startReplicas(ns, 2);
    const pods = await led(ns, 'web', 2);
    const chronicle = await Chronicle.begin(ns);
    const expected = ['web-0'];
    const stop = new AbortController();
    const failOver = async (): Promise<void> => {
      const at = expected.length % 2;
      const [next, present] = [pods[at]!, pods[1 - at]!];
      await present.setReady(false);
      expected.push(next.name);
      await ns.leads('web-leader', next.name, SERVED_MS);
      await present.setReady(true);
    };
    const stream = (async () => {
      while (!stop.signal.aborted) await failOver();
    })();
    const more = async (count: number): Promise<void> => {
      const wanted = expected.length + count;
      await eventually(() => {
        expect(expected.length).to.be.at.least(wanted);
      });
    };
    for (let round = 0; round < 2; round += 1) {
      // As a Deployment does: a new one first, then an old one goes.
      const fresh = await startReplica(ns);
      await more(2);
      await older!.stop();
      await more(2);
      [older, newer] = [newer, fresh];
    }
    stop.abort();
    await stream;
    expect(await chronicle.leaders('web-leader')).to.deep.equal(expected);
    expect((await ns.memory('web-leader')).epoch).to.equal(expected.length);
    await Promise.all([older!.stop(), newer!.stop()]);
  });
});
