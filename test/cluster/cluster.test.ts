import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ensureTools } from './build/builder.ts';
import { isWrite, startCluster } from './cluster.ts';
import { ownCache } from './fixtures/own-cache.ts';
import { runScript, startScript } from './fixtures/node-process.ts';
import { isAlive, waitGone } from './run/process.ts';
import { readState } from './run/state.ts';
import { waitFor } from './wait.ts';
import type { Cluster } from './cluster.ts';
import type { ProcessId } from './run/process.ts';
import type { ChildProcess } from 'node:child_process';

const PODS = '/api/v1/namespaces/default/pods';
const MERGE = 'application/merge-patch+json';

interface Pod {
  metadata: { resourceVersion: string; deletionTimestamp?: string };
  status: { phase: string; podIPs?: { ip: string }[]; conditions?: { type: string; status: string }[] };
}

interface Slice {
  addressType: string;
  endpoints: { addresses: string[] }[] | null;
}

interface WatchError {
  type: string;
  object: { code: number; reason: string };
}

const podNamed = (name: string, spec: object = {}): object => ({
  metadata: { name, labels: { app: 'db' } },
  spec: { containers: [{ name: 'db', image: 'db', ports: [{ containerPort: 5432 }] }], ...spec },
});

const readiness = (pod: Pod): string | undefined =>
  pod.status.conditions?.find(({ type }) => type === 'Ready')?.status;

