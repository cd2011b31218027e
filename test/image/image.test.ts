/** `make image-test`, after `make image`: not part of `make test`, which needs no container engine. */
import { expect } from 'chai';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namespace, type Namespace } from '../integration/support/namespace.ts';
import { RULES } from '../integration/support/rbac.ts';
import { sharedCluster } from '../integration/support/shared.ts';
import { Container, IMAGE, inspect, product, run } from './support/container.ts';

const NODE = '/opt/node/node';
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

interface Config {
  Entrypoint: string[];
  Cmd?: string[] | null;
  User: string;
  Labels: Record<string, string>;
}

/** A ServiceAccount with the operator's rights in its namespace; what a pod of it finds in ACCOUNT. */
async function serviceAccount({ name, cluster }: Namespace): Promise<string> {
  const metadata = { name: 'zen-lead' };
  const subjects = [{ kind: 'ServiceAccount', name: 'zen-lead', namespace: name }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'zen-lead' };
  const base = `${RBAC}/namespaces/${name}`;
  await cluster.api.call('POST', `/api/v1/namespaces/${name}/serviceaccounts`, { body: { metadata } });
  await cluster.api.call('POST', `${base}/roles`, { body: { metadata, rules: RULES } });
  await cluster.api.call('POST', `${base}/rolebindings`, { body: { metadata, subjects, roleRef } });

  const directory = mkdtempSync(join(tmpdir(), 'zen-lead-account-'));
  writeFileSync(join(directory, 'token'), await cluster.createToken(name, 'zen-lead'));
  writeFileSync(join(directory, 'ca.crt'), cluster.adminConfig.ca);
  writeFileSync(join(directory, 'namespace'), name);
  // As the kubelet mounts it: anybody in the pod may read it.
  chmodSync(directory, 0o755);
  return directory;
}

/** Runs JavaScript in the image, by its own Node.js. */
function evaluate(code: string): string {
  const { status, stdout, stderr } = run(['--entrypoint', NODE], ['--print', code]);
  expect(status, stderr).to.equal(0);
  return stdout.trimEnd();
}

