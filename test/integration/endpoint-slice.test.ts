import { expect } from 'chai';
import { AuditTrail } from './support/audit.ts';
import { eventually } from './support/eventually.ts';
import { freshAddress, freshAddresses } from './support/pod.ts';
import { withOperator } from './support/with-operator.ts';

const DUAL = { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] };

describe('the EndpointSlice', () => {
  const stage = withOperator('endpoint-slice');

  it('is exactly as documented: its owner, labels, annotations, endpoint and port', async () => {
    const { ns } = stage;
    await ns.createService('exact', {
      ports: [{ name: 'sql', port: 80, targetPort: 5432, appProtocol: 'mysql' }],
    });
    const pod = await ns.createPod('exact-0', { labels: { 'topology.kubernetes.io/zone': 'z1' } });
    await ns.leads('exact-leader', 'exact-0');
    const leader = await ns.service('exact-leader');
    const slice = (await ns.slice('exact-leader'))!;
    expect(slice.metadata.labels).to.deep.equal({
      'kubernetes.io/service-name': 'exact-leader',
      'endpointslice.kubernetes.io/managed-by': 'zen-lead',
      'app.kubernetes.io/managed-by': 'zen-lead',
      'zen-lead.io/source-service': 'exact',
    });
    const owner = { apiVersion: 'v1', kind: 'Service', name: 'exact-leader', uid: leader?.metadata.uid };
    expect(slice.metadata.ownerReferences).to.deep.equal([{ ...owner, controller: true }]);
    const micros = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
    const { annotations = {} } = slice.metadata;
    expect(annotations['zen-lead.io/leader-since']).to.match(micros);
    expect(annotations['endpoints.kubernetes.io/last-change-trigger-time']).to.match(micros);
    expect(Object.keys(annotations)).to.have.members([
      'zen-lead.io/leader-epoch',
      'zen-lead.io/leader-pod',
      'zen-lead.io/leader-reason',
      'zen-lead.io/leader-since',
      'endpoints.kubernetes.io/last-change-trigger-time',
    ]);
    expect(annotations['zen-lead.io/leader-epoch']).to.equal('1');
    expect(annotations['zen-lead.io/leader-reason']).to.equal('Elected');
    expect(annotations['zen-lead.io/leader-pod']).to.equal(`exact-0/${pod.uid}`);
    expect(slice.addressType).to.equal('IPv4');
    expect(slice.ports).to.deep.equal([{ name: 'sql', port: 5432, protocol: 'TCP', appProtocol: 'mysql' }]);
    expect(slice.endpoints).to.deep.equal([
      {
        addresses: [pod.ip],
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: { kind: 'Pod', namespace: ns.name, name: 'exact-0', uid: pod.uid },
        nodeName: 'node-0',
        zone: 'z1',
      },
    ]);
  });

  it('resolves named ports by name and protocol, in containers and then in sidecars', async () => {
    const { ns } = stage;
    const image = 'x';
    await ns.createPod('ports-0', {
      spec: {
        initContainers: [
          { name: 'init', image, ports: [{ name: 'admin', containerPort: 1 }] },
          {
            name: 'sidecar',
            image,
            restartPolicy: 'Always',
            ports: [
              { name: 'admin', containerPort: 9901 },
              { name: 'web', containerPort: 1 },
            ],
          },
        ],
        containers: [
          { name: 'a', image, ports: [{ name: 'web', containerPort: 8080 }] },
          {
            name: 'b',
            image,
            ports: [
              { name: 'dns', containerPort: 54, protocol: 'TCP' },
              { name: 'dns-udp', containerPort: 53, protocol: 'UDP' },
            ],
          },
        ],
      },
    });
    await ns.createService('ports', {
      ports: [
        { name: 'http', port: 80, targetPort: 'web' },
        { name: 'dns', port: 53, targetPort: 'dns-udp', protocol: 'UDP' },
        { name: 'proxy', port: 1000, targetPort: 'admin' },
        { name: 'same', port: 7000 },
      ],
    });
    await ns.leads('ports-leader', 'ports-0');
    expect((await ns.slice('ports-leader'))?.ports).to.deep.equal([
      { name: 'http', port: 8080, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'proxy', port: 9901, protocol: 'TCP' },
      { name: 'same', port: 7000, protocol: 'TCP' },
    ]);
  });

  it('is there once for each family of a dual-stack Service, with the same pod, and moves with one write each', async () => {
    const { ns } = stage;
    await ns.createService('dual', { spec: DUAL });
    const first = await ns.createPod('dual-0', { ips: freshAddresses(), readyFor: 9 });
    const second = await ns.createPod('dual-1', { ips: freshAddresses() });
    await eventually(async () => {
      expect((await ns.endpoint('dual-leader', 'IPv4'))?.addresses).to.deep.equal([first.ips[0]]);
      expect((await ns.endpoint('dual-leader', 'IPv6'))?.addresses).to.deep.equal([first.ips[1]]);
    });
    const slices = await ns.slices('dual-leader');
    expect(slices.map(({ addressType }) => addressType)).to.deep.equal(['IPv4', 'IPv6']);
    expect(slices.map(({ endpoints }) => endpoints?.[0]?.targetRef?.uid)).to.deep.equal([
      first.uid,
      first.uid,
    ]);
    const trail = await AuditTrail.begin();
    await first.setReady(false);
    await eventually(async () => {
      expect((await ns.endpoint('dual-leader', 'IPv4'))?.addresses).to.deep.equal([second.ips[0]]);
      expect((await ns.endpoint('dual-leader', 'IPv6'))?.addresses).to.deep.equal([second.ips[1]]);
    });
    await ns.eventsOf('dual', 'LeaderChanged');
    expect(await trail.written({ namespace: ns.name, resource: 'endpointslices' })).to.deep.equal([
      'update endpointslices/dual-leader-zen-lead-ipv4',
      'update endpointslices/dual-leader-zen-lead-ipv6',
    ]);
  });

  it('stays empty for the second family of a pod that has no address of it', async () => {
    const { ns } = stage;
    await ns.createService('half', { spec: DUAL });
    const pod = await ns.createPod('half-0', { ips: [freshAddress()] });
    await eventually(async () => {
      expect((await ns.endpoint('half-leader', 'IPv4'))?.addresses).to.deep.equal([pod.ip]);
      expect((await ns.slice('half-leader', 'IPv6'))?.endpoints).to.equal(null);
    });
  });

  it('goes with the family that the source gives up, and comes with the one that it takes', async () => {
    const { ns } = stage;
    await ns.createService('shrink', { spec: DUAL });
    const pod = await ns.createPod('shrink-0', { ips: freshAddresses() });
    await eventually(async () => {
      expect((await ns.endpoint('shrink-leader', 'IPv6'))?.addresses).to.deep.equal([pod.ips[1]]);
    });
    await ns.patchService('shrink', {
      spec: { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4'], clusterIPs: null },
    });
    await eventually(async () => {
      expect(await ns.slice('shrink-leader', 'IPv6')).to.equal(undefined);
      expect((await ns.service('shrink-leader'))?.spec.ipFamilies).to.deep.equal(['IPv4']);
    });
    await ns.patchService('shrink', { spec: DUAL });
    await eventually(async () => {
      expect((await ns.endpoint('shrink-leader', 'IPv6'))?.addresses).to.deep.equal([pod.ips[1]]);
    });
    expect(await ns.leaderOf('shrink-leader')).to.equal('shrink-0');
  });

  it('is of IPv6 alone where the Service is', async () => {
    const { ns } = stage;
    await ns.createService('six', { spec: { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'] } });
    const pod = await ns.createPod('six-0', { ips: freshAddresses() });
    await eventually(async () => {
      expect((await ns.endpoint('six-leader', 'IPv6'))?.addresses).to.deep.equal([pod.ips[1]]);
    });
    expect(await ns.slice('six-leader', 'IPv4')).to.equal(undefined);
  });
});
