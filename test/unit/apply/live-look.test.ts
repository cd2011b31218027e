import { expect } from 'chai';
import { LiveLook } from '../../../src/apply/live-look.ts';
import { UnreachableError } from '../../../src/errors.ts';
import { apiError, FakeClient } from '../../support/fake-client.ts';

class LookUnderTest {
  readonly client = new FakeClient();
  readonly versions = new Map<string, string>();
  /** What the caches were told. */
  readonly told: unknown[][] = [];
  readonly live = new LiveLook(this.client, {
    versionOf: (resource, key) => this.versions.get(`${resource}/${key}`),
    onObject: (...args) => this.told.push(['object', ...args]),
    onGone: (...args) => this.told.push(['gone', ...args]),
  });
}

describe('A look at the API server', () => {
  it('reads each object, before all else that waits and within two seconds', async () => {
    const { client, live } = new LookUnderTest();
    await live.look('shop', ['pods/web-0', 'services/web', 'leaderpolicies/web']);
    expect(client.said).to.deep.equal([
      'get /api/v1/namespaces/shop/pods/web-0',
      'get /api/v1/namespaces/shop/services/web',
      'get /apis/zen-lead.io/v1alpha1/namespaces/shop/leaderpolicies/web',
    ]);
    for (const call of client.calls) expect(call).to.include({ urgent: true, timeoutMs: 2_000 });
  });

  it('asks for all of them at once', async () => {
    const { client, live } = new LookUnderTest();
    const never = new Promise<never>(() => undefined);
    client.answer(never, never);
    void live.look('shop', ['pods/web-0', 'pods/web-1']);
    await Promise.resolve();
    expect(client.calls).to.have.length(2);
  });

  it('hands what it finds to the caches', async () => {
    const { client, live, told } = new LookUnderTest();
    const [pod, web] = [{ kind: 'Pod' }, { kind: 'Service' }];
    client.answer(pod, web);
    await live.look('shop', ['pods/web-0', 'services/web']);
    expect(told).to.deep.equal([
      ['object', 'pods', pod],
      ['object', 'services', web],
    ]);
  });

  it('tells the caches what is gone, with what they had before it asked', async () => {
    const { client, live, told, versions } = new LookUnderTest();
    versions.set('pods/shop/web-0', '7');
    const gone = Promise.resolve().then(() => {
      versions.set('pods/shop/web-0', '9');
      return apiError(404, 'NotFound');
    });
    client.answer(gone);
    await live.look('shop', ['pods/web-0']);
    expect(told).to.deep.equal([['gone', 'pods', 'shop/web-0', '7']]);
  });

  for (const error of [new UnreachableError('dropped', 'lost the connection'), apiError(403, 'Forbidden')]) {
    it(`that fails by ${error.message} throws`, async () => {
      const { client, live } = new LookUnderTest();
      client.answer({ kind: 'Pod' }, error);
      const thrown: unknown = await live.look('shop', ['pods/web-0', 'pods/web-1']).catch((e: unknown) => e);
      expect(thrown).to.equal(error);
    });
  }
});
