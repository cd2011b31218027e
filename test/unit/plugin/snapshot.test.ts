import { expect } from 'chai';
import { Api } from '../../../src/plugin/api.ts';
import { CommandFailure } from '../../../src/plugin/failure.ts';
import { takeSnapshot } from '../../../src/plugin/snapshot.ts';
import { apiError } from '../../support/fake-client.ts';
import type { Call } from '../../../src/kube/client.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

function raw(namespace: string, name: string, more: object = {}): object {
  const metadata = {
    namespace,
    name,
    uid: `${namespace}-${name}`,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  return { metadata: { ...metadata, ...more }, spec: { selector: { app: name }, ports: [{ port: 80 }] } };
}

const enabled = { annotations: { 'zen-lead.io/enabled': 'true' } };
const LACKING = apiError(403, 'Forbidden', { message: 'cannot list: grant the verb "list" on "x"' });

/** Answers by the path's end: items, or an error. */
function apiWith(answers: Readonly<Record<string, unknown>>): { api: Api; paths: string[] } {
  const paths: string[] = [];
  const call = async <T>({ path }: Call): Promise<T> => {
    paths.push(path);
    const answer = Object.entries(answers).find(([end]) => path.endsWith(end))?.[1] ?? [];
    if (answer instanceof Error) throw answer;
    return Promise.resolve({ metadata: { resourceVersion: '9' }, items: answer } as T);
  };
  return { api: new Api({ call }), paths };
}

describe('a snapshot', () => {
  it('of all namespaces reads pods only of those with leader Services', async () => {
    const services = [raw('shop', 'web', enabled), raw('idle', 'web')];
    const { api, paths } = apiWith({ '/services': services, '/shop/pods': [] });
    const { view, reads } = await takeSnapshot(api, undefined, NOW);
    expect([...view.keys()]).to.deep.equal(['shop/web-leader']);
    expect(paths.filter((path) => path.endsWith('/pods'))).to.deep.equal(['/api/v1/namespaces/shop/pods']);
    expect(reads).to.deep.equal({ pods: true, slices: true, policies: true });
  });

  it('of very many namespaces reads all pods at once', async () => {
    const services = Array.from({ length: 201 }, (_, index) => raw(`ns-${index}`, 'web', enabled));
    const { api, paths } = apiWith({ '/services': services });
    await takeSnapshot(api, undefined, NOW);
    expect(paths.filter((path) => path.endsWith('/pods'))).to.deep.equal(['/api/v1/pods']);
  });

  it('takes a cluster without the CustomResourceDefinition for one without policies', async () => {
    const { api } = apiWith({ '/leaderpolicies': apiError(404, 'NotFound') });
    const { reads, notes } = await takeSnapshot(api, 'shop', NOW);
    expect(reads.policies).to.equal(true);
    expect(notes).to.deep.equal([]);
  });

  it('tells once what may not be read, and goes on', async () => {
    const { api } = apiWith({
      '/services': [raw('shop', 'web', enabled)],
      '/endpointslices': LACKING,
      '/pods': LACKING,
      '/leaderpolicies': LACKING,
    });
    const { view, reads, notes } = await takeSnapshot(api, 'shop', NOW);
    expect(reads).to.deep.equal({ pods: false, slices: false, policies: false });
    expect(notes).to.have.lengthOf(3);
    expect(notes[0]).to.match(/^you may not list endpointslices in namespace shop; .*Who leads is what/);
    expect(view.gather('shop/web-leader', NOW).policiesKnown).to.equal(false);
  });

  it('is none where Services may not be read, or the API server fails', async () => {
    for (const answers of [{ '/services': LACKING }, { '/pods': apiError(500, 'InternalError') }]) {
      let thrown: unknown;
      await takeSnapshot(apiWith(answers).api, 'shop', NOW).catch((error: unknown) => (thrown = error));
      expect(thrown).to.be.instanceOf(Error);
      expect(thrown instanceof CommandFailure).to.equal('/services' in answers);
    }
  });
});
