import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { LABEL } from '../../../src/names.ts';
import { leaderServicePatch } from '../../../src/plan/leader-service.ts';
import { leaderOf, ownerReference, service, servicePort, wantedBy } from '../../support/builders.ts';

const SOURCE = service('web').build();
const LEADER = leaderOf(SOURCE).build();
const DUAL = service('web').families('PreferDualStack', 'IPv4', 'IPv6').build();

describe('a leader Service edited by another hand is put right by one merge patch', () => {
  const ports = [{ port: 80, targetPort: 8080, protocol: 'TCP' }];
  const [port] = SOURCE.ports;
  if (port === undefined) throw new Error('expected a port');
  const affine = service().with({ sessionAffinity: 'ClientIP', sessionAffinityTimeout: 60 }).build();
  const clientIP = {
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
  };
  const cases: [what: string, actual: Service, source: Service, spec: object][] = [
    [
      'a selector',
      leaderOf(SOURCE)
        .with({ forbidden: ['selector'], selector: { app: 'web' } })
        .build(),
      SOURCE,
      { selector: null },
    ],
    [
      'an external IP',
      leaderOf(SOURCE)
        .with({ forbidden: ['externalIPs'] })
        .build(),
      SOURCE,
      { externalIPs: null },
    ],
    [
      'several fields of other kinds of Service',
      leaderOf(SOURCE)
        .with({ forbidden: ['publishNotReadyAddresses', 'loadBalancerIP'] })
        .build(),
      SOURCE,
      { publishNotReadyAddresses: null, loadBalancerIP: null },
    ],
    [
      'an internal traffic policy, which has no null',
      leaderOf(SOURCE)
        .with({ forbidden: ['internalTrafficPolicy'] })
        .build(),
      SOURCE,
      { internalTrafficPolicy: 'Cluster' },
    ],
    ['a second port', leaderOf(SOURCE).ports(port, servicePort('extra', 81)).build(), SOURCE, { ports }],
    ['no port', leaderOf(SOURCE).ports().build(), SOURCE, { ports }],
    [
      'a port of our name with another number',
      leaderOf(SOURCE)
        .ports({ ...port, port: 81 })
        .build(),
      SOURCE,
      { ports },
    ],
    [
      'another targetPort',
      leaderOf(SOURCE)
        .ports({ ...port, targetPort: 1 })
        .build(),
      SOURCE,
      { ports },
    ],
    [
      'another protocol',
      leaderOf(SOURCE)
        .ports({ ...port, protocol: 'UDP' })
        .build(),
      SOURCE,
      { ports },
    ],
    [
      'type NodePort and its node port',
      leaderOf(SOURCE)
        .with({ type: 'NodePort' })
        .ports({ ...port, nodePort: 30_000 })
        .build(),
      SOURCE,
      { type: 'ClusterIP', ports },
    ],
    [
      'session affinity',
      leaderOf(SOURCE).with({ sessionAffinity: 'ClientIP', sessionAffinityTimeout: 60 }).build(),
      SOURCE,
      { sessionAffinity: 'None', sessionAffinityConfig: null },
    ],
    ['no session affinity', leaderOf(SOURCE).build(), affine, clientIP],
    [
      'another session affinity timeout',
      leaderOf(SOURCE).with({ sessionAffinity: 'ClientIP', sessionAffinityTimeout: 5 }).build(),
      affine,
      clientIP,
    ],
    [
      'fewer families than the source has now',
      LEADER,
      DUAL,
      { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4', 'IPv6'] },
    ],
    [
      'more families than the source has now',
      leaderOf(DUAL).build(),
      SOURCE,
      { ipFamilyPolicy: 'SingleStack' },
    ],
    [
      'another policy with the same families',
      LEADER,
      service().families('PreferDualStack', 'IPv4').build(),
      { ipFamilyPolicy: 'PreferDualStack' },
    ],
  ];
  for (const [what, actual, source, spec] of cases) {
    it(what, () => {
      expect(leaderServicePatch(actual, wantedBy(source))).to.deep.equal({
        metadata: { resourceVersion: '7' },
        spec,
      });
    });
  }

  const controller = { apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'uid-web', controller: true };
  const configMap = ownerReference(service('settings').build(), 'ConfigMap', false);
  const metadata: [what: string, actual: Service, patch: object][] = [
    [
      'our label with another value',
      leaderOf(SOURCE)
        .labelled({ [LABEL.sourceService]: 'other' })
        .build(),
      { labels: { [LABEL.sourceService]: 'web' } },
    ],
    ['no owner', leaderOf(SOURCE).ownedBy().build(), { ownerReferences: [controller] }],
    [
      'a dead owner, beside one of another hand that stays',
      leaderOf(SOURCE)
        .ownedBy({ ...ownerReference(SOURCE), uid: 'uid-dead' }, configMap)
        .build(),
      { ownerReferences: [controller, configMap] },
    ],
    [
      'the source as an owner that is no controller',
      leaderOf(SOURCE)
        .ownedBy(ownerReference(SOURCE, 'Service', false))
        .build(),
      { ownerReferences: [controller] },
    ],
  ];
  for (const [what, actual, patch] of metadata) {
    it(what, () => {
      expect(leaderServicePatch(actual, wantedBy(SOURCE))).to.deep.equal({
        metadata: { ...patch, resourceVersion: '7' },
      });
    });
  }

  it('everything at once', () => {
    const actual = leaderOf(SOURCE)
      .with({ type: 'NodePort', forbidden: ['selector'] })
      .ownedBy()
      .build();
    expect(leaderServicePatch(actual, wantedBy(SOURCE))).to.deep.equal({
      metadata: { ownerReferences: [controller], resourceVersion: '7' },
      spec: { type: 'ClusterIP', selector: null },
    });
  });
});
