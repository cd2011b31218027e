import { expect } from 'chai';
import type { Namespace } from './support/namespace.ts';
import type { PodHandle } from './support/pod.ts';
import { createPolicy, ledByPolicy, withPolicies } from './support/policy.ts';
import { sideBySide } from './support/side-by-side.ts';
import type { Slice } from './support/shapes.ts';

type Ports = readonly { name: string; containerPort: number; protocol?: string }[];

describe('spec.ports of a LeaderPolicy', () => {
  const stage = withPolicies('ports');

  const podWith = async (name: string, ports: Ports, readyFor = 0): Promise<PodHandle> =>
    stage.ns.createPod(name, { readyFor, spec: { containers: [{ name: 'main', image: 'main', ports }] } });

  /** `name/protocol:port`, in the order of the names. */
  const portsOf = ({ ports }: { ports: Slice['ports'] }): string[] =>
    (ports ?? []).map(({ name, protocol, port }) => `${name ?? ''}/${protocol ?? ''}:${port ?? ''}`).sort();

  const published = async (ns: Namespace, leader: string): Promise<string[]> =>
    portsOf((await ns.slice(leader)) ?? { ports: null });

  sideBySide({
    'renames, narrows and adds, by name and by number': async () => {
      const { ns } = stage;
      await podWith('map-0', [
        { name: 'pg', containerPort: 5432 },
        { name: 'notify', containerPort: 5353, protocol: 'UDP' },
        { name: 'http', containerPort: 8008 },
      ]);
      await ns.createService('map', {
        annotations: false,
        ports: [
          { name: 'db', port: 5432 },
          { name: 'metrics', port: 9187 },
        ],
      });
      await createPolicy(ns, 'map', {
        ports: [
          { name: 'write', port: 5000, targetPort: 'pg' },
          { name: 'notify', port: 5000, targetPort: 'notify', protocol: 'UDP' },
          { name: 'api', port: 80, targetPort: 'http', appProtocol: 'kubernetes.io/ws' },
          { name: 'plain', port: 7000, targetPort: 7001 },
          { name: 'same', port: 7002 },
        ],
      });
      await ns.leads('map-leader', 'map-0');
      expect(await published(ns, 'map-leader')).to.deep.equal([
        'api/TCP:8008',
        'notify/UDP:5353',
        'plain/TCP:7001',
        'same/TCP:7002',
        'write/TCP:5432',
      ]);
      const service = await ns.service('map-leader');
      expect(
        service?.spec.ports.map(({ name, port, protocol }) => `${name ?? ''}/${protocol ?? ''}:${port}`),
      ).to.deep.equal(['write/TCP:5000', 'notify/UDP:5000', 'api/TCP:80', 'plain/TCP:7000', 'same/TCP:7002']);
      expect(service?.spec.ports[2]?.appProtocol).to.equal('kubernetes.io/ws');
    },

    'follows a name to another number on the next leader': async () => {
      const { ns } = stage;
      const first = await podWith('roll-0', [{ name: 'http', containerPort: 8080 }], 60);
      await podWith('roll-1', [{ name: 'http', containerPort: 9090 }]);
      await ns.createService('roll', { annotations: false });
      await createPolicy(ns, 'roll', { ports: [{ name: 'web', port: 80, targetPort: 'http' }] });
      await ns.leads('roll-leader', 'roll-0');
      expect(await published(ns, 'roll-leader')).to.deep.equal(['web/TCP:8080']);
      await first.setReady(false);
      await ns.leads('roll-leader', 'roll-1');
      expect(await published(ns, 'roll-leader')).to.deep.equal(['web/TCP:9090']);
    },

    'leads to nobody while a name is not one of the pod, says which, and heals': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'lost');
      await policy.set({ ports: [{ name: 'web', port: 80, targetPort: 'http' }] });
      await ns.leads(leader, null);
      expect(await published(ns, leader)).to.deep.equal([]);
      const { message } = await policy.hasCondition('PortsResolved', 'False/PortResolutionFailed');
      expect(message).to.contain('port web').and.to.contain('"http"/TCP').and.to.contain('lost-0');
      await policy.hasCondition('Ready', 'False/PortResolutionFailed');
      await policy.hasCondition('LeaderElected', 'True/Elected');
      const events = await ns.eventsOf('lost', 'PortResolutionFailed');
      expect(events.map(({ note }) => note)).to.satisfy((notes: string[]) =>
        notes.every((note) => note.startsWith(message.slice(0, 40))),
      );
      await policy.set({ ports: [{ name: 'web', port: 80, targetPort: 'db' }] });
      await ns.leads(leader, 'lost-0');
      await policy.hasCondition('PortsResolved', 'True/Resolved');
      const { failovers } = await policy.isLedBy('lost-0');
      expect(failovers).to.equal(0);
    },

    'are those of the source again when they are taken away': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'own', { ports: [{ port: 80, targetPort: 'db' }] });
      expect(await published(ns, leader)).to.deep.equal(['/TCP:5432']);
      expect((await ns.service(leader))?.spec.ports.map(({ port }) => port)).to.deep.equal([80]);
      await policy.set({ ports: null });
      await policy.becomes(({ observedGeneration }) => {
        expect(observedGeneration).to.equal(2);
      });
      expect(await published(ns, leader)).to.deep.equal(['db/TCP:5432']);
      expect((await ns.service(leader))?.spec.ports.map(({ port }) => port)).to.deep.equal([5432]);
    },

    'serve a source without any': async () => {
      const { ns } = stage;
      const body = {
        annotations: false as const,
        ports: [],
        spec: { clusterIP: 'None' },
      };
      const { leader } = await ledByPolicy(
        ns,
        'bare',
        { ports: [{ port: 5432, targetPort: 'db' }] },
        { service: body },
      );
      expect((await ns.service(leader))?.spec.clusterIP).to.match(/^10\./);
    },
  });
});