describe('the image', function () {
  this.timeout(60_000);

  describe('by itself', () => {
    let config: Config;

    before(() => {
      [{ Config: config }] = inspect('image', 'inspect', IMAGE) as [{ Config: Config }];
    });

    it('starts the operator without a shell, as a user that Kubernetes can tell is not root', () => {
      expect(config.Entrypoint).to.deep.equal([NODE, '/opt/zen-lead/zen-lead.js']);
      expect(config.Cmd ?? []).to.deep.equal([]);
      expect(config.User).to.equal('65532:65532');
    });

    it('has labels of the Open Container Initiative', () => {
      const label = (name: string): string | undefined => config.Labels[`org.opencontainers.image.${name}`];
      expect(label('title')).to.equal('zen-lead');
      expect(label('licenses')).to.equal('Apache-2.0');
      expect(label('version')).to.equal(product.version);
      expect(label('revision')).to.match(/^[0-9a-f]{12}(-dirty)?$/);
      expect(config.Labels).to.include.keys(
        'org.opencontainers.image.description',
        'org.opencontainers.image.source',
      );
    });

    it('has the version and commit of its labels burnt in', () => {
      const revision = config.Labels['org.opencontainers.image.revision'] ?? '';
      expect(run([], ['--version']).stdout).to.equal(`zen-lead ${product.version} (commit ${revision})\n`);
    });

    it('runs the pinned Node.js', () => {
      expect(evaluate('process.version')).to.equal(`v${product.node}`);
    });

    it('has no shell and no package manager', () => {
      for (const path of ['/bin/sh', '/usr/bin/apt', '/usr/bin/npm', '/usr/local/bin/npm'])
        expect(evaluate(`fs.existsSync(${JSON.stringify(path)})`), path).to.equal('false');
    });

    it('brings its SBOM, and the licences of what is in it', () => {
      const files = evaluate("fs.readdirSync('/opt/zen-lead').sort().join()").split(',');
      expect(files).to.deep.equal([
        'LICENSE',
        'zen-lead.cdx.json',
        'zen-lead.js',
        'zen-lead.js.map',
        'zen-lead.licences.txt',
      ]);
      const sbom = JSON.parse(
        evaluate("fs.readFileSync('/opt/zen-lead/zen-lead.cdx.json', 'utf8')"),
      ) as object;
      expect(sbom).to.include({ bomFormat: 'CycloneDX' });
      expect(evaluate("fs.existsSync('/opt/node/LICENSE')")).to.equal('true');
    });

    it('belongs to root, so that the operator could not change it', () => {
      const code =
        "fs.readdirSync('/opt', { recursive: true }).every((f) => fs.statSync(`/opt/${f}`).uid === 0)";
      expect(evaluate(code)).to.equal('true');
    });

    it('runs as any user, known to the image or not: OpenShift chooses one', () => {
      const { status, stderr } = run(['--user', '1000720000:0'], ['--all-namespaces']);
      expect(stderr).to.match(/^zen-lead: no cluster is configured/);
      expect(status).to.equal(1);
    });

    it('tells a bad flag with exit status 2', () => {
      const { status, stderr } = run([], ['--concurrency', '0']);
      expect(status).to.equal(2);
      expect(stderr).to.include('--concurrency');
    });
  });

  describe('in a pod like that of the chart', () => {
    let ns: Namespace;
    let account: string | undefined;
    let container: Container;

    before(async () => {
      ns = await namespace('image');
      account = await serviceAccount(ns);
      const { hostname, port } = new URL(sharedCluster().server);
      const pod = [
        ...['--volume', `${account}:${ACCOUNT}:ro`],
        ...['--env', `KUBERNETES_SERVICE_HOST=${hostname}`],
        ...['--env', `KUBERNETES_SERVICE_PORT=${port}`],
      ];
      const servers = ['--metrics-bind-address', '127.0.0.1:0', '--health-probe-bind-address', '127.0.0.1:0'];
      container = new Container(pod, [...servers, '--log-format', 'json']);
      await container.ready();
    });

    after(() => {
      container.remove();
      if (account !== undefined) rmSync(account, { recursive: true });
    });

    it('is PID 1, not root, without capabilities, on a read-only root', () => {
      const proc = `/proc/${String(container.pid())}`;
      const status = readFileSync(`${proc}/status`, 'utf8');
      expect(status).to.match(/^NSpid:.*\t1$/m);
      expect(status).to.match(/^Uid:\t65532\t65532\t65532\t65532$/m);
      expect(status).to.match(/^Groups:\t?(65532)? *$/m);
      for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
        expect(status).to.include(`${set}:\t0000000000000000`);
      expect(status).to.match(/^NoNewPrivs:\t1$/m);
      const root = readFileSync(`${proc}/mountinfo`, 'utf8')
        .split('\n')
        .find((line) => line.split(' ')[4] === '/');
      expect(root?.split(' ')[5]).to.match(/^ro\b/);
    });

    it('answers probes and scrapes', async () => {
      expect(await container.get('/healthz')).to.include({ status: 200 });
      expect(await container.get('/readyz')).to.include({ status: 200 });
      const { status, body } = await container.get('/metrics');
      expect(status).to.equal(200);
      expect(body).to.include(`zen_lead_build_info{version="${product.version}"`);
    });

    it('moves a leader in its own namespace', async () => {
      await ns.createService('db');
      const [first] = await ns.createPods('db', 2);
      await ns.leads('db-leader', 'db-0');
      await first!.setReady(false);
      await ns.leads('db-leader', 'db-1');
    });

    it('ends with 0 within 5 s of SIGTERM', async () => {
      const { code, afterMs } = await container.terminate();
      expect(code).to.equal(0);
      expect(afterMs).to.be.lessThan(5_000);
      expect(container.logs.at(-1)).to.include({ message: 'zen-lead ends', signal: 'SIGTERM' });
    });
  });
});
