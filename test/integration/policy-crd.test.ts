import { expect } from 'chai';
import { LEADER_POLICY_CRD } from '../../src/api/leader-policy-crd.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { installCrd, weakenCrd } from './support/crd.ts';
import { eventually } from './support/eventually.ts';
import { endAtLast } from './support/leftovers.ts';
import { namespace, type Namespace } from './support/namespace.ts';
import { startOperator, type LogLine, type OperatorProcess } from './support/operator-process.ts';
import { createPolicy } from './support/policy.ts';
import { grantIn, operatorKubeconfig, RULES } from './support/rbac.ts';

const CRD = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${LEADER_POLICY_CRD.metadata.name}`;
/** api.md promises it: it is looked for every 10 s. */
const PICKED_UP_MS = 30_000;

const isAboutPolicies = (line: LogLine): boolean => line['resource'] === 'leaderpolicies';
const isTrouble = ({ level }: LogLine): boolean => level === 'warn' || level === 'error';

describe('the CustomResourceDefinition of LeaderPolicy', function () {
  this.timeout(60_000);
  let cluster: Cluster;

  // Of its own: on the shared one the other files have the CRD. Nobody but the operator clears away what a policy owned.
  before(async () => {
    const controllerManagerArgs = ['--controllers=-garbage-collector-controller'];
    cluster = await startCluster({ controllerManagerArgs });
    endAtLast(() => cluster.stop());
  });

  /** As of the API server; undefined: not installed. */
  async function crd(): Promise<typeof LEADER_POLICY_CRD | undefined> {
    const { status, body } = await cluster.api.request('GET', CRD);
    return status === 404 ? undefined : (body as typeof LEADER_POLICY_CRD);
  }

  async function deleteCrd(): Promise<void> {
    await cluster.api.request('DELETE', CRD);
    await eventually(async () => {
      expect(await crd()).to.equal(undefined);
    });
  }

  /** A Service of this name, opted in or not, with pods. */
  async function source(ns: Namespace, name: string, annotated: boolean): Promise<void> {
    await ns.createService(name, annotated ? {} : { annotations: false });
    await ns.createPods(name, 2);
  }

  describe('that comes and goes under an operator', () => {
    let ns: Namespace;
    let operator: OperatorProcess;

    before(async () => {
      await deleteCrd();
      ns = await namespace('comes', cluster);
      const kubeconfig = await operatorKubeconfig(cluster);
      operator = await startOperator({ namespaces: [ns.name], kubeconfig });
      await operator.ready();
    });
    after(() => operator.stop());

    const said = (): string[] => operator.logs.filter(isAboutPolicies).map(({ message }) => message);

    it('is not needed for annotation mode: one line says that it is not there', async () => {
      await source(ns, 'web', true);
      await ns.leads('web-leader', 'web-0');
      expect(said()).to.have.lengthOf(1);
      expect(said()[0]).to.contain('is not installed');
      expect(operator.logs.filter(isTrouble)).to.deep.equal([]);
      const restarts = (await operator.metrics()).samples('zen_lead_watch_restarts_total');
      const counted = restarts.filter(({ labels }) => labels['resource'] === 'leaderpolicies');
      expect(counted.filter(({ value }) => value > 0)).to.deep.equal([]);
      expect(counted).not.to.have.lengthOf(0);
    });

    it('is picked up within 30 s', async () => {
      await installCrd(cluster);
      await source(ns, 'db', false);
      await createPolicy(ns, 'db');
      await ns.leads('db-leader', 'db-0', PICKED_UP_MS);
      expect(said()[1]).to.contain('is used from now on');
    });

    it('takes with it what its policies own, and nothing else', async () => {
      const before = await ns.service('web-leader');
      await deleteCrd();
      await eventually(
        async () => {
          expect(await ns.service('db-leader')).to.equal(undefined);
        },
        { timeout: 20_000, describe: 'the leader Service of the policy to go' },
      );
      await operator.waitForLog((line) => isAboutPolicies(line) && said().length === 3, 20_000);
      expect(said()[2]).to.contain('is not installed');
      const left = await ns.service('web-leader');
      expect(left?.metadata.uid).to.equal(before?.metadata.uid);
      expect(await ns.leaderOf('web-leader')).to.equal('web-0');
      await ns.annotate('web', { 'switchover-to': 'web-1' });
      await ns.leads('web-leader', 'web-1');
      expect(operator.logs.filter(isTrouble)).to.deep.equal([]);
      expect((await operator.get('/readyz')).status).to.equal(200);
    });

    // As it was left while no operator was there to see the policy go.
    it('takes with it, too, what is left of a policy that nobody remembers', async () => {
      const policy = { apiVersion: 'zen-lead.io/v1alpha1', kind: 'LeaderPolicy', name: 'gone' };
      const uid = '6a4bd1d5-3d0a-4b0d-9c53-0d8fb4a6d3a1';
      await ns.cluster.api.call('POST', ns.path('services'), {
        body: {
          metadata: {
            name: 'gone-leader',
            labels: { 'app.kubernetes.io/managed-by': 'zen-lead', 'zen-lead.io/source-service': 'gone' },
            ownerReferences: [{ ...policy, uid, controller: true }],
          },
          spec: { ports: [{ port: 80 }] },
        },
      });
      // It looks twice for the policy before.
      await eventually(
        async () => {
          expect(await ns.service('gone-leader')).to.equal(undefined);
        },
        { timeout: 15_000, describe: 'the leader Service of a policy that is gone to go' },
      );
    });
  });

  describe('with --install-crd', () => {
    const args = ['--install-crd'];

    it('is there when the operator is ready, and policies are served at once', async () => {
      await deleteCrd();
      const ns = await namespace('install', cluster);
      const options = { namespaces: [ns.name], args, kubeconfig: cluster.kubeconfigPath };
      const operator = await startOperator(options);
      await operator.ready();
      await source(ns, 'db', false);
      await createPolicy(ns, 'db');
      await ns.leads('db-leader', 'db-0');
      // A resource that is new may have to be asked for twice: "429 storage is (re)initializing".
      const isStarting = (line: LogLine): boolean =>
        isAboutPolicies(line) && String(line['error']).endsWith('storage is (re)initializing');
      expect(operator.logs.filter((line) => isTrouble(line) && !isStarting(line))).to.deep.equal([]);
      await operator.stop();
    });

    it('is brought up to date, and its policies stay', async () => {
      const ns = await namespace('upgrade', cluster);
      await weakenCrd(cluster);
      await source(ns, 'db', false);
      const { spec } = await (await createPolicy(ns, 'db')).get();
      expect(spec, 'without the defaults of the new one').not.to.have.property('selection');
      const options = { namespaces: [ns.name], kubeconfig: cluster.kubeconfigPath };
      const operator = await startOperator({ ...options, env: { ZEN_LEAD_INSTALL_CRD: 'true' } });
      await operator.ready();
      const schemaOf = (of: typeof LEADER_POLICY_CRD | undefined): unknown =>
        of?.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties;
      expect(schemaOf(await crd())).to.deep.equal(schemaOf(LEADER_POLICY_CRD));
      await ns.leads('db-leader', 'db-0');
      await operator.stop();
    });

    it('is not installed without the right to; the operator says what to do, once, and goes on', async () => {
      await deleteCrd();
      const ns = await namespace('denied', cluster);
      const kubeconfig = await operatorKubeconfig(cluster);
      const operator = await startOperator({ namespaces: [ns.name], args, kubeconfig });
      await operator.ready();
      await source(ns, 'web', true);
      await ns.leads('web-leader', 'web-0');
      expect(await crd()).to.equal(undefined);
      const trouble = operator.logs.filter(isTrouble);
      expect(trouble).to.have.lengthOf(1);
      expect(trouble[0]?.message).to.contain('kubectl').and.to.contain('grant create and patch');
      expect(trouble[0]?.['error']).to.contain('403 Forbidden');
      await operator.stop();
    });
  });

  it('may be out of reach: without rights on policies annotation mode goes on, and one line says so', async () => {
    const ns = await namespace('unseen', cluster);
    const rules = RULES.filter(({ apiGroups }) => !apiGroups.includes('zen-lead.io'));
    await grantIn(cluster, ns.name, 'of-before', rules);
    const kubeconfig = await cluster.createUserKubeconfig({ user: 'of-before' });
    const operator = await startOperator({ namespaces: [ns.name], kubeconfig });
    await operator.ready();
    await source(ns, 'web', true);
    await ns.leads('web-leader', 'web-0');
    const trouble = operator.logs.filter(isTrouble);
    expect(trouble).to.have.lengthOf(1);
    expect(trouble[0]).to.include({ verb: 'list', resource: 'leaderpolicies', namespace: ns.name });
    expect(trouble[0]?.message).to.contain('annotation mode');
    await operator.stop();
  });

  it('may be out of reach after policies were led: a leader that may not lead is withdrawn, and comes back', async () => {
    await installCrd(cluster);
    const ns = await namespace('blind', cluster);
    await ns.createService('db', { annotations: false });
    const [first] = await ns.createPods('db', 2);
    await createPolicy(ns, 'db');
    const seeing = await startOperator({
      namespaces: [ns.name],
      kubeconfig: await operatorKubeconfig(cluster),
    });
    await ns.leads('db-leader', 'db-0');
    await seeing.stop();
    const rules = RULES.filter(({ apiGroups }) => !apiGroups.includes('zen-lead.io'));
    await grantIn(cluster, ns.name, 'blind', rules);
    const kubeconfig = await cluster.createUserKubeconfig({ user: 'blind' });
    const blind = await startOperator({ namespaces: [ns.name], kubeconfig });
    await blind.ready();
    await ns.leads('db-leader', 'db-0');
    await first!.setReady(false);
    await ns.leads('db-leader', null);
    await first!.setReady(true);
    await ns.leads('db-leader', 'db-0');
    await first!.remove();
    await ns.leads('db-leader', null);
    await blind.stop();
    const again = await startOperator({
      namespaces: [ns.name],
      kubeconfig: await operatorKubeconfig(cluster),
    });
    await ns.leads('db-leader', 'db-1');
    await again.stop();
  });
});
