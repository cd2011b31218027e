import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../cluster/run/ports.ts';
import { TestCA } from '../unit/support/certificates.ts';
import { eventually } from './support/eventually.ts';
import { namespace } from './support/namespace.ts';
import { runOperator, startOperator, type LogLine } from './support/operator-process.ts';
import { grantIn } from './support/rbac.ts';
import { sharedCluster } from './support/shared.ts';

const FLAGS = ['--namespace', 'shop', '--metrics-bind-address', '0', '--health-probe-bind-address', '0'];

/** The operator with this kubeconfig ends at once, with one line. */
async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  const { code, stderr } = await runOperator(FLAGS, env);
  expect(code).to.equal(1);
  expect(stderr).to.match(/^zen-lead: .*\n$/);
  return stderr;
}

/** Services, pods, EndpointSlices twice, LeaderPolicies. */
const WATCHES = 5;

/** What it warns of in the first second, once for each thing that it watches. */
async function warnings(kubeconfig: string): Promise<LogLine[]> {
  const operator = await startOperator({ namespaces: ['shop'], kubeconfig });
  const lines = await eventually(() => {
    const found = operator.logs.filter(({ level }) => level === 'warn');
    expect(found).to.have.length(WATCHES);
    return found;
  });
  const { status, body } = await operator.get('/readyz');
  expect(status).to.equal(503);
  const [first] = lines.filter((line) => line['resource'] !== 'leaderpolicies'); // those may be missing
  expect(body).to.contain(String(first?.['error']).slice(0, 100));
  expect((await operator.get('/healthz')).status).to.equal(200);
  await operator.stop();
  return lines;
}

describe('a kubeconfig', function () {
  this.timeout(20_000);

  it('that is missing is named', async () => {
    expect(await refusal({ KUBECONFIG: '/nonexistent/config' })).to.contain(
      'kubeconfig /nonexistent/config does not exist',
    );
  });

  it('that is none is named', async () => {
    const path = join(sharedCluster().stateDir, 'none.kubeconfig');
    await writeFile(path, 'this: [is none');
    expect(await refusal({ KUBECONFIG: path })).to.contain(`kubeconfig ${path}`);
  });

  it('is asked for where there is none at all', async () => {
    expect(await refusal({ HOME: '/nonexistent' })).to.match(
      /KUBECONFIG is not set, \/nonexistent\/\.kube\/config does not exist/,
    );
  });

  it('with an expired client certificate is named, and when it expired', async () => {
    const ca = await TestCA.create();
    const { certificate, key } = await ca.issue('CN=jane', { notAfter: new Date('2021-02-03T04:05:06Z') });
    const path = await sharedCluster().createKubeconfig({ cert: certificate, key });
    const line = await refusal({ KUBECONFIG: path });
    expect(line).to.contain(path).and.to.contain('expired on 2021-02-03T04:05:06.000Z');
  });

  it('that leads to no API server is told with its address, and the operator goes on trying', async () => {
    const [port = 0] = await freePorts(1);
    const server = `https://127.0.0.1:${port}`;
    const path = await sharedCluster().createTokenKubeconfig('x', { server });
    for (const { error } of await warnings(path)) {
      expect(error).to.contain(`cannot reach the API server ${server} (ECONNREFUSED)`);
    }
  });

  it('with a token that is not accepted is told as such', async () => {
    const path = await sharedCluster().createTokenKubeconfig('expired');
    for (const { error } of await warnings(path)) expect(error).to.contain('401 Unauthorized');
  });

  it('of a user without rights is told with the verb and the resource to grant', async () => {
    const path = await sharedCluster().createUserKubeconfig({ user: 'nobody' });
    const errors = (await warnings(path)).map(({ error }) => String(error));
    for (const resource of ['pods', 'services', 'endpointslices', 'leaderpolicies']) {
      const grant = `cannot list ${resource} in namespace shop: grant the verb "list" on "${resource}" in a Role or ClusterRole`;
      expect(errors.some((error) => error.startsWith(grant))).to.equal(true);
    }
  });

  it('of a user who is granted the rights later works from then on', async () => {
    const ns = await namespace('grant');
    const kubeconfig = await ns.cluster.createUserKubeconfig({ user: 'late' });
    const operator = await startOperator({ namespaces: [ns.name], kubeconfig });
    await operator.waitForLog(({ level }) => level === 'warn');
    await grantIn(ns.cluster, ns.name, 'late');
    await operator.ready(15_000);
    await ns.createService('web');
    await ns.createPods('web', 1);
    await ns.leads('web-leader', 'web-0');
    await operator.stop();
  });
});
