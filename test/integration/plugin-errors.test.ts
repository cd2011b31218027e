/** How the kubectl plugin says no: one sentence, an exit status by kind. */
import { expect } from 'chai';
import { freePorts } from '../cluster/run/ports.ts';
import { FaultHttpProxy } from '../support/fault-http-proxy.ts';
import { fails, kubectl, withPlugin, type PluginOptions } from './support/plugin.ts';
import { grantIn } from './support/rbac.ts';
import { sharedCluster } from './support/shared.ts';

const SERVICES = { apiGroups: [''], resources: ['services'], verbs: ['get', 'list'] };

describe('kubectl leader refuses with exit status', function () {
  this.timeout(20_000);
  const { stage, leader, annotated } = withPlugin('plugin-errors');

  const asUser = async (rules: readonly object[], user: string): Promise<PluginOptions> => {
    await grantIn(sharedCluster(), stage.ns.name, user, rules);
    return { kubeconfig: await sharedCluster().createUserKubeconfig({ user }) };
  };

  before(async () => {
    await annotated('refused');
    await stage.ns.createPod('refused-2', { ready: false });
  });

  it('1: a pod that may not lead', async () => {
    const answer = await leader('switchover', 'refused', '--to', 'refused-2', '--wait');
    fails(answer, 1, 'pod refused-2 may not lead refused-leader now: NotReady', 'these may: refused-1');
  });

  it('2: a bad flag, argument or context', async () => {
    fails(await leader('lst'), 2, 'unknown command "lst": did you mean list?');
    fails(await leader('list', '--al'), 2, 'unknown flag "--al"');
    fails(await leader('list', '-o', 'xml'), 2, '--output "xml": expected json, yaml, wide');
    fails(await leader('switchover', 'refused'), 2, 'expected --to <pod>');
    fails(
      await leader('list', '--context', 'nope'),
      2,
      `the kubeconfig ${sharedCluster().kubeconfigPath} has no context "nope"`,
    );
  });

  it('3: no such Service, and no such pod', async () => {
    fails(await leader('explain', 'nope'), 3, `there is no Service nope in namespace ${stage.ns.name}`);
    fails(
      await leader('switchover', 'refused', '--to', 'refused-9'),
      3,
      'no pod refused-9 matches the selector',
    );
  });

  it('4: without any right, and with a token that is not accepted', async () => {
    const kubeconfig = await sharedCluster().createUserKubeconfig({ user: 'plugin-nobody' });
    const at = ['-n', stage.ns.name];
    fails(
      await kubectl(['leader', 'list', ...at], { kubeconfig }),
      4,
      'you may not list services in namespace',
      'ask for the verb "list" on "services"',
    );
    fails(
      await kubectl(['leader', 'list', '-A'], { kubeconfig }),
      4,
      'in all namespaces',
      'give --namespace',
    );
    const expired = await sharedCluster().createTokenKubeconfig('expired');
    fails(
      await kubectl(['leader', 'list', ...at], { kubeconfig: expired }),
      4,
      'does not accept your credentials (401)',
    );
  });

  it('4: without the right to write, or to read what a plan is made from', async () => {
    const reader = await asUser([SERVICES], 'plugin-reader');
    const at = ['-n', stage.ns.name];
    const answer = await kubectl(['leader', 'pause', 'refused', ...at], reader);
    expect(answer.code).to.equal(4);
    expect(answer.stderr)
      .to.contain('error: you may not patch services')
      .and.to.contain('ask for the verb "patch" on "services"');
    expect((await kubectl(['leader', 'explain', 'refused', ...at], reader)).code).to.equal(4);
    const { code, stdout, stderr } = await kubectl(['leader', 'list', ...at], reader);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^refused-leader +refused +annotation +refused-0 +\S+ +\? +\? +Ready$/m);
    for (const resource of ['pods', 'endpointslices', 'leaderpolicies'])
      expect(stderr).to.match(new RegExp(`^note: you may not list ${resource} in namespace .*$`, 'm'));
  });

  it('5: an API server that does not answer', async () => {
    const [port = 0] = await freePorts(1);
    const kubeconfig = await sharedCluster().createTokenKubeconfig('x', {
      server: `https://127.0.0.1:${port}`,
    });
    fails(
      await kubectl(['leader', 'list'], { kubeconfig }),
      5,
      `cannot reach the API server https://127.0.0.1:${port}`,
    );
  });

  it('works where there is no CustomResourceDefinition, and in a cluster without zen-lead', async () => {
    const proxy = await FaultHttpProxy.start(sharedCluster(), {
      user: 'plugin-admin',
      groups: ['system:masters'],
    });
    try {
      proxy.addRule({ path: /leaderpolicies/, answer: { status: 404 } });
      const kubeconfig = await proxy.createKubeconfig();
      await annotated('bare');
      const { code, stdout, stderr } = await kubectl(['leader', 'list', '-n', stage.ns.name], { kubeconfig });
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(/^bare-leader +bare +annotation +bare-0 /m);
      const empty = await kubectl(['leader', 'list', '-n', 'kube-public'], { kubeconfig });
      expect(empty).to.deep.include({ code: 0, stdout: '' });
      expect(empty.stderr).to.equal(
        'No leader Services in namespace kube-public; make one: kubectl leader enable SERVICE\n',
      );
    } finally {
      await proxy.stop();
    }
  });
});
