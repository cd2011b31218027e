import { expect } from 'chai';
import { AuditTrail, quietly } from './support/audit.ts';
import { installCrd } from './support/crd.ts';
import { eventually, throughout } from './support/eventually.ts';
import { namespace } from './support/namespace.ts';
import { startOperator, type OperatorProcess } from './support/operator-process.ts';
import { ledByPolicy, withPolicies, type PolicyHandle } from './support/policy.ts';
import { isTold } from './support/told.ts';

const STILL_MS = 600;

describe('what is written for a LeaderPolicy', () => {
  const stage = withPolicies('policy-writes');

  it('for a failover is one slice, then one status; and nothing when all is quiet', async () => {
    const { ns } = stage;
    const { policy, pods, leader } = await ledByPolicy(ns, 'web');
    await isTold(ns, leader, 'web-0');
    const trail = await AuditTrail.begin();
    await pods[0]!.setReady(false);
    await ns.leads(leader, 'web-1');
    await policy.isLedBy('web-1');
    await isTold(ns, leader, 'web-1');
    const written = (await trail.written({ namespace: ns.name })).filter(
      (write) => !write.includes('events'),
    );
    expect(written).to.deep.equal([
      'update endpointslices/web-leader-zen-lead-ipv4',
      'patch leaderpolicies/web',
      'patch services/web-leader',
    ]);
    expect(await quietly(ns.name, () => throughout(STILL_MS, () => undefined))).to.deep.equal([]);
  });

  it('for a change of the candidates is one status, and for one that changes nothing is nothing', async () => {
    const { ns } = stage;
    const { policy, pods, leader } = await ledByPolicy(ns, 'spare', {}, { count: 3 });
    await isTold(ns, leader, 'spare-0');
    const trail = await AuditTrail.begin();
    await pods[2]!.setReady(false);
    await policy.becomes(({ candidates }) => {
      expect(candidates?.summary).to.equal('2/3');
    });
    await pods[1]!.patch({ metadata: { annotations: { 'example.com/note': 'nothing' } } });
    await policy.patch({ metadata: { labels: { team: 'db' } } });
    await throughout(300, () => undefined);
    expect(await trail.written({ namespace: ns.name })).to.deep.equal(['patch leaderpolicies/spare']);
  });

  it('is never lost to a policy that is written to all the time, nor is what is written there', async function () {
    this.timeout(20_000);
    const { ns } = stage;
    const { policy, pods, leader } = await ledByPolicy(ns, 'busy');
    const writer = new BusyWriter(policy);
    for (const round of [0, 1, 0, 1, 0]) {
      await writer.more();
      await pods[round]!.setReady(false);
      await ns.leads(leader, `busy-${1 - round}`);
      await pods[round]!.setReady(true);
      await writer.more();
    }
    const writes = await writer.stop();
    const { history, failovers } = await policy.becomes(({ leader, candidates, observedGeneration }) => {
      expect([leader?.podName, candidates?.eligible]).to.deep.equal(['busy-1', 2]);
      // The last spec was seen, however the status writes before were refused.
      expect(observedGeneration).to.equal(writes.generation);
    });
    expect(failovers).to.equal(5);
    expect(history?.map(({ epoch }) => epoch)).to.deep.equal([6, 5, 4, 3, 2, 1]);
    const { metadata, spec } = await policy.get();
    expect(metadata.annotations).to.include({ 'example.com/count': String(writes.count) });
    expect(spec['historyLimit']).to.equal(writes.historyLimit);
  });
});

/** A controller that writes to spec and annotations as fast as it is answered. */
class BusyWriter {
  readonly #policy: PolicyHandle;
  readonly #done: Promise<void>;
  #count = 0;
  #historyLimit = 0;
  #generation = 0;
  #stopped = false;

  constructor(policy: PolicyHandle) {
    this.#policy = policy;
    this.#done = this.#run();
  }

  /** Waits for three more writes. */
  async more(): Promise<void> {
    const wanted = this.#count + 3;
    await eventually(() => {
      expect(this.#count).to.be.at.least(wanted);
    });
  }

  async stop(): Promise<{ count: number; historyLimit: number; generation: number }> {
    this.#stopped = true;
    await this.#done;
    return { count: this.#count, historyLimit: this.#historyLimit, generation: this.#generation };
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#count += 1;
      this.#historyLimit = 20 + (this.#count % 50);
      const { metadata } = await this.#policy.patch({
        metadata: { annotations: { 'example.com/count': String(this.#count) } },
        spec: { historyLimit: this.#historyLimit },
      });
      this.#generation = metadata.generation;
    }
  }
}

describe('a restart with LeaderPolicies', () => {
  before(() => installCrd());

  it('writes nothing where nothing changed, whatever the state', async function () {
    this.timeout(20_000);
    const ns = await namespace('policy-restart');
    const start = async (): Promise<OperatorProcess> =>
      (await startOperator({ namespaces: [ns.name] })).ready();
    const first = await start();
    const [, moved, paused] = await Promise.all([
      ledByPolicy(ns, 'plain'),
      ledByPolicy(ns, 'moved'),
      ledByPolicy(ns, 'paused'),
      ledByPolicy(ns, 'ported', { ports: [{ port: 80, targetPort: 'db' }], selection: { sticky: false } }),
    ]);
    await moved.policy.switchover('moved-1', 'a');
    await paused.policy.set({ paused: true });
    await paused.policy.switchover('paused-1', 'b');
    await paused.pods[0]!.setReady(false);
    await moved.policy.isLedBy('moved-1');
    await paused.policy.becomes(({ switchover, leader, conditions }) => {
      expect([switchover?.phase, leader]).to.deep.equal(['Failed', undefined]);
      expect(conditions?.find(({ type }) => type === 'Paused')?.status).to.equal('True');
    });
    await isTold(ns, moved.leader, 'moved-1');
    await eventually(async () => {
      expect(await quietly(ns.name, () => throughout(200, () => undefined))).to.deep.equal([]);
    });
    await first.stop();
    const trail = await AuditTrail.begin();
    const second = await start();
    await throughout(1_000, () => undefined);
    // The API server knows the Events by their names, and refuses them.
    const done = (await trail.writes({ namespace: ns.name })).filter(
      ({ responseStatus }) => responseStatus?.code !== 409,
    );
    expect(done.map(({ verb, objectRef }) => [verb, objectRef?.resource, objectRef?.name])).to.deep.equal([]);
    expect(second.logs.filter(({ message }) => message === 'leader changed')).to.deep.equal([]);
    await second.stop();
  });
});