describe('clusters', function () {
  this.timeout(60_000);

  /** With a scheduler and kwok. */
  let faked: Cluster;
  /** With pods made by hand. */
  let bare: Cluster;

  before(async function () {
    this.timeout(3_600_000);
    await ensureTools();
    [faked, bare] = await Promise.all([
      startCluster({ nodes: 2 }),
      startCluster({ auditLog: true, watchCache: false }),
    ]);
  });

  after(async () => {
    await Promise.all([faked, bare].map((cluster) => cluster.stop()));
    for (const { stateDir } of [faked, bare]) expect(existsSync(stateDir)).to.be.false;
  });

  it('run side by side and report the pinned version', async () => {
    expect(faked.server).not.to.equal(bare.server);
    for (const { api } of [faked, bare]) {
      expect(await api.request('GET', '/readyz')).to.deep.equal({ status: 200, body: 'ok' });
      const { gitVersion } = await api.call<{ gitVersion: string }>('GET', '/version');
      expect(gitVersion).to.match(/^v1\.37\.\d+$/);
    }
  });

  it('with fake nodes: pods become Ready, and a patched readiness stays', async () => {
    const { api } = faked;
    await api.call('POST', PODS, { body: podNamed('db') });
    const get = (): Promise<Pod> => api.call<Pod>('GET', `${PODS}/db`);
    await waitFor('the pod to be Ready', async () => readiness(await get()) === 'True');
    await api.call('PATCH', `${PODS}/db/status`, {
      contentType: 'application/strategic-merge-patch+json',
      body: { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(readiness(await get())).to.equal('False');
  });

  it('with hand-made pods: nobody touches them, and dual-stack Services list both addresses', async () => {
    const { api } = bare;
    await api.call('POST', PODS, { body: podNamed('db', { nodeName: 'node-0' }) });
    const podIPs = [{ ip: '10.1.0.1' }, { ip: 'fd00:1::1' }];
    const status = {
      phase: 'Running',
      podIP: podIPs[0]!.ip,
      podIPs,
      conditions: [{ type: 'Ready', status: 'True' }],
    };
    const patched = await api.call<Pod>('PATCH', `${PODS}/db/status`, {
      contentType: MERGE,
      body: { status },
    });
    const service = {
      metadata: { name: 'db' },
      spec: { ipFamilyPolicy: 'RequireDualStack', selector: { app: 'db' }, ports: [{ port: 5432 }] },
    };
    await api.call('POST', '/api/v1/namespaces/default/services', { body: service });
    const addresses = await waitFor('both slices', async () => {
      const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
      const { items } = await api.call<{ items: Slice[] }>('GET', path);
      const found = items.flatMap(({ addressType, endpoints }) =>
        (endpoints ?? []).map((endpoint) => `${addressType} ${String(endpoint.addresses)}`),
      );
      return found.length === 2 && found.sort();
    });
    expect(addresses).to.deep.equal(['IPv4 10.1.0.1', 'IPv6 fd00:1::1']);
    const { metadata } = await api.call<Pod>('GET', `${PODS}/db`);
    expect(metadata.resourceVersion).to.equal(patched.metadata.resourceVersion);
  });

  it('give users only what RBAC grants, and tell writes apart by user and agent', async () => {
    const { position } = await bare.auditEvents();
    const kubeconfig = await bare.createUserKubeconfig({ user: 'jane', groups: ['dev', 'ops'] });
    const kubectl = async (...args: string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)(bare.kubectlPath, ['--kubeconfig', kubeconfig, ...args]);
      return stdout;
    };
    expect(await kubectl('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.groups}')).to.equal(
      '["dev","ops","system:authenticated"]',
    );
    expect(String(await kubectl('get', 'pods').catch((error: unknown) => error))).to.include('forbidden');
    await bare.kubectl(['create', 'clusterrolebinding', 'dev', '--clusterrole=edit', '--group=dev']);
    await kubectl('create', 'configmap', 'mine');
    const writes = await waitFor('the write in the audit log', async () => {
      const { events } = await bare.auditEvents(position);
      const found = events.filter((event) => isWrite(event) && event.objectRef?.name === 'mine');
      return found.length > 0 && found;
    });
    expect(
      writes.map(({ verb, user, responseStatus }) => [verb, user.username, responseStatus?.code]),
    ).to.deep.equal([['create', 'jane', 201]]);
    expect(writes[0]?.userAgent).to.match(/^kubectl\/v1\.37/);
  });

  it('a kubectl that ends before it has read its input is told by its own words', async () => {
    const said = await bare.kubectl(['get', '--no-such-flag'], 'x'.repeat(1 << 20)).catch(String);
    expect(said).to.include('unknown flag: --no-such-flag');
  });

  it('issue tokens of service accounts', async () => {
    await bare.kubectl(['create', 'serviceaccount', 'operator']);
    const token = await bare.createToken('default', 'operator');
    const kubeconfig = await bare.createTokenKubeconfig(token);
    const args = ['--kubeconfig', kubeconfig, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'];
    const { stdout } = await promisify(execFile)(bare.kubectlPath, args);
    expect(stdout).to.equal('system:serviceaccount:default:operator');
  });

  it('forget history by compaction: 410 at once without a watch cache', async () => {
    const { resourceVersion } = (await bare.api.call<Pod>('GET', PODS)).metadata;
    expect(await bare.compactEtcd()).to.be.greaterThan(Number(resourceVersion));
    const error = await bare.api.call<WatchError>(
      'GET',
      `${PODS}?watch=1&resourceVersion=${resourceVersion}`,
    );
    expect([error.type, error.object.code, error.object.reason]).to.deep.equal(['ERROR', 410, 'Expired']);
  });

  it('restart the API server on its port, and then know no old resourceVersion', async () => {
    const { resourceVersion } = (await faked.api.call<Pod>('GET', PODS)).metadata;
    await faked.expireResourceVersions();
    const error = await faked.api.call<WatchError>(
      'GET',
      `${PODS}?watch=1&resourceVersion=${resourceVersion}`,
    );
    expect([error.type, error.object.code]).to.deep.equal(['ERROR', 410]);
  });

  it('refuse connections while the API server is killed, and keep silent while it is frozen', async () => {
    await bare.killApiserver();
    const refused = await bare.api.request('GET', '/version').catch((error: unknown) => error);
    expect(refused).to.have.property('code').that.is.oneOf(['ECONNREFUSED', 'ECONNRESET']);
    await bare.startApiserver();
    expect((await bare.api.request('GET', '/readyz')).status).to.equal(200);
    await bare.freezeApiserver();
    const silent = await bare.api
      .request('GET', '/readyz', { timeoutMs: 300 })
      .catch((error: unknown) => error);
    bare.thawApiserver();
    expect(String(silent)).to.include('no answer in time');
    expect((await bare.api.request('GET', '/readyz')).status).to.equal(200);
  });
});

describe('clusters whose starter dies', function () {
  this.timeout(60_000);

  let cache: { directory: string; env: NodeJS.ProcessEnv };

  before(async function () {
    this.timeout(3_600_000);
    await ensureTools();
    cache = await ownCache();
  });

  after(async () => {
    await runScript('main.ts', ['down'], cache);
    await rm(cache.directory, { recursive: true });
  });

  async function start(): Promise<{ child: ChildProcess; stateDir: string; processes: ProcessId[] }> {
    const { child, line } = await startScript('fixtures/starter.ts', [], cache);
    const { stateDir, processes } = JSON.parse(line) as {
      stateDir: string;
      processes: Record<string, ProcessId>;
    };
    return { child, stateDir, processes: Object.values(processes) };
  }

  it('end with it on SIGTERM, and by `down` after SIGKILL', async () => {
    const [terminated, killed] = await Promise.all([start(), start()]);
    expect(killed.processes).to.have.length(3);
    terminated.child.kill('SIGTERM');
    killed.child.kill('SIGKILL');
    await Promise.all([terminated, killed].map(({ child }) => once(child, 'exit')));
    expect(await waitGone(terminated.processes, 2_000)).to.be.true;
    expect(killed.processes.every(isAlive)).to.be.true;

    const { code, stderr } = await runScript('main.ts', ['down'], cache);
    expect(code).to.equal(0);
    expect(stderr).to.equal(
      'No cluster is running.\nAlso stopped, their starters being gone: 2 cluster(s).\n',
    );
    expect(killed.processes.some(isAlive)).to.be.false;
    for (const { stateDir } of [terminated, killed]) expect(existsSync(stateDir)).to.be.false;
  });

  it('stay after `up`, which may be said again, until `down`', async () => {
    const up = await runScript('main.ts', ['up', '--nodes', '0'], cache);
    expect(up.code, up.stderr).to.equal(0);
    const path = /^export KUBECONFIG=(\/\S+)\n$/.exec(up.stdout)?.[1];
    expect(path).to.be.a('string');
    const state = readState(path!.replace(/\/[^/]*$/, ''));
    const again = await runScript('main.ts', ['up', '--nodes', '0'], cache);
    expect(again.stdout).to.equal(up.stdout);
    expect(again.stderr).to.include('already up, with 0 fake nodes');
    expect(Object.values(state!.processes).every(isAlive)).to.be.true;

    expect((await runScript('main.ts', ['down'], cache)).stderr).to.equal('The cluster is stopped.\n');
    expect(Object.values(state!.processes).some(isAlive)).to.be.false;
    expect((await runScript('main.ts', ['down'], cache)).stderr).to.equal('No cluster is running.\n');
  });
});

describe('command line', () => {
  it('explains itself', async () => {
    const { code, stdout } = await runScript('main.ts', ['--help']);
    expect(code).to.equal(0);
    for (const command of ['up [--nodes N]', 'down', 'build']) expect(stdout).to.include(command);
  });

  for (const args of [
    [],
    ['sideways'],
    ['down', '--nodes', '3'],
    ['up', '--nodes', 'many'],
    ['up', '--fast'],
    ['build', 'hlem'],
  ]) {
    it(`refuses "${args.join(' ')}" without a stack trace`, async () => {
      const { code, stdout, stderr } = await runScript('main.ts', args);
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).not.to.match(/^\s+at /m);
    });
  }
});
