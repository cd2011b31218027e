import { expect } from 'chai';
import { describeCall, targetOf } from '../../../src/kube/target.ts';

describe('targetOf', () => {
  const cases: [path: string, target: ReturnType<typeof targetOf>][] = [
    ['/api/v1/namespaces/shop/services/web', { namespace: 'shop', name: 'web' }],
    ['/api/v1/namespaces/shop/pods', { namespace: 'shop' }],
    ['/api/v1/pods', {}],
    ['/api/v1/namespaces/shop', { name: 'shop' }],
    ['/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/web-1', { namespace: 'shop', name: 'web-1' }],
    [
      '/apis/zen-lead.io/v1alpha1/namespaces/shop/leaderpolicies/db/status',
      { namespace: 'shop', name: 'db' },
    ],
    ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions/x.zen-lead.io', { name: 'x.zen-lead.io' }],
    ['/version', {}],
  ];
  for (const [path, target] of cases) {
    it(`reads ${path}`, () => {
      expect(targetOf(path)).to.deep.equal(target);
    });
  }
});

describe('describeCall', () => {
  const cases: [expected: string, call: Parameters<typeof describeCall>[0]][] = [
    ['list pods in namespace shop', { verb: 'list', resource: 'pods', path: '/api/v1/namespaces/shop/pods' }],
    ['watch pods in all namespaces', { verb: 'watch', resource: 'pods', path: '/api/v1/pods' }],
    [
      'get services shop/web',
      { verb: 'get', resource: 'services', path: '/api/v1/namespaces/shop/services/web' },
    ],
    [
      'create services shop/web',
      {
        verb: 'create',
        resource: 'services',
        path: '/api/v1/namespaces/shop/services',
        body: { metadata: { name: 'web' } },
      },
    ],
    [
      'get customresourcedefinitions x',
      {
        verb: 'get',
        resource: 'customresourcedefinitions',
        path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/x',
      },
    ],
  ];
  for (const [expected, call] of cases) {
    it(`says "${expected}"`, () => {
      expect(describeCall(call)).to.equal(expected);
    });
  }
});
