/**
 * The flagship: PostgreSQL in a StatefulSet, one annotation on its Service, and a client that opens a new connection every
 * few milliseconds. What befalls the leader, and how long nobody answers. The figures go to out/e2e.
 */
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '../bench/statistics.ts';
import { waitFor } from '../cluster/wait.ts';
import type { RealNode } from '../node/node.ts';
import { endOf, hasFailed, type Attempt } from './client/lines.ts';
import { monotonicMs } from './clock.ts';
import { deleted, frozen, frozenWithout, killed } from './seed/acts.ts';
import { giveAddress } from './seed/addressed.ts';
import { DOMAIN, startDns } from './seed/dns.ts';
import { goalLines } from './seed/goals.ts';
import { loseNode } from './seed/lost-node.ts';
import { scaleOperator } from './seed/operator.ts';
import { Results } from './seed/results.ts';
import { rollout } from './seed/rollout.ts';
import { LEADER, SOURCE, Stage, type Befalling } from './seed/stage.ts';
import { trafficOf } from './seed/traffic.ts';
import { clear, sharedNode } from './support/shared-node.ts';

/** Fewer where nobody asks for figures. */
const RUNS = Number(process.env['E2E_RUNS'] ?? 20);
const FEW = Math.min(3, RUNS);
const FROZEN = 'process frozen (SIGSTOP)';
const FROZEN_ADDRESSED = 'process frozen, where the source Service has an address';
/** With kube-proxy's defaults. */
const GOALS = {
  notReadyToAnswer: { median: 50, max: 1_100 },
  actToAnswer: { median: 2_000, max: 3_200 },
};
const SAMPLE = 'flagship-postgresql.yaml';
/** The very first time everything is built and made. */
const FIRST_MS = 3_600_000;
/**
 * At most, between a whole database and the next act: at any moment of the period of the probe. A frozen process is found after
 * a second at the earliest, so that kube-proxy has been quiet for longer than its minSyncPeriod; what is found at once waits so long first.
 */
const PAUSE_MS = 1_000;
const QUIET_MS = 1_200;
/** Of the operator, while everything is well. */
const ABSENT_MS = 3_000;

const random = randomOf(7);

async function repeat<T>(
  runs: number,
  name: string,
  stage: Stage,
  results: Results,
  steps: Befalling<T>,
): Promise<void> {
  for (let run = 0; run < runs; run += 1) {
    await stage.whole();
    await sleep(random() * PAUSE_MS + ([FROZEN, FROZEN_ADDRESSED].includes(name) ? 0 : QUIET_MS));
    results.add(await stage.failover(name, steps));
  }
}

