import { expect } from 'chai';
import { ApiError } from '../../../src/errors.ts';
import { Api } from '../../../src/plugin/api.ts';
import { CommandFailure } from '../../../src/plugin/failure.ts';
import { apiError, FakeClient } from '../../support/fake-client.ts';

const LACKING = new ApiError({
  status: 403,
  reason: 'Forbidden',
  message: 'cannot list pods: grant the verb "list" on "pods" in a Role or ClusterRole (403 Forbidden: ...)',
});

async function failing(act: (api: Api) => Promise<unknown>, ...answers: unknown[]): Promise<Error> {
  try {
    await act(new Api(new FakeClient(...answers)));
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected it to fail');
}

const page = (items: unknown, token = ''): object => ({
  metadata: { resourceVersion: '1', continue: token },
  items,
});

describe('the API of the plugin', () => {
  it('lists page by page', async () => {
    const client = new FakeClient(page([1], 'more'), page([2]));
    expect(await new Api(client).list('leaderpolicies', 'shop', { labelSelector: 'a=b' })).to.deep.equal([
      1, 2,
    ]);
    const path = '/apis/zen-lead.io/v1alpha1/namespaces/shop/leaderpolicies';
    expect(client.said).to.deep.equal([`list ${path}`, `list ${path}`]);
    expect(client.calls[1]?.query).to.deep.equal({ labelSelector: 'a=b', limit: 500, continue: 'more' });
  });

  it('lists all namespaces', async () => {
    const client = new FakeClient(page(null));
    expect(await new Api(client).list('endpointslices', undefined)).to.deep.equal([]);
    expect(client.said).to.deep.equal(['list /apis/discovery.k8s.io/v1/endpointslices']);
  });

  it('begins a list again that has grown too old on the way, three times at most', async () => {
    const gone = apiError(410, 'Expired');
    const client = new FakeClient(page([1], 'more'), gone, page([2]));
    expect(await new Api(client).list('pods', 'shop')).to.deep.equal([2]);
    expect(await failing((api) => api.list('pods', 'shop'), gone, gone, gone)).to.equal(gone);
  });

  it('says which right is lacking, and where', async () => {
    const error = await failing((api) => api.list('pods', 'shop'), LACKING);
    expect(error.message).to.equal(
      'you may not list pods in namespace shop; ask for the verb "list" on "pods"',
    );
    expect(error).to.be.instanceOf(CommandFailure).and.to.include({ kind: 'forbidden' });
    const everywhere = await failing((api) => api.list('pods', undefined), LACKING);
    expect(everywhere.message).to.match(/in a ClusterRole, or give --namespace instead of --all-namespaces$/);
  });

  it('does not take a quota for a lacking right', async () => {
    const quota = apiError(403, 'Forbidden', {
      message: 'cannot patch services shop/web: 403 Forbidden: exceeded quota',
    });
    expect(await failing((api) => api.patch('services', 'shop', 'web', {}), quota)).to.equal(quota);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await new Api(new FakeClient(apiError(404, 'NotFound'))).get('pods', 'shop', 'web-0')).to.equal(
      undefined,
    );
  });

  it('patches as a field manager of its own', async () => {
    const client = new FakeClient();
    await new Api(client).patch('services', 'shop', 'web', { metadata: {} });
    expect(client.calls[0]).to.deep.include({
      verb: 'patch',
      path: '/api/v1/namespaces/shop/services/web',
      query: { fieldManager: 'kubectl-leader' },
      contentType: 'application/merge-patch+json',
      body: { metadata: {} },
    });
  });
});
