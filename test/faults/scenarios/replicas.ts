import { expect } from 'chai';
import { AuditTrail } from '../../integration/support/audit.ts';
import { Chronicle } from '../../integration/support/chronicle.ts';
import { throughout } from '../../integration/support/eventually.ts';
import { namespace } from '../../integration/support/namespace.ts';
import { ledByPolicy } from '../../integration/support/policy.ts';
import { behindProxies, cutOff, endAll } from '../../integration/support/replicas-behind-proxies.ts';
import {
  changes,
  failovers,
  holderAmong,
  HOLDS,
  led,
  sees,
  SERVED_MS,
  startReplica,
  TAKEOVER_MS,
} from '../../integration/support/replicas.ts';
import { isTold } from '../../integration/support/told.ts';

const POD_WATCH = /\/pods\?.*watch=/;

/** Its pod watch is silent, its slice watch lives. */
async function holderWithoutPods(): Promise<void> {
  const ns = await namespace('blind');
  const { holder, other } = await behindProxies(ns);
  const [first, second] = await led(ns, 'web', 2);
  const chronicle = await Chronicle.begin(ns);
  holder.proxy.freeze(POD_WATCH, 'all');
  await first!.setReady(false);
  await ns.leads('web-leader', 'web-1', SERVED_MS);
  // It sees the slice, and still takes web-0 for Ready.
  await sees(holder.operator, 'web-leader', 'web-1');
  await isTold(ns, 'web-leader', 'web-1');
  const third = await ns.createPod('web-2');
  await second!.remove();
  // It has never heard of web-2, and still takes both others for Ready.
  await ns.leads('web-leader', 'web-2', SERVED_MS);
  await sees(holder.operator, 'web-leader', 'web-2');
  await third.setReady(false);
  await ns.leads('web-leader', null, SERVED_MS);
  await throughout(700, async () => {
    expect(await ns.leaderOf('web-leader')).to.equal(null);
  });
  await first!.setReady(true);
  await ns.leads('web-leader', 'web-0', SERVED_MS);
  const leaders = ['web-0', 'web-1', 'web-2', null, 'web-0'];
  expect(await chronicle.leaders('web-leader')).to.deep.equal(leaders);
  expect(await changes(ns, 'web')).to.deep.equal([
    'pod web-1 leads instead of web-0',
    'pod web-2 leads instead of web-1',
    'pod web-0 leads instead of web-2',
  ]);
  expect(await failovers([holder.operator, other.operator])).to.deep.equal([0, 3]);
  await endAll(holder, other);
}

async function standbyWithoutPods(): Promise<void> {
  const ns = await namespace('deaf');
  const { holder, other } = await behindProxies(ns);
  const [first, second] = await led(ns, 'web', 2);
  await sees(other.operator, 'web-leader', 'web-0');
  const chronicle = await Chronicle.begin(ns);
  other.proxy.freeze(POD_WATCH, 'all');
  await ns.createPod('web-2');
  await second!.remove();
  await first!.setReady(false);
  // It takes the old leader for Ready, and has never heard of the new one.
  await ns.leads('web-leader', 'web-2', SERVED_MS);
  await sees(other.operator, 'web-leader', 'web-2');
  await isTold(ns, 'web-leader', 'web-2');
  const { requests } = other.proxy;
  expect(requests.some(({ method, path }) => method === 'GET' && path.endsWith('/pods/web-2'))).to.equal(
    true,
  );
  expect(requests.filter(({ method }) => method !== 'GET')).to.deep.equal([]);
  expect(await chronicle.leaders('web-leader')).to.deep.equal(['web-0', 'web-2']);
  expect(await changes(ns, 'web')).to.deep.equal(['pod web-2 leads instead of web-0']);
  await endAll(holder, other);
}

async function holderCutOff(): Promise<void> {
  const ns = await namespace('cut');
  const { holder, other } = await behindProxies(ns);
  const { pods, policy, leader } = await ledByPolicy(ns, 'web');
  await isTold(ns, leader, 'web-0');
  const [first, second] = pods;
  const chronicle = await Chronicle.begin(ns);
  const trail = await AuditTrail.begin();
  const reconnect = cutOff(holder.proxy);
  await first!.setReady(false);
  await ns.leads(leader, 'web-1', SERVED_MS);
  await ns.eventsOf('web', 'LeaderChanged');
  // What can wait waits for who is the first then.
  expect(await holderAmong(ns, [other.operator], TAKEOVER_MS)).to.equal(other.operator);
  await other.operator.waitForLog(({ message }) => message === HOLDS);
  await policy.isLedBy('web-1');
  await isTold(ns, leader, 'web-1');
  const lines = holder.operator.logs.filter(({ message }) => message.startsWith('the Lease cannot'));
  expect(lines).to.have.length(1);
  reconnect();
  await sees(holder.operator, leader, 'web-1');
  await first!.setReady(true);
  await second!.setReady(false);
  await ns.leads(leader, 'web-0', SERVED_MS);
  await isTold(ns, leader, 'web-0');
  expect(await chronicle.leaders(leader)).to.deep.equal(['web-0', 'web-1', 'web-0']);
  expect((await policy.history()).map(({ epoch }) => epoch)).to.deep.equal([3, 2, 1]);
  // On the Service, and on the policy, which has the same name.
  expect(await changes(ns, 'web')).to.have.length(4);
  const statuses = await trail.written({ namespace: ns.name, resource: 'leaderpolicies' });
  expect(
    statuses.length,
    'a status for each failover, and one for the pod that is Ready again',
  ).to.be.at.most(3);
  await endAll(holder, other);
}

async function withoutLease(): Promise<void> {
  const ns = await namespace('refused');
  const replicas = await Promise.all([startReplica(ns), startReplica(ns)]);
  for (const replica of replicas) {
    const line = await replica.waitForLog(({ message }) => message.startsWith('the Lease cannot'));
    expect(line.level).to.equal('warn');
    expect(line['error']).to.contain('leases').and.to.contain(ns.name);
  }
  const [first] = await led(ns, 'web', 2);
  const chronicle = await Chronicle.begin(ns);
  const before = await failovers(replicas);
  await first!.setReady(false);
  await ns.leads('web-leader', 'web-1', SERVED_MS);
  await isTold(ns, 'web-leader', 'web-1');
  // As long as two more attempts at the Lease take.
  await throughout(4_500, async () => {
    expect(await ns.leaderOf('web-leader')).to.equal('web-1');
  });
  expect(await chronicle.leaders('web-leader')).to.deep.equal(['web-0', 'web-1']);
  expect(await changes(ns, 'web')).to.deep.equal(['pod web-1 leads instead of web-0']);
  const counted = await failovers(replicas);
  expect(counted[0]! + counted[1]!).to.equal(before[0]! + before[1]! + 1);
  for (const { logs } of replicas) expect(logs.filter(({ level }) => level === 'warn')).to.have.length(1);
  await Promise.all(replicas.map((replica) => replica.stop()));
}

/** Of two operators side by side. */
export const REPLICAS = {
  'two replicas, of which the holder hears nothing of the pods: the other one moves the leader, and nobody moves it back':
    holderWithoutPods,
  'two replicas, of which the other one hears nothing of the pods: it leaves alone what the holder does':
    standbyWithoutPods,
  'two replicas, of which the holder is cut off: the other one moves the leader at once, and tells of it when the Lease has run out':
    holderCutOff,
  'two replicas that may not have a Lease say so once, go on, and serve and tell each failover once':
    withoutLease,
};
