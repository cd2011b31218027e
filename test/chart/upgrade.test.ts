import { expect } from 'chai';
import type { AuditEvent } from '../cluster/cluster.ts';
import { installCrd } from '../integration/support/crd.ts';
import { eventually } from '../integration/support/eventually.ts';
import { namespace, type Namespace } from '../integration/support/namespace.ts';
import { ledByPolicy } from '../integration/support/policy.ts';
import { holderAmong, led, SERVED_MS, TAKEOVER_MS } from '../integration/support/replicas.ts';
import { isTold } from '../integration/support/told.ts';
import type { OperatorProcess } from '../integration/support/operator-process.ts';
import { sharedCluster } from '../integration/support/shared.ts';
import { FailoverStream, type Source } from './support/failover-stream.ts';
import { helmOk } from './support/helm.ts';
import { deploymentOf, helmOn, podSpecOf, uninstall } from './support/install.ts';
import { Kubelet, type PodRun } from './support/kubelet.ts';
import { Publications } from './support/publications.ts';
import { refusedTo } from './support/rights.ts';

const SERVICES = 16;
/** Of Services that a LeaderPolicy asks for. */
const POLICIES = 4;
const ALL = SERVICES + POLICIES;
/** Failovers, all in all. */
const PER_SECOND = 8;
/** As an image takes that is not on the node yet: with no replica there for so long, failovers would be lost. */
const START_MS = SERVED_MS;
/** Failovers before the upgrade, between it and the rollback, and after that. */
const AROUND = 10;
const WAIT = ['--wait', '--timeout=60s'];

describe('helm upgrade and helm rollback', function () {
  this.timeout(120_000);

  before(async () => {
    await installCrd();
  });

  it('under a steady stream of failovers lose none, tell of none twice, and move no leader themselves', async () => {
    const cluster = sharedCluster();
    const ns = await namespace('upgrade');
    const release = { name: 'zen-lead', namespace: ns.name };
    const kubelet = new Kubelet(cluster, release);
    await helmOn(cluster, 'install', release, '', WAIT);
    const first = [...kubelet.running];
    kubelet.startMs = START_MS;
    const sources = await ledSources(ns);
    const publications = await Publications.begin(ns);
    const { position } = await cluster.auditEvents();
    const stream = new FailoverStream(publications, sources, PER_SECOND);
    await stream.more(AROUND);

    const values = { logLevel: 'debug', concurrency: 8, image: { tag: 'next' } };
    await during(stream, 'upgrade', () => helmOn(cluster, 'upgrade', release, JSON.stringify(values), WAIT));
    const second = await haveReplaced(kubelet, first);
    for (const { pod } of second) {
      expect(pod.spec.containers[0]!.args).to.include.members(['--log-level=debug', '--concurrency=8']);
      expect(pod.spec.containers[0]!.image).to.match(/:next$/);
    }
    await stream.more(AROUND);

    const back = ['rollback', release.name, '1', '--namespace', ns.name, ...WAIT];
    await during(stream, 'rollback', () => helmOk(back, '', cluster.kubeconfigPath));
    const third = await haveReplaced(kubelet, second);
    const { containers } = podSpecOf(await deploymentOf(cluster, release));
    for (const { pod } of [...first, ...third])
      expect(pod.spec.containers[0]!.args).to.deep.equal(containers[0]!.args);
    await stream.more(AROUND);
    await stream.end();

    await allIsWellWith(ns, stream, publications);
    await holderAmong(ns, operatorsOf(third), TAKEOVER_MS);
    const { events } = await cluster.auditEvents(position);
    const user = `system:serviceaccount:${ns.name}:zen-lead`;
    expect(refusedTo(events, user)).to.deep.equal([]);
    expect(slicePuts(events, user, 200), 'one for each failover').to.equal(stream.servedMs.length);
    const conflicts = slicePuts(events, user, 409);
    const slowest = Math.max(...stream.servedMs).toFixed(0);
    console.log(
      `      all ${stream.servedMs.length} failovers: served within ${slowest} ms, ${conflicts} PUTs refused`,
    );
    expect(operatorsOf(kubelet.runs).flatMap(errors)).to.deep.equal([]);
    await uninstall(cluster, release);
    await haveReplaced(kubelet, third, 0);
    expect(kubelet.failures).to.deep.equal([]);
    await kubelet.stop();
  });
});

