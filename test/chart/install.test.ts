import { expect } from 'chai';
import { ensureTools } from '../cluster/build/builder.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { eventually, throughout } from '../integration/support/eventually.ts';
import { namespace, type Namespace } from '../integration/support/namespace.ts';
import type { OperatorProcess } from '../integration/support/operator-process.ts';
import { createPolicy } from '../integration/support/policy.ts';
import { CHART, helmOk, type Release } from './support/helm.ts';
import { deploymentOf, helmOn, podSpecOf, startReplica, uninstall } from './support/install.ts';

const CRD = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/leaderpolicies.zen-lead.io';
/** From the operator's start to its first leader Service, in milliseconds. */
const FIRST_LEADER_SERVICE_MS = 5_000;

describe('the chart, installed by helm on a real control plane with fake nodes', function () {
  this.timeout(120_000);
  let cluster: Cluster;

  before(async () => {
    await ensureTools();
    cluster = await startCluster({ nodes: 3 });
  });

  after(async () => {
    await cluster.stop();
  });

  /** A namespace, and the release in it. */
  async function stage(prefix: string): Promise<{ ns: Namespace; release: Release }> {
    const ns = await namespace(prefix, cluster);
    return { ns, release: { name: 'zen-lead', namespace: ns.name } };
  }

  it('is rolled out, leads a Service within 5 s of its start, is upgraded, and leaves nothing but the CRD', async () => {
    const { ns, release } = await stage('life');
    await createSource(ns, 'web');
    const notes = await helmOn(cluster, 'install', release, '', ['--wait', '--timeout=60s']);
    expect(notes).to.include(`kubectl -n ${ns.name} annotate service postgres zen-lead.io/enabled=true`);

    const started = performance.now();
    const operator = await startReplica(cluster, release);
    await exists(ns, 'web-leader', FIRST_LEADER_SERVICE_MS);
    console.log(`      first leader Service ${Math.round(performance.now() - started)} ms after the start`);
    await ns.leads('web-leader', 'web-0');

    const values = JSON.stringify({ logLevel: 'debug', replicas: 3 });
    await helmOn(cluster, 'upgrade', release, values, ['--wait', '--timeout=60s']);
    const upgraded = await deploymentOf(cluster, release);
    expect(podSpecOf(upgraded).containers[0]?.args).to.include('--log-level=debug');
    await operator.stop();
    const second = await startReplica(cluster, release);
    await second.ready();
    await second.stop();

    await uninstall(cluster, release);
    expect(await leftOf(release)).to.deep.equal([]);
    await cluster.api.call('GET', CRD);
    // Leader Services go on without it.
    await ns.leads('web-leader', 'web-0');
  });

  it('runs twice, side by side: each leads the Services of its own namespace', async () => {
    const stages = await Promise.all([stage('left'), stage('right')]);
    const operators: OperatorProcess[] = [];
    for (const { ns, release } of stages) {
      await helmOn(cluster, 'install', release, '', ['--wait', '--timeout=60s']);
      await createSource(ns, 'db');
      operators.push(await startReplica(cluster, release));
    }
    for (const { ns } of stages) await ns.leads('db-leader', 'db-0', 10_000);
    const [left, right] = stages;
    // One that goes takes nothing away from the other.
    await operators[0]!.stop();
    await uninstall(cluster, left.release);
    await createPolicy(right.ns, 'late', { serviceRef: { name: 'db' }, leaderService: { name: 'late' } });
    await right.ns.leads('late', 'db-0');
    await createSource(left.ns, 'orphan');
    await throughout(200, async () => {
      expect(await left.ns.service('orphan-leader')).to.equal(undefined);
    });
    await operators[1]!.stop();
    await uninstall(cluster, right.release);
  });

  it('brings the CRD up to date where the value says so, with a right on that one CRD', async () => {
    await cluster.api.call('DELETE', CRD);
    const { ns, release } = await stage('crd');
    const values = JSON.stringify({ installCrd: true });
    await helmOn(cluster, 'install', release, values, ['--skip-crds']);
    const operator = await startReplica(cluster, release);
    await operator.waitForLog(
      ({ message }) => message === 'the CustomResourceDefinition is installed',
      15_000,
    );
    await createSource(ns, 'db', false);
    await createPolicy(ns, 'db');
    await ns.leads('db-leader', 'db-0', 10_000);
    await operator.stop();
    await uninstall(cluster, release);
  });

  it('is documented: kubectl applies the CRD of an upgrade over the one that helm installed', async () => {
    const crds = await helmOk(['show', 'crds', CHART]);
    await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], crds);
  });

  it('gives the users of a namespace the rights on LeaderPolicies that they have on Services', async () => {
    const { ns, release } = await stage('users');
    await helmOn(cluster, 'install', release);
    for (const [role, verbs] of Object.entries({ view: [], edit: ['create', 'patch', 'delete'] })) {
      const name = `${ns.name}-${role}`;
      await cluster.kubectl([
        '-n',
        ns.name,
        'create',
        'rolebinding',
        name,
        `--clusterrole=${role}`,
        `--user=${name}`,
      ]);
      const may = async (verb: string, resource: string): Promise<string> => {
        const args = ['-n', ns.name, 'auth', 'can-i', verb, resource, `--as=${name}`];
        // kubectl exits with 1 for "no".
        return (await cluster.kubectl(args).catch(() => 'no')).trim();
      };
      // kube-controller-manager gathers aggregated rules.
      await eventually(async () => {
        expect(await may('list', 'leaderpolicies.zen-lead.io')).to.equal('yes');
      });
      for (const verb of ['create', 'patch', 'delete']) {
        const expected = (verbs as string[]).includes(verb) ? 'yes' : 'no';
        expect(await may(verb, 'leaderpolicies.zen-lead.io'), `${role}: ${verb}`).to.equal(expected);
        expect(await may(verb, 'services'), `${role}: ${verb} services`).to.equal(expected);
      }
    }
    await uninstall(cluster, release);
  });

  it('cannot be installed first by the admin of a namespace, and then is, where the rights are granted for them', async () => {
    const { ns, release } = await stage('tenant');
    const admin = ['create', 'rolebinding', 'tenant', '--clusterrole=admin', '--user=tenant'];
    await cluster.kubectl(['-n', ns.name, ...admin]);
    const kubeconfig = await cluster.createUserKubeconfig({ user: 'tenant' });
    const install = async (values: object): Promise<string> => {
      const args = ['install', release.name, CHART, '--namespace', ns.name, '--skip-crds', '-f', '-'];
      return helmOk(args, JSON.stringify(values), kubeconfig);
    };
    const own = { admissionPolicies: { enabled: false }, rbac: { aggregateToDefaultRoles: false } };
    const refusal = await install(own).then(
      () => 'installed',
      (error: unknown) => String(error),
    );
    expect(refusal).to.include('is attempting to grant RBAC permissions not currently held');
    expect(refusal).to.include('endpointslices');
    await helmOk(['uninstall', release.name, '--namespace', ns.name], '', kubeconfig);
    await install({ ...own, rbac: { create: false } });
    await helmOk(['uninstall', release.name, '--namespace', ns.name], '', kubeconfig);
  });

  /** What helm made, apart from the Lease that the operator has made itself. */
  async function leftOf({ name, namespace: where }: Release): Promise<string[]> {
    const kinds =
      'deployments,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings,poddisruptionbudgets,validatingadmissionpolicies,validatingadmissionpolicybindings,configmaps,services,networkpolicies';
    const selector = `app.kubernetes.io/instance=${name},app.kubernetes.io/managed-by=Helm`;
    return (await cluster.kubectl(['-n', where, 'get', kinds, '-l', selector, '-o', 'name']))
      .split('\n')
      .filter((line) => line !== '');
  }
});

/** A Service, and two pods that the fake nodes make Ready. */
async function createSource(ns: Namespace, name: string, annotated = true): Promise<void> {
  await ns.createService(name, annotated ? {} : { annotations: false });
  for (const index of [0, 1]) {
    const body = {
      metadata: { name: `${name}-${index}`, labels: { app: name } },
      spec: { containers: [{ name: 'db', image: 'db', ports: [{ name: 'db', containerPort: 5432 }] }] },
    };
    await ns.cluster.api.call('POST', ns.path('pods'), { body });
    await eventually(
      async () => {
        const { status } = await ns.cluster.api.call<{
          status: { conditions?: { type: string; status: string }[] };
        }>('GET', ns.path('pods', `${name}-${index}`));
        expect(status.conditions?.find(({ type }) => type === 'Ready')?.status).to.equal('True');
      },
      { timeout: 10_000, describe: `${name}-${index} to be Ready` },
    );
  }
}

async function exists(ns: Namespace, leaderService: string, timeout: number): Promise<void> {
  await eventually(
    async () => {
      expect(await ns.service(leaderService)).to.not.equal(undefined);
    },
    { timeout, interval: 5, describe: `the Service ${leaderService}` },
  );
}
