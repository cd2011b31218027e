import { expect } from 'chai';
import { eventually } from './support/eventually.ts';
import type { Service } from './support/shapes.ts';
import { withOperator } from './support/with-operator.ts';

/** What the API server gives each Service, and no two alike. */
function withoutAddresses({ spec }: Service): object {
  const { clusterIP: _, clusterIPs: __, ...rest } = spec;
  return rest;
}

describe('the leader Service', () => {
  const stage = withOperator('leader-service');

  const leaderServiceOf = (source: string): Promise<Service> =>
    eventually(
      async () => {
        const service = await stage.ns.service(`${source}-leader`);
        if (service === undefined) throw new Error('there is none');
        return service;
      },
      { describe: `leader Service of ${source}` },
    );

  it('has the source Service as its owner, the documented labels, and the leader in its annotations', async () => {
    const source = await stage.ns.createService('plain');
    const [pod] = await stage.ns.createPods('plain', 2);
    await stage.ns.leads('plain-leader', pod!.name);
    await stage.ns.eventsOf('plain', 'LeaderElected');
    await eventually(async () => {
      const { metadata } = await leaderServiceOf('plain');
      expect(metadata.labels).to.deep.equal({
        'app.kubernetes.io/managed-by': 'zen-lead',
        'zen-lead.io/source-service': 'plain',
      });
      const { uid } = source.metadata;
      expect(metadata.ownerReferences).to.deep.equal([
        { apiVersion: 'v1', kind: 'Service', name: 'plain', uid, controller: true },
      ]);
      const since = metadata.annotations?.['zen-lead.io/leader-last-switch-time'] ?? '';
      expect(since).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      expect(Math.abs(Date.now() - Date.parse(since))).to.be.lessThan(10_000);
      expect(metadata.annotations).to.deep.equal({
        'zen-lead.io/leader-pod-name': pod!.name,
        'zen-lead.io/leader-pod-uid': pod!.uid,
        'zen-lead.io/leader-last-switch-time': since,
      });
    });
  });

  it('takes ports and session affinity of the source, and nothing else', async () => {
    const ports = [
      { name: 'web', port: 80, protocol: 'TCP', targetPort: 'db', appProtocol: 'kubernetes.io/ws' },
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 },
    ];
    const sessionAffinity = {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 77 } },
    };
    await stage.ns.createService('rich', {
      labels: { 'argocd.argoproj.io/instance': 'shop', 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        'meta.helm.sh/release-name': 'shop',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
        'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb',
      },
      ports: ports.map((port, index) => ({ ...port, nodePort: 30_500 + index })),
      spec: {
        ...sessionAffinity,
        type: 'LoadBalancer',
        externalIPs: ['192.0.2.7'],
        externalTrafficPolicy: 'Local',
        internalTrafficPolicy: 'Local',
        loadBalancerSourceRanges: ['192.0.2.0/24'],
        publishNotReadyAddresses: true,
        trafficDistribution: 'PreferClose',
      },
    });
    const service = await leaderServiceOf('rich');
    expect(withoutAddresses(service)).to.deep.equal({
      ...sessionAffinity,
      ports,
      type: 'ClusterIP',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    });
    expect(service.metadata.annotations).to.equal(undefined);
    expect(service.metadata.labels).to.deep.equal({
      'app.kubernetes.io/managed-by': 'zen-lead',
      'zen-lead.io/source-service': 'rich',
    });
  });

  it('has a cluster address even where the source is headless', async () => {
    await stage.ns.createService('headless', { spec: { clusterIP: 'None' } });
    await stage.ns.createPods('headless', 1);
    await stage.ns.leads('headless-leader', 'headless-0');
    expect((await leaderServiceOf('headless')).spec.clusterIP).to.match(/^10\.96\./);
  });

  it('follows the source when its ports and its session affinity change', async () => {
    await stage.ns.createService('moving', { spec: { sessionAffinity: 'ClientIP' } });
    await stage.ns.createPods('moving', 1);
    await stage.ns.leads('moving-leader', 'moving-0');
    const before = await leaderServiceOf('moving');
    expect(before.spec.sessionAffinityConfig?.clientIP.timeoutSeconds).to.equal(10_800);
    const ports = [
      { name: 'db', port: 6432, protocol: 'TCP', targetPort: 5432 },
      { name: 'metrics', port: 9187, protocol: 'TCP', targetPort: 9187 },
    ];
    await stage.ns.patchService('moving', {
      spec: { ports, sessionAffinity: 'None', sessionAffinityConfig: null },
    });
    await eventually(async () => {
      const { spec } = await leaderServiceOf('moving');
      expect(spec.ports).to.deep.equal(ports);
      expect(spec.sessionAffinity).to.equal('None');
      expect(spec).not.to.have.property('sessionAffinityConfig');
      expect(spec.clusterIP).to.equal(before.spec.clusterIP);
      expect((await stage.ns.slice('moving-leader'))?.ports).to.deep.equal([
        { name: 'db', port: 5432, protocol: 'TCP' },
        { name: 'metrics', port: 9187, protocol: 'TCP' },
      ]);
    });
  });

  it('gets the name that the annotation asks for', async () => {
    await stage.ns.createService('named', { annotations: { 'leader-service-name': 'the-one' } });
    await stage.ns.createPods('named', 1);
    await stage.ns.leads('the-one', 'named-0');
    expect(await stage.ns.service('named-leader')).to.equal(undefined);
  });

  it('is not made for a Service that has not opted in', async () => {
    await stage.ns.createService('absent', { annotations: false });
    await stage.ns.createService('no', { annotations: { enabled: 'no' } });
    await stage.ns.createService('sentinel');
    // Events of one watch come in order: what comes before the sentinel has been seen when it has its Service.
    await leaderServiceOf('sentinel');
    expect(await stage.ns.service('absent-leader')).to.equal(undefined);
    expect(await stage.ns.service('no-leader')).to.equal(undefined);
  });
});
