import { expect } from 'chai';
import { LEADER_POLICY_CRD } from '../../../src/api/leader-policy-crd.ts';
import { provideCrd, type Crd } from '../../demo/crd.ts';
import { apiError, FakeClient } from '../../support/fake-client.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const POLICIES = '/apis/zen-lead.io/v1alpha1';
const IN_NAMESPACE = `list ${POLICIES}/namespaces/demo/leaderpolicies`;
const EVERYWHERE = `list ${POLICIES}/leaderpolicies`;

const absent = apiError(404, 'NotFound');
const served = { items: [] };
const created = { metadata: { uid: 'uid-1' } };

function policiesIn(...namespaces: string[]): unknown {
  return { items: namespaces.map((namespace) => ({ metadata: { namespace } })) };
}

describe('CustomResourceDefinition of the demo', () => {
  let told: string[];

  beforeEach(() => {
    told = [];
  });

  async function provide(client: FakeClient): Promise<Crd> {
    return await provideCrd({
      client,
      kubectl: { line: (args) => ['kubectl', ...args].join(' ') },
      namespace: 'demo',
      signal: new AbortController().signal,
      terminal: { say: (line) => told.push(line ?? ''), command: (line) => told.push(line) },
    });
  }

  it('one that is there is used, and never written or deleted', async () => {
    const client = new FakeClient(served);
    const crd = await provide(client);
    await crd.close();
    expect(crd.served).to.equal(true);
    expect(client.said).to.deep.equal([IN_NAMESPACE, IN_NAMESPACE]);
    expect(told.join()).to.include('installed already');
  });

  it('where there is none it is installed, waited for, and deleted in the end, by UID', async () => {
    const client = new FakeClient(absent, created, absent, apiError(429, 'TooManyRequests'), served);
    const crd = await provide(client);
    expect(crd.served).to.equal(true);
    expect(client.calls[1]).to.deep.include({ path: DEFINITIONS, verb: 'create', body: LEADER_POLICY_CRD });
    expect(told).to.deep.equal(['kubectl create -f crds/leaderpolicies.yaml']);

    client.answer(policiesIn('demo'));
    await crd.close();
    expect(client.calls.at(-1)).to.deep.include({
      path: `${DEFINITIONS}/leaderpolicies.zen-lead.io`,
      verb: 'delete',
      body: { preconditions: { uid: 'uid-1' } },
    });
  });

  it('it stays where somebody else has LeaderPolicies by then', async () => {
    const client = new FakeClient(absent, created, served, policiesIn('demo', 'shop'));
    await (await provide(client)).close();
    expect(client.said.at(-1)).to.equal(EVERYWHERE);
    expect(told.join()).to.include('stays');
  });

  it('where it may not be installed, that is said, and nothing is deleted', async () => {
    const client = new FakeClient(absent, apiError(403, 'Forbidden'));
    const crd = await provide(client);
    await crd.close();
    expect(crd.served).to.equal(false);
    expect(client.calls).to.have.lengthOf(2);
    expect(told.join()).to.include('LeaderPolicies are not shown');
  });

  it('one that somebody else created a moment ago is waited for, and stays', async () => {
    const client = new FakeClient(absent, apiError(409, 'AlreadyExists'), absent, served);
    const crd = await provide(client);
    await crd.close();
    expect(crd.served).to.equal(true);
    expect(client.said.slice(2)).to.deep.equal([IN_NAMESPACE, IN_NAMESPACE]);
  });

  it('another error is an error', async () => {
    const client = new FakeClient(absent, apiError(500, 'InternalError'));
    const error = await provide(client).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('status', 500);
  });
});