async function ledSources(ns: Namespace): Promise<Source[]> {
  const byAnnotation = Array.from({ length: SERVICES }, async (_, index) => {
    const name = `web${index}`;
    return { name, pods: (await led(ns, name, 2)) as unknown as Source['pods'] };
  });
  const byPolicy = Array.from({ length: POLICIES }, async (_, index) => {
    const name = `db${index}`;
    const { pods, leader, policy } = await ledByPolicy(ns, name);
    await isTold(ns, leader, `${name}-0`);
    return { name, pods: pods as unknown as Source['pods'], policy };
  });
  return Promise.all([...byAnnotation, ...byPolicy]);
}

/** Runs it, while failovers go on. */
async function during(stream: FailoverStream, what: string, action: () => Promise<unknown>): Promise<void> {
  const before = stream.servedMs.length;
  const started = performance.now();
  await action();
  stream.check();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const served = stream.servedMs.slice(before).sort((a, b) => a - b);
  const at = (part: number): string => (served[Math.floor(part * (served.length - 1))] ?? 0).toFixed(0);
  console.log(
    `      ${what}: ${seconds} s, ${served.length} failovers, served within ${at(0.5)} ms (p50), ${at(1)} ms (all)`,
  );
  expect(served.length, `failovers during the ${what}`).to.be.greaterThan(ALL);
}

/** The old ones have ended, with 0; others run. @returns these */
async function haveReplaced(kubelet: Kubelet, old: readonly PodRun[], count = 2): Promise<PodRun[]> {
  return eventually(
    () => {
      expect(kubelet.failures).to.deep.equal([]);
      expect(old.map(({ ended }) => ended?.code)).to.deep.equal(old.map(() => 0));
      expect(kubelet.running).to.have.length(count);
      return [...kubelet.running];
    },
    { timeout: 10_000, describe: 'the old replicas to be gone' },
  );
}

/** Nothing else has happened than what the stream asked for, and none of it is told twice. */
async function allIsWellWith(
  ns: Namespace,
  stream: FailoverStream,
  publications: Publications,
): Promise<void> {
  for (const [leaderService, leaders] of stream.expected) await isTold(ns, leaderService, leaders.at(-1)!);
  // This also throws for two endpoints, for a pod that is not Ready, and for an epoch that is not the next one.
  expect(Object.fromEntries(await publications.leaders())).to.deep.equal(Object.fromEntries(stream.expected));
  const events = (await ns.events()).filter(({ reason }) => reason === 'LeaderChanged');
  expect(events.filter(({ series }) => series !== undefined)).to.deep.equal([]);
  for (const [leaderService, leaders] of stream.expected) {
    const name = leaderService.replace(/-leader$/, '');
    for (const kind of name.startsWith('db') ? ['Service', 'LeaderPolicy'] : ['Service']) {
      const told = events.filter(({ regarding }) => regarding.kind === kind && regarding.name === name);
      const notes = told.map(({ note }) => note.replace(/:.*/, ''));
      expect(
        strange(notes, leaders),
        `${kind} ${name} of ${leaders.join(', ')}: ${notes.join('; ')}`,
      ).to.equal(undefined);
    }
  }
  const told = events.filter(({ regarding }) => regarding.kind === 'Service').length;
  console.log(`      ${told} of ${stream.servedMs.length} are told by Events`);
}

/**
 * The first note that is not of the next change or a later one. A change that a replica has made and not told before its end is
 * told by another one, without the name of the leader before, unless the next change is made meanwhile.
 */
function strange(notes: readonly string[], leaders: readonly string[]): string | undefined {
  let at = 0;
  return notes.find((note) => {
    const full = (index: number): string => `pod ${leaders[index]!} leads instead of ${leaders[index - 1]!}`;
    do at += 1;
    while (at < leaders.length && full(at) !== note && note !== `pod ${leaders[at]!} leads`);
    return at >= leaders.length;
  });
}

function operatorsOf(runs: readonly PodRun[]): OperatorProcess[] {
  return runs.map(({ operator }) => operator!);
}

/** PUTs of EndpointSlices with this answer. Where nobody holds the Lease, all who stand by try; one of them succeeds. */
function slicePuts(events: readonly AuditEvent[], username: string, code: number): number {
  return events.filter(
    ({ user, verb, objectRef, responseStatus }) =>
      user.username === username &&
      verb === 'update' &&
      objectRef?.resource === 'endpointslices' &&
      responseStatus?.code === code,
  ).length;
}

function errors({ logs }: OperatorProcess): unknown[] {
  return logs.filter(({ level }) => level === 'error');
}
