import { expect } from 'chai';
import { eventually } from '../integration/support/eventually.ts';
import { namespace, type Namespace } from '../integration/support/namespace.ts';
import type { Service, Slice } from '../integration/support/shapes.ts';
import { sharedCluster } from '../integration/support/shared.ts';
import { Account } from './support/account.ts';
import type { Release } from './support/helm.ts';
import { accountKubeconfig, helmOn, uninstall } from './support/install.ts';

const LABEL = { 'app.kubernetes.io/managed-by': 'zen-lead' };
const SLICE_LABEL = { 'endpointslice.kubernetes.io/managed-by': 'zen-lead' };
const PORTS = [{ name: 'db', port: 5432, protocol: 'TCP' }];

function service(name: string, spec: object = {}, labels: object = LABEL): object {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, labels }, spec: { ports: PORTS, ...spec } };
}

function slice(name: string, addresses: readonly string[], labels: object = SLICE_LABEL): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address] })),
    ports: PORTS,
  };
}

describe("the admission policies, against whoever has the operator's token", function () {
  this.timeout(20_000);
  let ns: Namespace;
  let release: Release;
  let thief: Account;

  before(async () => {
    ns = await namespace('forged');
    release = { name: 'zen-lead', namespace: ns.name };
    await helmOn(ns.cluster, 'install', release);
    thief = new Account(await accountKubeconfig(ns.cluster, ns.name, 'zen-lead'), ns.name);
    await ns.createService('users', { annotations: false });
    await ns.createSlice(slice('users-slice', ['10.0.0.1'], {}));
    await ns.createSlice(slice('of-kcm', ['10.0.0.1'], { 'endpointslice.kubernetes.io/managed-by': 'x' }));
    // The API server needs a moment until it goes by new policies.
    let tries = 0;
    await eventually(async () => {
      tries += 1;
      await refused(async () => thief.create(service(`early-${tries}`, {}, {})), /with the label/);
      await refused(async () => thief.create(slice(`early-${tries}`, [], {})), /with the label/);
    });
  });

  after(async () => {
    await uninstall(ns.cluster, release);
  });

  /** Refused by the policy, not by RBAC or validation. */
  async function refused(write: () => Promise<void>, reason: RegExp): Promise<void> {
    const failure = await write().then(
      () => 'nothing: it was written',
      (error: unknown) => String(error),
    );
    expect(failure).to.match(/ValidatingAdmissionPolicy '(services|endpointslices)\.zen-lead\./);
    expect(failure).to.match(reason);
  }

  const label = /may only write (Services|EndpointSlices) with the label/;
  const forged: [title: string, write: () => Promise<void>, reason: RegExp][] = [
    ['a Service without the label', () => thief.create(service('new', {}, {})), label],
    [
      'a Service with a selector',
      () => thief.create(service('new', { selector: { app: 'x' } })),
      /without a selector/,
    ],
    ['a NodePort', () => thief.create(service('new', { type: 'NodePort' })), /of type ClusterIP/],
    ['a LoadBalancer', () => thief.create(service('new', { type: 'LoadBalancer' })), /of type ClusterIP/],
    [
      'an ExternalName',
      () => thief.create(service('new', { type: 'ExternalName', externalName: 'x.example' })),
      /of type ClusterIP/,
    ],
    [
      'external IPs',
      () => thief.create(service('new', { externalIPs: ['192.0.2.1'] })),
      /without externalIPs/,
    ],
    [
      "an annotation on a user's Service",
      () => thief.patch('service', 'users', { metadata: { annotations: { a: 'b' } } }),
      label,
    ],
    [
      "our label on a user's Service",
      () => thief.patch('service', 'users', { metadata: { labels: LABEL } }),
      label,
    ],
    [
      "our label on a user's Service, its selector taken away",
      () => thief.patch('service', 'users', { metadata: { labels: LABEL }, spec: { selector: null } }),
      label,
    ],
    [
      "the selector of a user's Service",
      () => thief.patch('service', 'users', { spec: { selector: { app: 'x' } } }),
      label,
    ],
    ["a user's Service gone", () => thief.delete('service', 'users'), label],
    ['an EndpointSlice without the label', () => thief.create(slice('new', ['10.0.0.9'], {})), label],
    [
      "kube-controller-manager's label on an EndpointSlice",
      () =>
        thief.create(
          slice('new', [], { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' }),
        ),
      label,
    ],
    ['two endpoints', () => thief.create(slice('new', ['10.0.0.8', '10.0.0.9'])), /at most one endpoint/],
    [
      "the address in another's EndpointSlice",
      () => thief.replace(slice('of-kcm', ['10.0.0.9'], { 'endpointslice.kubernetes.io/managed-by': 'x' })),
      label,
    ],
    ["our label on another's EndpointSlice", () => thief.replace(slice('users-slice', ['10.0.0.1'])), label],
    ["another's EndpointSlice gone", () => thief.delete('endpointslice', 'users-slice'), label],
  ];
  for (const [title, write, reason] of forged) {
    it(`refuse ${title}`, async () => {
      await refused(write, reason);
    });
  }

  it('refuse to make a leader Service something else', async () => {
    await thief.create(service('ours'));
    const patch = (body: object) => () => thief.patch('service', 'ours', body);
    await refused(patch({ metadata: { labels: { 'app.kubernetes.io/managed-by': null } } }), label);
    await refused(patch({ metadata: { labels: { 'app.kubernetes.io/managed-by': 'x' } } }), label);
    await refused(patch({ spec: { selector: { app: 'x' } } }), /without a selector/);
    await refused(patch({ spec: { type: 'LoadBalancer' } }), /of type ClusterIP/);
    await refused(patch({ spec: { externalIPs: ['192.0.2.1'] } }), /without externalIPs/);
    await thief.delete('service', 'ours');
  });

  it('refuse to make an EndpointSlice of ours something else', async () => {
    await thief.create(slice('ours', ['10.0.0.1']));
    await refused(async () => thief.replace(slice('ours', ['10.0.0.1', '10.0.0.2'])), /at most one endpoint/);
    await refused(async () => thief.replace(slice('ours', ['10.0.0.1'], {})), label);
    await thief.delete('endpointslice', 'ours');
  });

  it('let pass what the operator does: make, patch, put right, empty and delete its own', async () => {
    await thief.create(service('mine'));
    const hand = { selector: { app: 'x' }, type: 'NodePort', externalIPs: ['192.0.2.1'] };
    await ns.patchService('mine', { spec: hand });
    await thief.patch('service', 'mine', { metadata: { annotations: { told: 'meanwhile' } } });
    // The selector is still there: only a write that is about the rest is refused.
    await refused(
      async () => thief.patch('service', 'mine', { spec: { sessionAffinity: 'ClientIP' } }),
      /selector/,
    );
    await thief.patch('service', 'mine', { spec: { selector: null, externalIPs: null, type: 'ClusterIP' } });
    const { spec, metadata }: Service = (await ns.service('mine'))!;
    expect([spec.selector, spec.externalIPs, spec.type]).to.deep.equal([undefined, undefined, 'ClusterIP']);
    expect(metadata.annotations).to.include({ told: 'meanwhile' });
    await thief.create(service('mine-headless', { clusterIP: 'None' }));
    // As the API server keeps an empty list.
    await thief.create({ ...slice('mine', []), endpoints: null });
    await thief.replace(slice('mine', ['10.0.0.1']));
    await thief.replace(slice('mine', []));
    // Two endpoints by another hand: back to one.
    await ns.patchSlice('mine', { endpoints: [{ addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.2'] }] });
    await thief.replace(slice('mine', ['10.0.0.1']));
    for (const name of ['mine', 'mine-headless']) await thief.delete('service', name);
    await thief.delete('endpointslice', 'mine');
  });

  it('bind nobody else, an account of the same name elsewhere neither', async () => {
    const other = await namespace('other');
    await other.cluster.kubectl(['-n', other.name, 'create', 'serviceaccount', 'zen-lead']);
    const rights = [
      'create',
      'rolebinding',
      'edit',
      '--clusterrole=edit',
      `--serviceaccount=${other.name}:zen-lead`,
    ];
    await other.cluster.kubectl(['-n', ns.name, ...rights]);
    const user = new Account(await accountKubeconfig(ns.cluster, other.name, 'zen-lead'), ns.name);
    await user.create(service('free', { selector: { app: 'x' } }, {}));
    await user.delete('service', 'free');
  });

  it('are sound in the eyes of the type checker of the API server', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    for (const name of ['services', 'endpointslices']) {
      await eventually(async () => {
        const { status, metadata } = await sharedCluster().api.call<Checked>(
          'GET',
          `${path}/${name}.zen-lead.${ns.name}`,
        );
        expect(status?.observedGeneration).to.equal(metadata.generation);
        expect(status?.typeChecking?.expressionWarnings).to.equal(undefined);
      });
    }
  });
});

interface Checked {
  metadata: Slice['metadata'] & { generation: number };
  status?: { observedGeneration?: number; typeChecking?: { expressionWarnings?: unknown[] } };
}
