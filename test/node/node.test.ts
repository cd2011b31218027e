/** Part of `make e2e`, not of `make test`: needs Linux and root. */
import { expect } from 'chai';
import { existsSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { once } from 'node:events';
import { runScript, startScript } from '../cluster/fixtures/node-process.ts';
import { ownCache } from '../cluster/fixtures/own-cache.ts';
import { imagesRoot } from '../cluster/paths.ts';
import { identify, isAlive, waitGone } from '../cluster/run/process.ts';
import { waitFor } from '../cluster/wait.ts';
import { API_SERVICE_ADDRESS, NODE_NAME } from './addresses.ts';
import { CGROUP_ROOT } from './cgroups.ts';
import { RECIPES } from './images/recipes.ts';
import { startNode } from './start.ts';
import { cgroupOf } from './state.ts';
import type { ChildProcess } from 'node:child_process';
import type { ProcessId } from '../cluster/run/process.ts';
import type { RealNode } from './node.ts';

const LONG_MS = 120_000;
const FIRST_MS = 3_600_000;

function cgroupsNamed(name: string): string[] {
  return readdirSync(CGROUP_ROOT).filter((hierarchy) => existsSync(`${CGROUP_ROOT}/${hierarchy}/${name}`));
}

function networkOf(pid: number): string {
  return readlinkSync(`/proc/${String(pid)}/ns/net`);
}

describe('a real node', function () {
  this.timeout(LONG_MS);
  let node: RealNode;

  before(async function () {
    this.timeout(FIRST_MS);
    node = await startNode({ images: ['postgres'] });
  });

  after(async () => {
    const { stateDir } = node;
    await node.stop();
    expect(existsSync(stateDir)).to.equal(false);
    expect(cgroupsNamed(cgroupOf(stateDir))).to.deep.equal([]);
  });

  /** @param command instead of the image's own */
  async function startPod(name: string, command?: readonly string[]): Promise<void> {
    const container = { name: 'main', image: RECIPES.postgres.name, command };
    const grace = { terminationGracePeriodSeconds: 0, automountServiceAccountToken: true };
    const body = { metadata: { name, labels: { app: name } }, spec: { containers: [container], ...grace } };
    await node.api.call('POST', '/api/v1/namespaces/default/pods', { body });
    await node.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s']);
  }

  const inPod = (name: string, script: string): Promise<string> =>
    node.kubectl(['exec', name, '--', 'sh', '-c', script]);

  const nodeReady = async (): Promise<string> =>
    node.kubectl([
      'get',
      'node',
      NODE_NAME,
      '-o',
      'jsonpath={.status.conditions[?(@.type=="Ready")].status}',
    ]);

  it('is Ready, in a network of its own that has no way out', async () => {
    expect(await nodeReady()).to.equal('True');
    expect(await node.run('ip', ['route', 'show', 'default'])).to.equal('');
    expect(await node.run('hostname', [])).to.equal(`${NODE_NAME}\n`);
    const outside = node.spawn('sleep', ['60']);
    await once(outside, 'spawn');
    await waitFor('the command to run', () => networkOf(outside.pid!) !== networkOf(process.pid));
    outside.kill('SIGKILL');
  });

  it('runs pods, which reach the API server by its Service with their own tokens', async () => {
    await startPod('client', ['sleep', 'infinity']);
    expect(await inPod('client', 'echo $KUBERNETES_SERVICE_HOST')).to.equal(`${API_SERVICE_ADDRESS}\n`);
    const account = '/var/run/secrets/kubernetes.io/serviceaccount';
    expect(await inPod('client', `cat ${account}/namespace`)).to.equal('default');
    // No client for TLS is in the image: that a connection is made and kept is enough here.
    const connect = `exec 3<>/dev/tcp/${API_SERVICE_ADDRESS}/443 && echo connected`;
    expect(await node.kubectl(['exec', 'client', '--', 'bash', '-c', connect])).to.equal('connected\n');
  });

  it('tells a pod’s processes, so that they can be stopped from outside', async () => {
    await startPod('parent', ['sh', '-c', 'sleep 600 & exec sleep 601']);
    const processes = await waitFor('both processes', async () => {
      const all = await node.podProcesses('default', 'parent');
      return all.length === 2 && all.every(({ command }) => command.startsWith('sleep')) && all;
    });
    expect(processes.map(({ command }) => command)).to.deep.equal(['sleep 601', 'sleep 600']);
    expect(processes[0]).to.include({ container: 'main', pidInContainer: 1 });
    process.kill(processes[0]!.pid, 'SIGKILL');
    await waitFor('the kubelet to start it again', async () => {
      const path = '{.status.containerStatuses[0].restartCount}';
      return (await node.kubectl(['get', 'pod', 'parent', '-o', `jsonpath=${path}`])) === '1';
    });
  });

  it('leads a Service to pods, from the node, from other pods, and from the very pod that it leads to', async () => {
    await startPod('db');
    const spec = { selector: { app: 'db' }, ports: [{ port: 5432 }] };
    const path = '/api/v1/namespaces/default/services';
    const body = { metadata: { name: 'db' }, spec };
    const { spec: service } = await node.api.call<{ spec: { clusterIP: string } }>('POST', path, { body });
    const asked = ['-h', service.clusterIP, '-U', 'postgres', '-Atc', 'select 42'];
    const psql = `psql -h ${service.clusterIP} -U postgres -Atc 'select 42'`;
    const answers = async (ask: () => Promise<string>): Promise<void> => {
      await waitFor(`an answer by ${asked.join(' ')}`, async () => {
        return (await ask().catch(() => '')) === '42\n';
      });
    };
    await answers(() => inPod('client', psql));
    await answers(() => inPod('db', psql));
    const connect = `exec 3<>/dev/tcp/${service.clusterIP}/5432 && echo 42`;
    await answers(() => node.run('bash', ['-c', connect]));
  });

  it('loses its kubelet and gets it back', async () => {
    node.freeze('kubelet');
    const logs = ['logs', 'client', '--request-timeout=2s'];
    expect(await node.kubectl(logs).catch(String)).to.match(/timeout|Timeout|deadline/);
    node.thaw('kubelet');
    expect(await node.kubectl(['logs', 'client'])).to.equal('');
  });

  describe('of another process', () => {
    interface Made {
      stateDir: string;
      processes: Record<string, ProcessId>;
      cgroup: string;
    }

    /** Apart from the user's own, whose next start would remove what these leave. */
    let cache: { directory: string; env: NodeJS.ProcessEnv };

    before(async () => {
      cache = await ownCache();
      symlinkSync(imagesRoot(), `${cache.directory}/zen-lead/images`);
    });

    after(async () => {
      await runScript('../node/main.ts', ['down'], { env: cache.env });
      rmSync(cache.directory, { recursive: true });
    });

    async function start(): Promise<{ child: ChildProcess } & Made> {
      const { child, line } = await startScript('../node/fixtures/starter.ts', [], { env: cache.env });
      return { child, ...(JSON.parse(line) as Made) };
    }

    it('ends by Ctrl-C with all that it has made', async () => {
      const { child, stateDir, processes, cgroup } = await start();
      child.kill('SIGINT');
      await once(child, 'exit');
      expect(Object.values(processes).filter(isAlive)).to.deep.equal([]);
      expect(existsSync(stateDir)).to.equal(false);
      expect(cgroupsNamed(cgroup)).to.deep.equal([]);
      expect(identify(process.pid)).to.not.equal(undefined);
    });

    it('ends with a starter that is killed; the next start removes the rest, and nothing of others', async () => {
      const { child, stateDir, processes, cgroup } = await start();
      expect(Object.keys(processes)).to.include.members(['init', 'kubelet', 'containerd', 'forwarder']);
      child.kill('SIGKILL');
      expect(await waitGone(Object.values(processes))).to.equal(true);
      expect(existsSync(stateDir)).to.equal(true);
      const { stderr } = await runScript('../node/main.ts', ['down'], { env: cache.env });
      expect(stderr).to.equal('Stopped: 0 node(s); of killed starters: 1.\n');
      expect(existsSync(stateDir)).to.equal(false);
      expect(cgroupsNamed(cgroup)).to.deep.equal([]);
      expect(await nodeReady()).to.equal('True');
      expect(existsSync(node.stateDir)).to.equal(true);
    });
  });
});
