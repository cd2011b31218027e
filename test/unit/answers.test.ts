import { expect } from 'chai';
import type { EndpointSlice, Service } from '../../src/api/objects.ts';
import { answersInto } from '../../src/answers.ts';
import { Store } from '../../src/watch/store.ts';
import { leaderOf, policy, service, slice } from '../support/builders.ts';
import { ViewUnderTest } from '../support/view.ts';

const LEADER: Service = leaderOf(service('web').build()).build();
const SLICE: EndpointSlice = slice(LEADER).build();
const KEY = 'shop/web-leader';
const POLICY = 'shop/lp';

function raw(name: string, resourceVersion: string, namespace = 'shop'): unknown {
  const creationTimestamp = '2026-03-01T12:00:00Z';
  return { metadata: { namespace, name, uid: 'u', resourceVersion, creationTimestamp }, spec: {} };
}

function world(): { stores: ViewUnderTest['stores']; answers: ReturnType<typeof answersInto> } {
  const { stores } = new ViewUnderTest().services(LEADER).slices(SLICE).policies(policy().build());
  return { stores, answers: answersInto((namespace) => (namespace === 'shop' ? stores : undefined)) };
}

describe('What the API server answers to our writes', () => {
  it('is in the cache at once', () => {
    const { stores, answers } = world();
    answers.onObject('services', raw('web-leader', '900'));
    answers.onObject('endpointslices', raw(SLICE.name, '901'));
    answers.onObject('leaderpolicies', raw('lp', '902'));
    expect(stores.services.get(KEY)?.resourceVersion).to.equal('900');
    expect(stores.slices.get(`shop/${SLICE.name}`)?.resourceVersion).to.equal('901');
    expect(stores.policies.get(POLICY)?.resourceVersion).to.equal('902');
    expect(answers.versionOf('leaderpolicies', POLICY)).to.equal('902');
  });

  it('is nothing where the watch has brought something newer', () => {
    const { stores, answers } = world();
    answers.onObject('services', raw('web-leader', '3'));
    expect(stores.services.get(KEY)?.resourceVersion).not.to.equal('3');
  });

  it('is nothing for a namespace that is not watched', () => {
    const { answers } = world();
    answers.onObject('services', raw('x', '1', 'blog'));
    answers.onGone('services', 'blog/x', undefined);
    expect(answers.versionOf('services', 'blog/x')).to.equal(undefined);
  });

  it('takes away what is gone', () => {
    const { stores, answers } = world();
    answers.onGone('services', KEY, answers.versionOf('services', KEY));
    answers.onGone(
      'endpointslices',
      `shop/${SLICE.name}`,
      answers.versionOf('endpointslices', `shop/${SLICE.name}`),
    );
    expect([stores.services.size, stores.slices.size]).to.deep.equal([0, 0]);
  });

  // Asked for, not there, made by another replica, seen by the watch: and only then the answer "not there" comes in.
  it('does not take away what the watch has brought since the question', () => {
    const services = new Store<Service>(() => 0);
    const { stores } = new ViewUnderTest();
    const answers = answersInto(() => ({ ...stores, services }));
    const seen = answers.versionOf('services', KEY);
    services.upsert(LEADER);
    answers.onGone('services', KEY, seen);
    expect(services.get(KEY)).to.deep.equal(LEADER);
  });
});
