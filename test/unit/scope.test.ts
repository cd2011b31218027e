import { expect } from 'chai';
import { nullLogger } from '../../src/logger.ts';
import { Scope } from '../../src/scope.ts';
import { apiError } from '../support/fake-client.ts';
import { FakeClock, settled } from '../support/fake-clock.ts';
import { FakeWatches } from '../support/fake-watches.ts';
import { memoryOf, pod } from '../support/builders.ts';

const SLICES = '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices';
const SERVICES = '/api/v1/namespaces/shop/services';
const PODS = '/api/v1/namespaces/shop/pods';
const OTHERS = `${SLICES}?endpointslice.kubernetes.io/managed-by notin (endpointslice-controller.k8s.io)`;
const KCM = `${SLICES}?endpointslice.kubernetes.io/managed-by=endpointslice-controller.k8s.io,zen-lead.io/source-service`;
const POLICIES = '/apis/zen-lead.io/v1alpha1/namespaces/shop/leaderpolicies';
const KEY = 'shop/web-leader';

function metadata(name: string, resourceVersion = '7'): Record<string, unknown> {
  return {
    namespace: 'shop',
    name,
    uid: `uid-${name}`,
    resourceVersion,
    creationTimestamp: '2026-03-01T12:00:00Z',
    labels: { app: 'web' },
  };
}

function source(name: string): object {
  const annotations = { 'zen-lead.io/enabled': 'true' };
  return {
    metadata: { ...metadata(name), annotations },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  };
}

function readiness(name: string, status: string, resourceVersion: string): object {
  return { metadata: metadata(name, resourceVersion), status: { conditions: [{ type: 'Ready', status }] } };
}

/** Names Service web. */
function policy(name: string): object {
  const leaderService = { name: `${name}-leader` };
  return { metadata: metadata(name), spec: { serviceRef: { name: 'web' }, leaderService } };
}

/** Service orphan-leader, made by a policy of that name. */
function madeByPolicy(resourceVersion = '7'): object {
  const labels = { 'app.kubernetes.io/managed-by': 'zen-lead', 'zen-lead.io/source-service': 'web' };
  const owner = { apiVersion: 'zen-lead.io/v1alpha1', kind: 'LeaderPolicy', name: 'orphan', uid: 'u' };
  const ownerReferences = [{ ...owner, controller: true }];
  return { metadata: { ...metadata('orphan-leader', resourceVersion), labels, ownerReferences }, spec: {} };
}

/** The slice of Service web-leader, which holds somebody. */
function served(): object {
  return {
    metadata: metadata('web-leader-zen-lead-ipv4'),
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'] }],
    ports: [],
  };
}

