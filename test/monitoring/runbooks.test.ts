import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { ledByPolicy, withPolicies } from '../integration/support/policy.ts';
import { sharedCluster } from '../integration/support/shared.ts';
import { runbookLines } from './support/rules.ts';

/** The first commands of each page; what follows a pipe only picks lines. */
const COMMANDS = [
  ...new Set(runbookLines('sh').map((line) => line.replace(/ +#.*$/, '').replace(/ \| grep .*$/, ''))),
];
/** These need a kubelet. */
const NEEDS_NODE = / logs |\/proxy\//;

describe('the commands of the runbooks', function () {
  this.timeout(20_000);
  const stage = withPolicies('runbooks');

  before(async () => {
    const { api } = sharedCluster();
    const { pods, leader } = await ledByPolicy(stage.ns, 'web');
    await pods[0]!.setReady(false);
    await stage.ns.leads(leader, 'web-1');
    await stage.ns.eventsOf('web', 'LeaderChanged');
    await api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'zen-lead' } } });
    const lease = { metadata: { name: 'zen-lead' }, spec: { holderIdentity: 'zen-lead-0_uid' } };
    await api.call('POST', '/apis/coordination.k8s.io/v1/namespaces/zen-lead/leases', { body: lease });
    const pod = {
      metadata: { name: 'zen-lead-0', labels: { 'app.kubernetes.io/name': 'zen-lead' } },
      spec: { containers: [{ name: 'operator', image: 'zen-lead' }] },
    };
    await api.call('POST', '/api/v1/namespaces/zen-lead/pods', { body: pod });
  });

  it('are there, and are all kubectl', () => {
    expect(COMMANDS.length).to.be.greaterThan(20);
    for (const command of COMMANDS) expect(command).to.match(/^kubectl /);
  });

  for (const command of COMMANDS.filter((each) => !NEEDS_NODE.test(each))) {
    it(command, async () => {
      const { code, stdout, stderr } = await shell(filledIn(command, stage.ns.name));
      // "no" of can-i is an answer, too.
      if (command.includes(' can-i ')) expect(stdout.trim(), stderr).to.be.oneOf(['yes', 'no']);
      else expect(code, stderr).to.equal(0);
      if (!/ get events? /.test(command) && !command.includes('candidateDetails'))
        expect(stdout.trim(), 'output').not.to.equal('');
    });
  }

  it('show when and why a leader was changed', async () => {
    const command = COMMANDS.find((each) => each.includes('reason=LeaderChanged')) ?? '';
    const { stdout } = await shell(filledIn(command, stage.ns.name));
    expect(stdout).to.match(/^TIME +NOTE\n20\S+Z +pod web-1 leads instead of web-0: web-0 is not Ready\n/);
  });

  for (const command of COMMANDS.filter((each) => NEEDS_NODE.test(each))) {
    it(`${command}: but for the kubelet it would work`, async () => {
      const { stderr } = await shell(filledIn(command, stage.ns.name));
      expect(stderr).not.to.match(
        /unknown (flag|shorthand)|invalid argument|Usage:|the server could not find the requested resource/i,
      );
    });
  }
});

function filledIn(command: string, namespace: string): string {
  const values = {
    LEADER_SERVICE: 'web-leader',
    NAMESPACE: namespace,
    SERVICE: 'web',
    POLICY: 'web',
    POD: 'zen-lead-0',
    RESOURCE: 'pods',
  };
  // Headings of columns stand before a colon.
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(new RegExp(`\\b${name}\\b(?!:\\.)`, 'g'), value),
    command,
  );
}

async function shell(command: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const { kubectlPath, kubeconfigPath } = sharedCluster();
  const env = {
    KUBECONFIG: kubeconfigPath,
    PATH: `${dirname(kubectlPath)}:/usr/bin:/bin`,
    HOME: '/nonexistent',
  };
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