describe('PostgreSQL behind a leader Service, on a real node', function () {
  this.timeout(120_000);
  const results = new Results({ name: 'defaults', minSyncPeriodMs: 1_000 });
  let node: RealNode;

  before(async function () {
    this.timeout(FIRST_MS);
    node = await sharedNode();
  });

  after(() => {
    console.log(`\n${results.write()}\n`);
    results.draw(
      FROZEN,
      'The process of the leader is frozen: pg_isready is asked every second, one failure is enough',
    );
  });

  describe('as its flagship case has it', () => {
    const ns = 'flagship';
    let stage: Stage;

    before(async () => {
      stage = await Stage.start({ node, namespace: ns, file: 'postgres.yaml' });
    });

    after(async () => {
      await stage.stop();
      await clear(node, ns);
    });

    it('answers through postgres-leader, from one pod, after one annotation', async () => {
      await stage.kubectl(['annotate', 'service', SOURCE, 'zen-lead.io/enabled=true']);
      const leader = await stage.leader();
      const probe = await stage.client({ host: await stage.address() });
      await probe.until('a hundred answers', ({ n }) => n >= 100);
      await probe.stop();
      const servers = new Set(probe.attempts.flatMap((each) => (hasFailed(each) ? [] : each.server)));
      expect([...servers]).to.deep.equal([leader.ip]);
    });

    it('shows two Services, and slices of all pods and of one', async () => {
      const services = await stage.kubectl(['get', 'services', '--output', 'name']);
      expect(services.trim().split('\n')).to.have.members([`service/${SOURCE}`, `service/${LEADER}`]);
      const columns =
        'custom-columns=SERVICE:.metadata.labels.kubernetes\\.io/service-name,E:.endpoints[*].targetRef.name';
      const slices = await stage.kubectl(['get', 'endpointslices', '--no-headers', '--output', columns]);
      const pods = new Map(
        slices
          .trim()
          .split('\n')
          .map((line) => line.split(/\s+/) as [string, string]),
      );
      expect(pods.get(SOURCE)?.split(',').toSorted()).to.deep.equal([
        'postgres-0',
        'postgres-1',
        'postgres-2',
      ]);
      expect(pods.get(LEADER)).to.equal((await stage.leader()).name);
    });

    it('is found by its DNS name, which leads elsewhere when the leader is deleted', async () => {
      const dns = await startDns(node);
      const host = `${LEADER}.${ns}.svc.${DOMAIN}`;
      const probe = await stage.client({ host, resolver: dns.resolver, intervalMs: 50 });
      const leader = await stage.leader();
      const answeredBy = (ip: string) => (each: Attempt) => !hasFailed(each) && each.server === ip;
      await probe.until('the leader to answer', answeredBy(leader.ip));
      await stage.kubectl(['delete', 'pod', leader.name, '--wait=false']);
      const next = await waitFor('the next leader', () => {
        const now = stage.recorder.leader();
        return now?.uid === leader.uid ? undefined : now?.ip;
      });
      await probe.until('the next leader to answer', answeredBy(next));
      await probe.stop();
      dns.stop();
      const [first] = probe.attempts.filter((each) => !hasFailed(each));
      expect(trafficOf(probe.attempts, first!.at, Infinity).failed).not.to.have.property('dns');
    });
  });

  describe('asked every second whether it is ready', () => {
    let stage: Stage;

    before(async () => {
      stage = await Stage.start({ node, namespace: 'shop', file: SAMPLE });
      await stage.connect();
    });

    after(async () => {
      await stage.stop();
      await clear(node, stage.namespace);
    });

    it(`leads to another pod when the process is frozen, ${RUNS} times`, async function () {
      this.timeout(RUNS * 20_000);
      await repeat(RUNS, FROZEN, stage, results, frozen(stage));
      const figures = results.figures(FROZEN);
      console.log(goalLines(figures, GOALS).join('\n'));
      // kube-proxy does not look at the slices of a headless Service. Some that are slow for another reason are counted too.
      expect(figures.waited * RUNS).to.be.at.most(Math.ceil(RUNS / 4));
      expect(figures.actToAnswer.max).to.be.at.most(5_000);
    });

    it('leads to another pod when the process is killed', async () => {
      await repeat(FEW, 'process killed (SIGKILL)', stage, results, killed(stage));
    });

    it('leads to another pod when the pod is deleted', async () => {
      await repeat(FEW, 'pod deleted', stage, results, deleted(stage));
    });

    it("does so when the operator's replica in charge is killed in the same moment", async () => {
      const name = 'process frozen, replica in charge of the operator killed';
      await repeat(1, name, stage, results, frozenWithout(stage, 'holder'));
    });

    it('does so when all replicas of the operator are killed in the same moment', async () => {
      const name = 'process frozen, all replicas of the operator killed';
      await repeat(1, name, stage, results, frozenWithout(stage, 'all'));
    });

    it('goes on where it led while there is no operator, and catches up when it is back', async () => {
      await stage.whole();
      await scaleOperator(node, 0);
      const from = monotonicMs();
      await sleep(ABSENT_MS);
      const calm = trafficOf(stage.probe.attempts, from, monotonicMs());
      expect(calm.failed).to.deep.equal({});
      expect(calm.connections).to.be.above(ABSENT_MS / 100);
      const leader = await stage.leader();
      await stage.node.api.call('DELETE', `/api/v1/namespaces/${stage.namespace}/pods/${leader.name}`);
      await waitFor('the API server to say so', () =>
        stage.recorder.pods().some(({ uid, fit }) => uid === leader.uid && !fit),
      );
      expect((await stage.leader()).uid).to.equal(leader.uid);
      const back = monotonicMs();
      await scaleOperator(node, 2);
      const answered = await stage.probe.until(
        'another pod to answer',
        (each) => each.at > back && 'server' in each && each.server !== leader.ip,
      );
      results.absent = { calm, answeredAgain: endOf(answered) - back };
    });

    it('drops no connection in a rolling restart, and moves once: from the pod that is restarted last', async () => {
      const outcome = await rollout(stage, 'postgres-0');
      results.rollouts.push(outcome);
      expect(outcome.traffic.failed).to.deep.equal({});
      expect(outcome).to.deep.include({ moves: 1, gaps: 0 });
    });

    it('drops none where the leader is the pod that is restarted first, and moves twice, which is least', async () => {
      const outcome = await rollout(stage, 'postgres-2');
      results.rollouts.push(outcome);
      expect(outcome.traffic.failed).to.deep.equal({});
      expect(outcome).to.deep.include({ moves: 2, gaps: 0 });
    });

    it('leads to nobody when the only node is lost, and back when its kubelet is', async function () {
      this.timeout(240_000);
      await stage.whole();
      const outcome = await loseNode(stage);
      results.lostNode = outcome;
      expect(outcome.meanwhile.failed).to.deep.equal({});
    });

    describe('where the source Service has an address, too', () => {
      const shortPeriod = new Results({ name: 'min-sync-100ms', minSyncPeriodMs: 100 });

      before(() => giveAddress(stage, SAMPLE));

      after(async () => {
        console.log(`\n${shortPeriod.write()}\n`);
        await node.restartProxy();
      });

      it(`leads to another pod when the process is frozen, ${RUNS} times`, async function () {
        this.timeout(RUNS * 20_000);
        await repeat(RUNS, FROZEN_ADDRESSED, stage, results, frozen(stage));
        const figures = results.figures(FROZEN_ADDRESSED);
        console.log(goalLines(figures, GOALS).join('\n'));
        // At most one wait for kube-proxy, and what is said of such failovers elsewhere.
        expect(figures.notReadyToAnswer.max).to.be.at.most(2_000);
        expect(figures.actToAnswer.max).to.be.at.most(5_000);
      });

      it(`does so, ${RUNS} times, with a minSyncPeriod of 100 ms`, async function () {
        this.timeout(RUNS * 20_000);
        await node.restartProxy('100ms');
        await repeat(RUNS, FROZEN_ADDRESSED, stage, shortPeriod, frozen(stage));
        const figures = shortPeriod.figures(FROZEN_ADDRESSED);
        const goals = { notReadyToAnswer: { max: 200 }, actToAnswer: { max: 3_200 } };
        console.log(goalLines(figures, goals).join('\n'));
        expect(figures.notReadyToAnswer.max).to.be.at.most(1_000);
        expect(figures.actToAnswer.max).to.be.at.most(5_000);
      });
    });
  });
});
