import { expect } from 'chai';
import { eventually } from '../integration/support/eventually.ts';
import { ledByPolicy, withPolicies, type Led } from '../integration/support/policy.ts';
import type { KubeEvent } from '../integration/support/shapes.ts';
import { isTold } from '../integration/support/told.ts';

const KINDS = ['Service', 'LeaderPolicy'];
/** Of one object at once; then one a minute. */
const BURST = 25;
const CHANGES = 40;

describe('the Events of a LeaderPolicy and its Service', function () {
  this.timeout(60_000);
  const stage = withPolicies('flood');

  async function eventsOn(kind: string, name: string): Promise<KubeEvent[]> {
    return (await stage.ns.events(name)).filter(({ regarding }) => regarding.kind === kind);
  }

  it('are no flood where the leader flaps, and the metrics have all of it', async () => {
    const startedAt = Date.now();
    const led = await ledByPolicy(stage.ns, 'flaps');
    await flap(led);
    await isTold(stage.ns, led.leader, 'flaps-0');
    const more = Math.ceil((Date.now() - startedAt) / 60_000);
    for (const kind of KINDS) {
      const events = await eventsOn(kind, 'flaps');
      expect(events.length, kind).to.be.within(BURST, BURST + more);
      const changes = events.filter(({ reason }) => reason === 'LeaderChanged');
      expect(changes.length, kind).to.be.greaterThan(BURST - 5);
      // Each is a happening of its own.
      expect(changes.filter(({ series }) => series !== undefined)).to.deep.equal([]);
    }
    const metrics = await stage.operator.metrics();
    expect(metrics.value('zen_lead_failover_count_total', { reason: 'NotReady' })).to.equal(CHANGES);
    expect(metrics.value('zen_lead_leader_epoch', { service: 'flaps' })).to.equal(CHANGES + 1);
  });

  it('are one with a series where the same state begins again and again', async () => {
    const { leader, policy } = await ledByPolicy(stage.ns, 'blinks', {}, { count: 1 });
    for (let times = 1; times <= 4; times += 1) {
      await policy.set({ ports: [{ port: 80, targetPort: 'nowhere' }] });
      await stage.ns.leads(leader, null);
      await counted('blinks', times);
      await policy.set({ ports: null });
      await stage.ns.leads(leader, 'blinks-0');
      await policy.isLedBy('blinks-0');
    }
    expect((await stage.operator.metrics()).value('zen_lead_port_resolution_failures_total')).to.equal(4);
  });

  async function counted(name: string, times: number): Promise<void> {
    await eventually(async () => {
      for (const kind of KINDS) {
        const told = (await eventsOn(kind, name)).filter(({ reason }) => reason === 'PortResolutionFailed');
        expect(
          told.map(({ series }) => series?.count ?? 1),
          kind,
        ).to.deep.equal([times]);
      }
    });
  }

  /** An even number of changes: the first one leads again in the end. */
  async function flap({ pods, leader }: Led): Promise<void> {
    for (let change = 0; change < CHANGES; change += 1) {
      const [from, to] = change % 2 === 0 ? [0, 1] : [1, 0];
      await pods[from]!.setReady(false);
      await stage.ns.leads(leader, `flaps-${String(to)}`);
      await pods[from]!.setReady(true);
    }
  }
});
