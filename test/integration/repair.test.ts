import { expect } from 'chai';
import { AuditTrail } from './support/audit.ts';
import { eventually, throughout } from './support/eventually.ts';
import type { PodHandle } from './support/pod.ts';
import type { Service, Slice } from './support/shapes.ts';
import { withOperator } from './support/with-operator.ts';

const KCM = 'endpointslice-controller.k8s.io';

describe('what another hand did', () => {
  const stage = withOperator('repair');

  /** A leader Service whose leader is not the one that would be elected today: `<app>-1`, epoch 2. */
  const led = async (app: string): Promise<PodHandle[]> => {
    const { ns } = stage;
    await ns.createService(app);
    const pods = await ns.createPods(app, 2);
    await ns.leads(`${app}-leader`, `${app}-0`);
    await pods[0]!.setReady(false);
    await ns.leads(`${app}-leader`, `${app}-1`);
    await pods[0]!.setReady(true, 1_000);
    return pods;
  };

  /** Still led by `<app>-1`, and the epoch has not gone back. */
  const stillLed = async (app: string): Promise<void> => {
    await eventually(async () => {
      expect(await stage.ns.leaderOf(`${app}-leader`)).to.equal(`${app}-1`);
      expect((await stage.ns.memory(`${app}-leader`)).epoch).to.equal(2);
    });
  };

  describe('on the leader Service', () => {
    /** Edits the leader Service and waits until its spec is what it was. */
    const undone = async (app: string, patch: object): Promise<Service> => {
      const { ns } = stage;
      await led(app);
      const before = (await ns.service(`${app}-leader`))!;
      const edited = await ns.patchService(`${app}-leader`, patch);
      expect(edited).not.to.deep.include({ spec: before.spec, metadata: before.metadata });
      await eventually(async () => {
        const now = await ns.service(`${app}-leader`);
        expect(now?.spec).to.deep.equal(before.spec);
        expect(now?.metadata.labels).to.deep.equal(before.metadata.labels);
        expect(now?.metadata.ownerReferences).to.deep.equal(before.metadata.ownerReferences);
      });
      await stillLed(app);
      return before;
    };

    it('is undone for a selector, and the slices that it led to go', async () => {
      const { ns } = stage;
      const trail = await AuditTrail.begin();
      await undone('selector', { spec: { selector: { app: 'selector' } } });
      await eventually(
        async () => {
          const managers = (await ns.slices('selector-leader')).map(
            ({ metadata }) => metadata.labels?.['endpointslice.kubernetes.io/managed-by'],
          );
          expect(managers).to.deep.equal(['zen-lead']);
        },
        { timeout: 8_000 },
      );
      await stillLed('selector');
      // The slices of kube-controller-manager are not ours to delete: they go with the Service that is made again.
      const deleted = await trail.writes({ namespace: ns.name, resource: 'endpointslices' });
      expect(
        deleted.filter(({ objectRef }) => !objectRef?.name?.includes('zen-lead') && objectRef?.name),
      ).to.deep.equal([]);
    });

    it('is undone for an external IP', async () => {
      await undone('external', { spec: { externalIPs: ['192.0.2.9'] } });
    });

    it('is undone for a second port', async () => {
      const ports = [
        { name: 'db', port: 5432 },
        { name: 'more', port: 81 },
      ];
      await undone('port', { spec: { ports } });
    });

    it('is undone for another number of a port of ours', async () => {
      await undone('number', { spec: { ports: [{ name: 'db', port: 5433 }] } });
    });

    it('is undone for type NodePort, with its node ports', async () => {
      await undone('nodeport', { spec: { type: 'NodePort' } });
    });

    it('is undone for type LoadBalancer and traffic policies', async () => {
      const policies = { externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' };
      await undone('balancer', {
        spec: { type: 'LoadBalancer', ...policies, loadBalancerSourceRanges: ['192.0.2.0/24'] },
      });
    });

    it('is undone for session affinity and publishNotReadyAddresses', async () => {
      await undone('affinity', { spec: { sessionAffinity: 'ClientIP', publishNotReadyAddresses: true } });
    });

    it('is undone for a missing owner reference', async () => {
      await undone('owner', { metadata: { ownerReferences: null } });
    });

    it('is left alone where it is a label or an annotation of their own', async () => {
      const { ns } = stage;
      await led('team');
      const own = { 'example.com/team': 'a' };
      await ns.patchService('team-leader', { metadata: { labels: own, annotations: own } });
      const pods = await Promise.all(['x', 'y'].map((name) => ns.createPod(`team-${name}`)));
      await ns.annotate('team', { 'switchover-to': pods[1]!.name });
      await ns.leads('team-leader', 'team-y');
      await eventually(async () => {
        const { metadata } = (await ns.service('team-leader'))!;
        expect(metadata.annotations).to.include({ ...own, 'zen-lead.io/leader-pod-name': 'team-y' });
        expect(metadata.labels).to.include(own);
      });
    });

    it('takes it from us with our label: it leads nowhere, and nobody stale, until the label is back', async () => {
      const { ns } = stage;
      await led('unlabelled');
      const label = (value: string | null): object => ({
        metadata: { labels: { 'zen-lead.io/source-service': value } },
      });
      await ns.patchService('unlabelled-leader', label(null));
      await ns.eventSaying(
        'unlabelled',
        'NameConflict',
        '"unlabelled-leader" exists and is not managed by zen-lead',
      );
      await ns.leads('unlabelled-leader', null);
      await ns.patchService('unlabelled-leader', label('unlabelled'));
      await stillLed('unlabelled');
    });

    it('is mended where the Service was deleted: the leader and its epoch stay', async () => {
      const { ns } = stage;
      await led('killed');
      const before = await ns.service('killed-leader');
      await ns.deleteService('killed-leader');
      await eventually(async () => {
        const after = await ns.service('killed-leader');
        expect(after?.metadata.uid).to.be.a('string').and.not.to.equal(before?.metadata.uid);
        const slice = await ns.slice('killed-leader');
        expect(slice?.metadata.ownerReferences?.[0]?.uid).to.equal(after?.metadata.uid);
      });
      await stillLed('killed');
      await throughout(500, async () => {
        expect(await ns.leaderOf('killed-leader')).to.equal('killed-1');
      });
    });
  });

  describe('on the slice', () => {
    /** Edits the slice and waits until it is what it was. */
    const undone = async (app: string, edit: (slice: Slice) => object): Promise<void> => {
      const { ns } = stage;
      await led(app);
      const before = (await ns.slice(`${app}-leader`))!;
      const wanted = comparable(before);
      const edited = await ns.patchSlice(before.metadata.name, edit(before));
      expect(comparable(edited)).not.to.deep.equal(wanted);
      await eventually(async () => {
        expect(comparable(await ns.slice(`${app}-leader`))).to.deep.equal(wanted);
      });
    };

    it('is undone for another address', async () => {
      await undone('address', ({ endpoints }) => ({
        endpoints: [{ ...endpoints![0], addresses: ['10.66.6.6'] }],
      }));
    });

    it('is undone for a second endpoint, and for none', async () => {
      await undone('second', ({ endpoints }) => ({
        endpoints: [...endpoints!, { addresses: ['10.66.6.7'] }],
      }));
      await undone('none', () => ({ endpoints: [] }));
    });

    it('is undone for another pod, in the endpoint and in the memory', async () => {
      await undone('pod', ({ endpoints }) => ({
        metadata: { annotations: { 'zen-lead.io/leader-pod': `pod-0/${crypto.randomUUID()}` } },
        endpoints: [
          { ...endpoints![0], targetRef: { kind: 'Pod', name: 'pod-0', namespace: stage.ns.name } },
        ],
      }));
    });

    it('is undone for an epoch that went back, and for a memory that was taken away', async () => {
      await undone('epoch', () => ({ metadata: { annotations: { 'zen-lead.io/leader-epoch': '1' } } }));
      await undone('memory', () => ({ metadata: { annotations: null } }));
    });

    it('is undone for ports and conditions', async () => {
      await undone('port-number', () => ({ ports: [{ name: 'db', port: 1, protocol: 'TCP' }] }));
      await undone('condition', ({ endpoints }) => ({
        endpoints: [{ ...endpoints![0], conditions: { ready: false, serving: false, terminating: true } }],
      }));
    });

    it('is undone for the label that attaches it to the leader Service', async () => {
      await undone('label', () => ({ metadata: { labels: { 'kubernetes.io/service-name': 'elsewhere' } } }));
    });

    it('is mended where the slice was deleted: the leader and its epoch stay', async () => {
      const { ns } = stage;
      await led('lost');
      const before = await ns.slice('lost-leader');
      await ns.deleteSlice('lost-leader-zen-lead-ipv4');
      await eventually(async () => {
        expect((await ns.slice('lost-leader'))?.metadata.uid)
          .to.be.a('string')
          .and.not.to.equal(before?.metadata.uid);
      });
      expect(comparable(await ns.slice('lost-leader'))).to.deep.equal(comparable(before));
    });
  });

  describe('in the end', () => {
    it('has left nothing of kube-controller-manager at any leader Service', async () => {
      const all = await stage.ns.cluster.api.call<{ items: Slice[] }>('GET', stage.ns.path('endpointslices'));
      const foreign = all.items.filter(
        ({ metadata }) =>
          metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === KCM &&
          metadata.labels['kubernetes.io/service-name']?.endsWith('-leader') === true,
      );
      expect(foreign.map(({ metadata }) => metadata.name)).to.deep.equal([]);
    });
  });
});

/** Without what changes with each write. */
function comparable(slice: Slice | undefined): object | undefined {
  if (slice === undefined) return undefined;
  const { endpoints, ports, metadata } = slice;
  const { 'endpoints.kubernetes.io/last-change-trigger-time': _, ...annotations } =
    metadata.annotations ?? {};
  return { endpoints, ports, annotations, labels: metadata.labels, owners: metadata.ownerReferences };
}
