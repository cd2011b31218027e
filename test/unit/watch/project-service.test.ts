import { expect } from 'chai';
import { LEADER_SERVICE_FORBIDDEN } from '../../../src/api/objects.ts';
import { projectService } from '../../../src/watch/projections.ts';
import { kept, metadata } from '../support/raw-objects.ts';

describe('projectService', () => {
  it('keeps what the plan reads and nothing else', () => {
    const service = projectService({
      metadata: {
        ...metadata,
        labels: { app: 'web' },
        annotations: {
          'zen-lead.io/enabled': 'true',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
        },
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'Service',
            name: 'db',
            uid: 'u9',
            controller: true,
            blockOwnerDeletion: true,
          },
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'u8', blockOwnerDeletion: false },
        ],
      },
      spec: {
        type: 'NodePort',
        selector: { app: 'web' },
        clusterIP: '10.96.0.1',
        clusterIPs: ['10.96.0.1'],
        ipFamilies: ['IPv4', 'IPv6'],
        ipFamilyPolicy: 'PreferDualStack',
        internalTrafficPolicy: 'Cluster',
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
        ports: [
          {
            name: 'http',
            port: 80,
            protocol: 'TCP',
            targetPort: 'http',
            nodePort: 30080,
            appProtocol: 'http',
          },
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353, nodePort: 0 },
        ],
      },
      status: { loadBalancer: {} },
    });
    expect(service).to.deep.equal({
      ...kept,
      labels: { app: 'web' },
      annotations: { 'zen-lead.io/enabled': 'true' },
      owners: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          name: 'db',
          uid: 'u9',
          controller: true,
          blockOwnerDeletion: true,
        },
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'u8', controller: false },
      ],
      type: 'NodePort',
      selector: { app: 'web' },
      clusterIP: '10.96.0.1',
      ipFamilies: ['IPv4', 'IPv6'],
      ipFamilyPolicy: 'PreferDualStack',
      ports: [
        { name: 'http', port: 80, protocol: 'TCP', targetPort: 'http', appProtocol: 'http', nodePort: 30080 },
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 },
      ],
      sessionAffinity: 'ClientIP',
      sessionAffinityTimeout: 60,
      forbidden: ['selector'],
    });
  });

  it('does with the least there is', () => {
    expect(projectService({ metadata, spec: { ports: [{ port: 80 }] } })).to.deep.equal({
      ...kept,
      annotations: {},
      owners: [],
      type: 'ClusterIP',
      clusterIP: '',
      ipFamilies: [],
      ports: [{ name: '', port: 80, protocol: 'TCP' }],
      sessionAffinity: 'None',
      forbidden: [],
    });
  });

  it('keeps all annotations of one that is labelled as ours, but for the copy that kubectl keeps', () => {
    const annotations = {
      'zen-lead.io/leader-pod-name': 'web-0',
      'example.org/team': 'shop',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    };
    const annotationsOf = (labels: Record<string, string>): unknown =>
      projectService({ metadata: { ...metadata, labels, annotations } }).annotations;
    const ours = { 'zen-lead.io/leader-pod-name': 'web-0' };
    expect(annotationsOf({ 'app.kubernetes.io/managed-by': 'zen-lead' })).to.deep.equal({
      ...ours,
      'example.org/team': 'shop',
    });
    expect(annotationsOf({ 'app.kubernetes.io/managed-by': 'helm' })).to.deep.equal(ours);
    expect(annotationsOf({})).to.deep.equal(ours);
  });

  it('counts an empty selector as none', () => {
    for (const selector of [{}, null]) {
      const service = projectService({ metadata, spec: { selector } });
      expect(service).not.to.have.property('selector');
      expect(service.forbidden).to.deep.equal([]);
    }
  });

  const cases: [spec: Record<string, unknown>, forbidden: string[]][] = [
    [{ selector: { app: 'x' } }, ['selector']],
    [{ externalIPs: ['1.2.3.4'] }, ['externalIPs']],
    [{ externalName: 'example.org' }, ['externalName']],
    [{ loadBalancerIP: '1.2.3.4' }, ['loadBalancerIP']],
    [{ loadBalancerClass: 'x/y' }, ['loadBalancerClass']],
    [{ loadBalancerSourceRanges: ['10.0.0.0/8'] }, ['loadBalancerSourceRanges']],
    [{ allocateLoadBalancerNodePorts: true }, []],
    [{ externalTrafficPolicy: 'Local' }, ['externalTrafficPolicy']],
    [{ externalTrafficPolicy: 'Cluster' }, []],
    [{ healthCheckNodePort: 31000 }, ['healthCheckNodePort']],
    [{ publishNotReadyAddresses: true }, ['publishNotReadyAddresses']],
    [{ trafficDistribution: 'PreferClose' }, ['trafficDistribution']],
    [{ internalTrafficPolicy: 'Local' }, ['internalTrafficPolicy']],
    [{ internalTrafficPolicy: 'Cluster' }, []],
    [
      { selector: { a: 'b' }, externalIPs: ['1.2.3.4'], internalTrafficPolicy: 'Local' },
      ['selector', 'externalIPs', 'internalTrafficPolicy'],
    ],
    [Object.fromEntries(LEADER_SERVICE_FORBIDDEN.map((field) => [field, null])), []],
    [
      {
        externalIPs: [],
        externalName: '',
        publishNotReadyAddresses: false,
        healthCheckNodePort: 0,
        selector: {},
      },
      [],
    ],
  ];
  for (const [spec, forbidden] of cases) {
    it(`of ${JSON.stringify(spec)} is forbidden: ${forbidden.join(', ') || 'nothing'}`, () => {
      expect(projectService({ metadata, spec }).forbidden).to.deep.equal(forbidden);
    });
  }
});
