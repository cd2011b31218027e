/** The operator as users run it: its own image, the chart, a namespace that is guarded. And the seed's case, once. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { waitFor } from '../cluster/wait.ts';
import { API_SERVICE_ADDRESS } from '../node/addresses.ts';
import { OPERATOR_NAMESPACE, operatorPods } from './seed/operator.ts';
import { sample } from './seed/manifests.ts';
import { clear, sharedNode } from './support/shared-node.ts';
import type { RealNode } from '../node/node.ts';

/** The very first time everything is built and made. */
const FIRST_MS = 3_600_000;
const DATABASE = 'first';

interface Pod {
  metadata: { name: string };
  spec: { containers: { image: string }[] };
  status: { podIP: string; containerStatuses: { ready: boolean; restartCount: number; imageID: string }[] };
}

describe('zen-lead, installed by Helm on a real node', function () {
  this.timeout(120_000);
  let node: RealNode;
  let pods: Pod[];

  before(async function () {
    this.timeout(FIRST_MS);
    node = await sharedNode();
    pods = await Promise.all((await operatorPods(node)).map((name) => pod(OPERATOR_NAMESPACE, name)));
  });

  after(async () => {
    await clear(node, DATABASE);
  });

  const pod = (namespace: string, name: string): Promise<Pod> =>
    node.api.call<Pod>('GET', `/api/v1/namespaces/${namespace}/pods/${name}`);

  /** A file of /proc of the operator in a pod. */
  async function proc({ metadata }: Pod, file: string): Promise<string> {
    const all = await node.podProcesses(OPERATOR_NAMESPACE, metadata.name);
    expect(all).to.have.length(1);
    return readFileSync(`/proc/${String(all[0]!.pid)}/${file}`, 'utf8');
  }

  it('runs two replicas of its own image, which are Ready and have not been restarted', () => {
    expect(pods).to.have.length(2);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    for (const { spec, status } of pods) {
      expect(spec.containers.map(({ image }) => image)).to.deep.equal([`zen-lead:${version}`]);
      expect(status.containerStatuses).to.have.length(1);
      expect(status.containerStatuses[0]).to.include({ ready: true, restartCount: 0 });
    }
  });

  it('is let in by Pod Security "restricted", and has no privileges indeed', async () => {
    const labels = await node.kubectl([
      'get',
      'namespace',
      OPERATOR_NAMESPACE,
      '-o',
      'jsonpath={.metadata.labels}',
    ]);
    expect(JSON.parse(labels)).to.include({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    for (const each of pods) {
      const status = await proc(each, 'status');
      expect(status).to.match(/^NSpid:.*\t1$/m);
      expect(status).to.match(/^Uid:\t65532\t65532\t65532\t65532$/m);
      expect(status).to.match(/^Gid:\t65532\t65532\t65532\t65532$/m);
      for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
        expect(status).to.include(`${set}:\t0000000000000000`);
      expect(status).to.match(/^NoNewPrivs:\t1$/m);
      // A filter of system calls.
      expect(status).to.match(/^Seccomp:\t2$/m);
      const root = (await proc(each, 'mountinfo')).split('\n').find((line) => line.split(' ')[4] === '/');
      expect(root?.split(' ')[5]).to.match(/^ro\b/);
    }
  });

  it('refuses a privileged pod in the same namespace, so that the label means something', async () => {
    const containers = [{ name: 'main', image: 'zen-lead:0', securityContext: { privileged: true } }];
    const path = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/pods`;
    const body = { metadata: { name: 'privileged' }, spec: { containers } };
    const { status, body: answer } = await node.api.request('POST', path, { body });
    expect(status).to.equal(403);
    expect(JSON.stringify(answer)).to.include('PodSecurity');
  });

  it('finds the API server by its Service, and is let in as its ServiceAccount', async () => {
    for (const each of pods)
      expect((await proc(each, 'environ')).split('\0')).to.include(
        `KUBERNETES_SERVICE_HOST=${API_SERVICE_ADDRESS}`,
      );
    const holder = await node.kubectl([
      ...['get', 'lease', 'zen-lead', '--namespace', OPERATOR_NAMESPACE],
      ...['-o', 'jsonpath={.spec.holderIdentity}'],
    ]);
    expect(pods.filter(({ metadata }) => holder.startsWith(metadata.name))).to.have.length(1);
  });

  it('brings, after one annotation, a Service by which one PostgreSQL answers', async () => {
    const inNamespace = (args: readonly string[], input = ''): Promise<string> =>
      node.kubectl(['--namespace', DATABASE, ...args], input);
    await node.kubectl(['create', 'namespace', DATABASE]);
    await inNamespace(['apply', '-f', '-'], sample('postgres.yaml'));
    await inNamespace(['annotate', 'service', 'postgres', 'zen-lead.io/enabled=true', '--overwrite']);
    await inNamespace(['rollout', 'status', 'statefulset/postgres', '--timeout=90s']);
    const address = await waitFor('postgres-leader', async () => {
      return (
        (await inNamespace(['get', 'service', 'postgres-leader', '-o', 'jsonpath={.spec.clusterIP}']).catch(
          () => '',
        )) || undefined
      );
    });
    const psql = `psql -h ${address} -U postgres -Atc 'select host(inet_server_addr())'`;
    const ask = (from: string): Promise<string> => inNamespace(['exec', from, '--', 'sh', '-c', psql]);
    const answer = await waitFor('PostgreSQL to answer', async () => {
      return (await ask('postgres-0').catch(() => '')) || undefined;
    });
    const leader = await inNamespace([
      'get',
      'service',
      'postgres-leader',
      '-o',
      'jsonpath={.metadata.annotations.zen-lead\\.io/leader-pod-name}',
    ]);
    expect(answer.trim()).to.equal((await pod(DATABASE, leader)).status.podIP);
    // From each of them, the leader included, to the leader.
    for (const from of ['postgres-0', 'postgres-1', 'postgres-2']) expect(await ask(from)).to.equal(answer);
  });
});