describe('spec.leaderService of a LeaderPolicy', () => {
  const stage = withPolicies('leader-service');

  sideBySide({
    'gives it a name, labels and annotations, and takes them away again': async () => {
      const { ns } = stage;
      await ns.createService('named', { annotations: false });
      await ns.createPods('named', 1);
      const leaderService = {
        name: 'primary',
        labels: { team: 'db' },
        annotations: { 'example.com/owner': 'ann' },
      };
      const policy = await createPolicy(ns, 'named', { leaderService });
      await ns.leads('primary', 'named-0');
      const { metadata } = (await ns.service('primary'))!;
      expect(metadata.labels).to.include({ team: 'db', 'zen-lead.io/source-service': 'named' });
      expect(metadata.annotations).to.include({ 'example.com/owner': 'ann' });
      expect((await policy.isLedBy('named-0')).leaderServiceName).to.equal('primary');
      await policy.set({ leaderService: { labels: null, annotations: null, name: 'second' } });
      await ns.leads('second', 'named-0');
      expect((await ns.service('second'))?.metadata.labels).not.to.include.keys('team');
      await policy.becomes(({ leaderServiceName }) => {
        expect(leaderServiceName).to.equal('second');
      });
      expect(await ns.service('primary')).to.equal(undefined);
    },

    'makes it headless, and back': async () => {
      const { ns } = stage;
      const { policy, leader } = await ledByPolicy(ns, 'head', { leaderService: { type: 'Headless' } });
      expect((await ns.service(leader))?.spec.clusterIP).to.equal('None');
      await policy.set({ leaderService: { type: 'ClusterIP' } });
      await policy.becomes(({ observedGeneration, leader }) => {
        expect([observedGeneration, leader?.podName]).to.deep.equal([2, 'head-0']);
      });
      expect((await ns.service(leader))?.spec.clusterIP).to.match(/^10\./);
      expect((await ns.memory(leader)).epoch).to.equal(1);
    },
  });
});
