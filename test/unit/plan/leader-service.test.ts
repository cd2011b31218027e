import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { ANNOTATION, KCM_SLICE_MANAGER, LABEL, SERVICE_ANNOTATION } from '../../../src/names.ts';
import { shapeOf } from '../../../src/plan/annotation-request.ts';
import { leaderServiceBody, leaderServicePatch, mustBeRemade } from '../../../src/plan/leader-service.ts';
import {
  input,
  leaderOf,
  ownerReference,
  service,
  servicePort,
  slice,
  wantedBy,
} from '../../support/builders.ts';

const SOURCE = service('web').build();
const LEADER = leaderOf(SOURCE).build();
const DUAL = service('web').families('PreferDualStack', 'IPv4', 'IPv6').build();

describe('the leader Service', () => {
  it('is a ClusterIP Service without selector, with the ports and families of the source', () => {
    expect(leaderServiceBody(input(), wantedBy(DUAL))).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web-leader',
        namespace: 'shop',
        labels: { 'app.kubernetes.io/managed-by': 'zen-lead', 'zen-lead.io/source-service': 'web' },
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'uid-web', controller: true },
        ],
      },
      spec: {
        type: 'ClusterIP',
        ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
        ipFamilies: ['IPv4', 'IPv6'],
        ipFamilyPolicy: 'PreferDualStack',
        sessionAffinity: 'None',
      },
    });
  });

  it('has the port names, appProtocol and session affinity of the source', () => {
    const source = service()
      .ports({ ...servicePort('ws', 80, 'web'), appProtocol: 'kubernetes.io/ws' }, servicePort('admin', 81))
      .with({ sessionAffinity: 'ClientIP', sessionAffinityTimeout: 60 })
      .build();
    expect(leaderServiceBody(input(), wantedBy(source))['spec']).to.deep.include({
      ports: [
        { name: 'ws', port: 80, targetPort: 'web', protocol: 'TCP', appProtocol: 'kubernetes.io/ws' },
        { name: 'admin', port: 81, targetPort: 81, protocol: 'TCP' },
      ],
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
    });
  });

  it('never has type, node ports, labels, annotations, selector or other fields of the source', () => {
    const source = service('web')
      .labelled({ 'helm.sh/chart': 'web-1', 'app.kubernetes.io/managed-by': 'Helm' })
      .annotated({ [ANNOTATION.sticky]: 'false' })
      .ports({ ...servicePort('', 80), nodePort: 30_000 })
      .with({
        type: 'LoadBalancer',
        clusterIP: 'None',
        forbidden: ['externalIPs', 'publishNotReadyAddresses'],
      })
      .build();
    expect(leaderServiceBody(input(), wantedBy(source))).to.deep.equal(
      leaderServiceBody(input(), wantedBy(service('web').ports(servicePort('', 80)).build())),
    );
  });

  it('asks for its address again where it is made a second time', () => {
    expect(leaderServiceBody(input(), wantedBy(SOURCE), '10.96.0.2')['spec']).to.deep.include({
      clusterIP: '10.96.0.2',
    });
  });

  it('that is right needs no patch', () => {
    for (const source of [SOURCE, DUAL]) {
      expect(leaderServicePatch(leaderOf(source).build(), wantedBy(source))).to.equal(undefined);
    }
  });

  it('may have labels, annotations, owners and an address that we did not give it', () => {
    const actual = leaderOf(SOURCE)
      .labelled({ team: 'x' })
      .annotated({ [SERVICE_ANNOTATION.leaderPodName]: 'a' })
      .ownedBy(ownerReference(SOURCE), ownerReference(service('settings').build(), 'ConfigMap', false))
      .build();
    expect(leaderServicePatch(actual, wantedBy(SOURCE))).to.equal(undefined);
  });

  it('needs no patch where the API server gave it a second family that the source, older, has not', () => {
    const source = service().families('PreferDualStack', 'IPv4').build();
    const actual = leaderOf(source).families('PreferDualStack', 'IPv4', 'IPv6').build();
    expect(leaderServicePatch(actual, wantedBy(source))).to.equal(undefined);
  });
});

describe('a leader Service must be made again', () => {
  const kcm = slice(LEADER)
    .named('web-leader-x7f')
    .labelled({ [LABEL.sliceManagedBy]: KCM_SLICE_MANAGER });
  const v6 = service().families('SingleStack', 'IPv6').build();

  it('where kube-controller-manager made slices for a selector that somebody gave it', () => {
    expect(mustBeRemade(input({ kcmSlices: [kcm.build()] }), LEADER, shapeOf(SOURCE))).to.equal(true);
  });

  it('but not because of slices of its predecessor that are not collected yet', () => {
    const orphan = kcm.ownedBy({ ...ownerReference(LEADER), uid: 'uid-predecessor' }).build();
    expect(mustBeRemade(input({ kcmSlices: [orphan] }), LEADER, shapeOf(SOURCE))).to.equal(false);
  });

  it('where it is headless', () => {
    expect(
      mustBeRemade(input(), leaderOf(SOURCE).with({ clusterIP: 'None' }).build(), shapeOf(SOURCE)),
    ).to.equal(true);
  });

  it('where the primary family changes', () => {
    expect(mustBeRemade(input(), LEADER, shapeOf(v6))).to.equal(true);
    const flipped = service().families('RequireDualStack', 'IPv6', 'IPv4').build();
    expect(mustBeRemade(input(), leaderOf(DUAL).build(), shapeOf(flipped))).to.equal(true);
  });

  it('but not where a second family comes or goes, where families are not known, or where nothing is wrong', () => {
    const unknown = service().families('SingleStack').build();
    const cases: [Service, Service][] = [
      [LEADER, SOURCE],
      [LEADER, DUAL],
      [leaderOf(DUAL).build(), SOURCE],
      [LEADER, unknown],
      [leaderOf(unknown).build(), SOURCE],
      [LEADER, service().with({ clusterIP: 'None' }).build()],
    ];
    for (const [actual, source] of cases)
      expect(mustBeRemade(input(), actual, shapeOf(source))).to.equal(false);
  });
});
