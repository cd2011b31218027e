import { expect } from 'chai';
import type { ServiceOptions } from './support/namespace.ts';
import { withOperator } from './support/with-operator.ts';

const LONG = 'a'.repeat(57);

interface Case {
  what: string;
  name: string;
  options: ServiceOptions;
  reason: string;
  /** What is wrong, and what to do about it. */
  says: readonly string[];
  /** A merge patch that puts it right. */
  cure?: object;
  leaderService?: string;
}

const CASES: readonly Case[] = [
  {
    what: 'no selector',
    name: 'selectorless',
    options: { spec: { selector: null } },
    reason: 'InvalidService',
    says: ['has no selector', 'give it spec.selector'],
    cure: { spec: { selector: { app: 'cured' } } },
  },
  {
    what: 'type ExternalName',
    name: 'external',
    options: { spec: { type: 'ExternalName', externalName: 'example.com' } },
    reason: 'InvalidService',
    says: ['type ExternalName', 'accepted are ClusterIP, NodePort, LoadBalancer and headless Services'],
    cure: { spec: { type: 'ClusterIP', externalName: null, selector: { app: 'cured' } } },
  },
  {
    what: 'no ports',
    name: 'portless',
    options: { selector: { app: 'cured' }, ports: [], spec: { clusterIP: 'None' } },
    reason: 'InvalidService',
    says: ['has no ports', 'needs at least one in spec.ports'],
    cure: { spec: { ports: [{ name: 'db', port: 5432 }] } },
  },
  {
    what: 'a named port that the pod has not',
    name: 'unresolved',
    options: { selector: { app: 'cured' }, ports: [{ name: 'web', port: 80, targetPort: 'http' }] },
    reason: 'PortResolutionFailed',
    says: ['port web', 'targetPort "http"/TCP', 'it has db/TCP'],
    cure: { spec: { ports: [{ name: 'web', port: 80, protocol: 'TCP', targetPort: 'db' }] } },
  },
  {
    what: 'a name that is too long for a leader Service',
    name: LONG,
    options: { selector: { app: 'cured' } },
    reason: 'InvalidAnnotation',
    says: [`${LONG}-leader`, 'more than 63 characters', 'set annotation zen-lead.io/leader-service-name'],
    cure: { metadata: { annotations: { 'zen-lead.io/leader-service-name': 'short' } } },
    leaderService: 'short',
  },
  {
    what: 'itself as its leader Service',
    name: 'ouroboros',
    options: { selector: { app: 'cured' }, annotations: { 'leader-service-name': 'ouroboros' } },
    reason: 'InvalidAnnotation',
    says: ['zen-lead.io/leader-service-name: "ouroboros"', "other than the Service's own name"],
    cure: { metadata: { annotations: { 'zen-lead.io/leader-service-name': null } } },
  },
  ...Object.entries({
    sticky: ['perhaps', 'accepted is "true" or "false"'],
    paused: ['yes', 'accepted is "true" or "false"'],
    strategy: ['Newest', 'accepted is OldestReady, Ordinal, Priority'],
    'min-ready-duration': ['-5s', 'accepted is a duration such as 5s'],
    'failover-min-delay': ['5 minutes', 'accepted is a duration such as 5s'],
    'switchover-to': ['No Pod', 'accepted is the name of a pod'],
  }).map(([annotation, [value = '', accepted = '']]) => ({
    what: `nonsense in annotation ${annotation}`,
    name: `bad-${annotation}`,
    options: { selector: { app: 'cured' }, annotations: { [annotation]: value } },
    reason: 'InvalidAnnotation',
    says: [`annotation zen-lead.io/${annotation}: "${value}" is not accepted`, accepted],
    cure: { metadata: { annotations: { [`zen-lead.io/${annotation}`]: null } } },
  })),
];

describe('a Service with', () => {
  const stage = withOperator('broken');

  before(async () => {
    const { ns } = stage;
    await ns.createPods('cured', 1);
    await ns.createService('healthy');
    for (const { name, options } of CASES) await ns.createService(name, options);
  });

  for (const { what, name, reason, says, cure, leaderService = `${name}-leader` } of CASES) {
    it(`${what} is told so in one Event, has no endpoint, and leads once that is put right`, async () => {
      const { ns } = stage;
      const events = await ns.eventsOf(name, reason);
      expect(events).to.have.length(1);
      for (const part of says) expect(events[0]?.note).to.contain(part);
      expect((await ns.leaderOf(leaderService)) ?? null).to.equal(null);
      if (cure === undefined) return;
      await ns.patchService(name, cure);
      await ns.leads(leaderService, 'cured-0');
      expect(await ns.eventsOf(name, reason)).to.have.length(1);
    });
  }

  it('no fault of its own is led all the same', async () => {
    const { ns } = stage;
    const [first] = await ns.createPods('healthy', 2);
    await ns.leads('healthy-leader', 'healthy-0');
    await first!.setReady(false);
    await ns.leads('healthy-leader', 'healthy-1');
  });

  it('a fault that lasts is told once, however often it is looked at', async () => {
    const { ns } = stage;
    await ns.createService('lasting', { annotations: { sticky: 'no' } });
    await ns.eventsOf('lasting', 'InvalidAnnotation');
    for (const round of ['1', '2', '3']) {
      await ns.createPod(`lasting-${round}`);
      await ns.annotate('lasting', { 'example.com/round': round, paused: round === '2' ? 'true' : null });
    }
    // Reports go out in turn: what was told of the one before is there by then.
    await ns.createService('lasting-sentinel', { annotations: { sticky: 'no' } });
    await ns.eventsOf('lasting-sentinel', 'InvalidAnnotation');
    const [event, ...more] = await ns.eventsOf('lasting', 'InvalidAnnotation');
    expect(more).to.deep.equal([]);
    expect(event).not.to.have.property('series');
  });

  it('a priority that is no integer on one of its pods is told so, and that counts as 0', async () => {
    const { ns } = stage;
    await ns.createPod('rank-0', { annotations: { 'zen-lead.io/priority': 'high' }, readyFor: 90 });
    await ns.createPod('rank-1', { annotations: { 'zen-lead.io/priority': '1' } });
    await ns.createService('rank', { annotations: { strategy: 'Priority' } });
    await ns.leads('rank-leader', 'rank-1');
    await ns.eventSaying('rank', 'InvalidAnnotation', 'pod rank-0: annotation zen-lead.io/priority: "high"');
  });
});