describe('Scope', () => {
  let abort: AbortController;
  let client: FakeWatches;
  let added: string[];
  let restarts: string[];
  let clock: FakeClock;

  beforeEach(() => {
    abort = new AbortController();
    client = new FakeWatches();
    added = [];
    restarts = [];
    clock = new FakeClock();
  });
  afterEach(() => {
    abort.abort();
  });

  function scopeOf(namespace: string | undefined): Scope {
    return new Scope({
      namespace,
      client,
      log: nullLogger,
      clock,
      metrics: { countWatchRestart: (resource, reason) => restarts.push(`${resource} ${reason}`) },
      onSynced: () => added.push('synced'),
      queue: { add: (key, options) => added.push(options?.urgent === true ? `${key}!` : key) },
    });
  }

  async function started(scope = scopeOf('shop')): Promise<Scope> {
    scope.start(abort.signal);
    await settled();
    return scope;
  }

  async function list(asked: string, ...items: object[]): Promise<void> {
    client.answer(asked, items);
    await settled();
  }

  /** Service web with pod a, which leads. */
  async function filled(): Promise<Scope> {
    const scope = await started();
    await list(SERVICES, source('web'));
    await list(PODS, readiness('a', 'True', '7'));
    await list(OTHERS, served());
    await list(KCM);
    await list(POLICIES);
    scope.view.remember(KEY, memoryOf(pod('a').build()));
    return scope;
  }

  it('lists Services, Pods, the slices of all but kube-controller-manager, of those the ones made for leaders, and policies', async () => {
    await started();
    expect(client.listed).to.deep.equal([SERVICES, PODS, OTHERS, KCM, POLICIES].sort());
  });

  it('of all namespaces asks for all of them', async () => {
    await started(scopeOf(undefined));
    expect(client.listed).to.deep.equal(
      [SERVICES, PODS, OTHERS, KCM, POLICIES].map((path) => path.replace('/namespaces/shop', '')).sort(),
    );
  });

  it('covers its namespace, or all', () => {
    expect(['shop', 'blog'].map((namespace) => scopeOf('shop').covers(namespace))).to.deep.equal([
      true,
      false,
    ]);
    expect(scopeOf(undefined).covers('blog')).to.be.true;
  });

  // A leader whose pod has not been listed yet would be taken for gone.
  it('does nothing before all of its caches are filled', async () => {
    await started();
    await list(SERVICES, source('web'));
    await list(OTHERS);
    await list(KCM);
    await list(POLICIES);
    expect(added).to.deep.equal([]);
    await list(PODS, readiness('a', 'True', '7'));
    expect(added).to.deep.equal([KEY, 'synced']);
  });

  it('looks at every key once its caches are filled', async () => {
    await started();
    await list(SERVICES, source('web'), source('api'));
    await list(PODS);
    await list(OTHERS);
    await list(KCM);
    await list(POLICIES);
    expect(added.sort()).to.deep.equal(['shop/api-leader', KEY, 'synced']);
  });

  it('then queues what a change touches, and a lost leader before the others', async () => {
    await filled();
    added.length = 0;
    client.event(PODS, 'ADDED', readiness('b', 'True', '101'));
    await settled();
    client.event(PODS, 'MODIFIED', readiness('a', 'False', '102'));
    await settled();
    expect(added).to.deep.equal([KEY, `${KEY}!`]);
  });

  it('is ready when every watch is, and says which one is not', async () => {
    const scope = await started();
    await list(SERVICES);
    await list(OTHERS);
    await list(KCM);
    await list(POLICIES);
    client.answer(PODS, apiError(403, 'Forbidden'));
    await settled();
    expect(scope.ready(clock.now())).to.deep.equal([
      { name: 'watch-services in namespace shop', ok: true },
      { name: 'watch-pods in namespace shop', ok: false, message: 'not listed yet: 403 Forbidden' },
      { name: 'watch-endpointslices in namespace shop', ok: true },
      { name: 'watch-endpointslices-of-leader-services in namespace shop', ok: true },
      { name: 'watch-leaderpolicies in namespace shop', ok: true },
    ]);
    expect(restarts).to.deep.equal(['pods error']);
  });

  it('is not ready while a list is half read', async () => {
    const scope = await started();
    for (const path of [SERVICES, OTHERS, KCM, POLICIES]) await list(path);
    client.answer(PODS, [readiness('a', 'True', '7')], 'page 2');
    await settled();
    expect(scope.ready(clock.now())[1]).to.include({ ok: false, message: 'not listed yet' });
    await list(PODS, readiness('b', 'True', '8'));
    expect(scope.ready(clock.now())[1]).to.include({ ok: true });
    expect(scope.view.stores.pods.size).to.equal(2);
  });

  it('is not ready any more when its watches fall silent', async () => {
    const scope = await filled();
    const later = clock.now() + 60_000;
    expect(scope.ready(clock.now()).every(({ ok }) => ok)).to.be.true;
    expect(scope.ready(later).map(({ ok, message }) => [ok, message])).to.deep.equal(
      Array(5).fill([false, 'the watch is not alive']),
    );
  });

  it('names no namespace in its checks where it watches all', () => {
    expect(scopeOf(undefined).ready(0)[0]).to.deep.equal({
      name: 'watch-services',
      ok: false,
      message: 'not listed yet',
    });
  });

  it('knows when each resource was last heard of', async () => {
    clock.spend(1_000);
    const scope = await started();
    await list(PODS);
    expect(scope.lastHeard()).to.deep.equal([
      { resource: 'services', at: undefined },
      { resource: 'pods', at: 1_000 },
      { resource: 'endpointslices', at: undefined },
      { resource: 'endpointslices', at: undefined },
      { resource: 'leaderpolicies', at: undefined },
    ]);
  });

  // Another replica has made it for a policy that it saw first.
  it('does not take a policy for gone before it has looked again', async () => {
    const scope = await filled();
    const policiesKnown = (): boolean => scope.view.gather('shop/orphan-leader', 0).policiesKnown;
    expect(policiesKnown()).to.be.true;
    added.length = 0;
    client.event(SERVICES, 'ADDED', madeByPolicy('101'));
    await settled();
    expect([added, policiesKnown()]).to.deep.equal([['shop/orphan-leader'], false]);
    added.length = 0;
    await list(POLICIES);
    expect([added, policiesKnown()]).to.deep.equal([['shop/orphan-leader'], true]);
  });

  describe('without LeaderPolicies', () => {
    async function withoutPolicies(answer: Error, ...services: object[]): Promise<Scope> {
      const scope = await started();
      await list(SERVICES, ...services);
      for (const path of [PODS, OTHERS, KCM]) await list(path);
      expect(added).to.deep.equal([]);
      client.answer(POLICIES, answer);
      await settled();
      return scope;
    }

    for (const status of [404, 403]) {
      it(`works and is ready when they are answered with ${status}, and nobody waits for their watch`, async () => {
        const scope = await withoutPolicies(apiError(status, 'No'), source('web'));
        expect(added).to.deep.equal([KEY, 'synced']);
        expect(scope.ready(clock.now()).filter(({ ok }) => !ok)).to.deep.equal([]);
        expect(scope.lastHeard().map(({ resource }) => resource)).not.to.include('leaderpolicies');
        expect(scope.view.gather(KEY, 0).policiesKnown).to.be.false;
        expect(restarts).to.deep.equal([]);
      });
    }

    it('takes them up when they are there', async () => {
      const scope = await withoutPolicies(apiError(404, 'NotFound'), source('web'), madeByPolicy());
      added.length = 0;
      await clock.advance(25_000);
      await list(POLICIES, policy('main'));
      expect(added.sort()).to.deep.equal(['shop/main-leader', 'shop/orphan-leader']);
      expect(scope.view.gather(KEY, 0).policiesKnown).to.be.true;
      expect(scope.lastHeard().at(-1)).to.deep.equal({ resource: 'leaderpolicies', at: 25_000 });
    });

    it('looks at what policies made once it is sure that there are none', async () => {
      const scope = await withoutPolicies(apiError(404, 'NotFound'), source('web'), madeByPolicy());
      added.length = 0;
      await clock.advance(25_000);
      expect(added).to.deep.equal([]);
      client.answer(POLICIES, apiError(404, 'NotFound'));
      await settled();
      expect(added).to.deep.equal(['shop/orphan-leader']);
      expect(scope.view.gather('shop/orphan-leader', 0).policiesKnown).to.be.true;
    });
  });
});
