import type { RequestOptions } from 'node:https';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';
import { loadKubeConfig } from '../../../src/kube/kubeconfig.ts';
import { TestDirectory, config } from '../support/kubeconfig.ts';

async function headersOf(kubeConfig: KubeConfig): Promise<RequestOptions['headers']> {
  const options: RequestOptions = {};
  await kubeConfig.applyToHTTPSOptions(options);
  return options.headers;
}

describe('loadKubeConfig', () => {
  let directory: TestDirectory;

  beforeEach(() => {
    directory = new TestDirectory();
  });
  afterEach(() => {
    directory.remove();
  });

  it('takes the file of KUBECONFIG, with server and namespace of its current context', async () => {
    const kubeconfig = directory.write('config', config());
    const loaded = loadKubeConfig({ KUBECONFIG: kubeconfig, HOME: '/nowhere' });
    expect(loaded).to.include({ origin: kubeconfig, server: 'https://api.example:6443', namespace: 'shop' });
    expect(loaded.kubeConfig.getCurrentContext()).to.equal('dev');
    expect(await headersOf(loaded.kubeConfig)).to.deep.equal({ Authorization: 'Bearer abc' });
  });

  it('takes ~/.kube/config where KUBECONFIG is not set, or empty', () => {
    const standard = directory.write('.kube/config', config());
    for (const env of [{ HOME: directory.path }, { HOME: directory.path, KUBECONFIG: '' }]) {
      expect(loadKubeConfig(env).origin).to.equal(standard);
    }
  });

  it('merges several files: the first to name a thing wins, missing files are skipped', () => {
    const other = directory.write(
      'other',
      config({
        'current-context': 'prod',
        clusters: [
          { name: 'c', cluster: { server: 'https://second' } },
          { name: 'd', cluster: { server: 'https://third' } },
        ],
        contexts: [{ name: 'prod', context: { cluster: 'd', user: 'u' } }],
      }),
    );
    const first = directory.write('first', config({ 'current-context': '' }));
    const { kubeConfig, origin, server } = loadKubeConfig({
      KUBECONFIG: `${first}:${directory.path}/missing:${other}`,
    });
    expect(origin).to.equal(`${first}, ${other}`);
    expect(server).to.equal('https://third');
    expect(kubeConfig.getCluster('c')?.server).to.equal('https://api.example:6443');
    expect(kubeConfig.getContexts().map(({ name }) => name)).to.deep.equal(['dev', 'prod']);
    const both = `${directory.write('config', config())}:${other}`;
    expect(loadKubeConfig({ KUBECONFIG: both }).kubeConfig.getCurrentContext()).to.equal('dev');
  });

  it('reads relative paths from the directory of the file', async () => {
    directory.write('sub/token', 'from-file');
    directory.write('sub/ca.crt', 'CA');
    const nested = directory.write(
      'sub/config',
      config({
        clusters: [{ name: 'c', cluster: { server: 'https://x', 'certificate-authority': 'ca.crt' } }],
        users: [{ name: 'u', user: { tokenFile: 'token', token: 'older', exec: null } }],
      }),
    );
    const { kubeConfig } = loadKubeConfig({ KUBECONFIG: nested });
    expect(kubeConfig.getCurrentCluster()?.caFile).to.equal(join(directory.path, 'sub/ca.crt'));
    expect(await headersOf(kubeConfig)).to.deep.equal({ Authorization: 'Bearer from-file' });
  });

  it('resolves the command of an exec plugin only where it is a path', () => {
    const commandOf = (command: string): unknown => {
      const file = directory.write('exec', config({ users: [{ name: 'u', user: { exec: { command } } }] }));
      return (loadKubeConfig({ KUBECONFIG: file }).kubeConfig.getCurrentUser()?.exec as { command: string })
        .command;
    };
    expect(commandOf('aws')).to.equal('aws');
    expect(commandOf('./bin/login')).to.equal(join(directory.path, 'bin/login'));
    expect(commandOf('/bin/login')).to.equal('/bin/login');
  });

  it('accepts a context without user, and still trusts the authority of its cluster', async () => {
    const anonymous = config({
      clusters: [
        { name: 'c', cluster: { server: 'https://x', 'certificate-authority': directory.write('ca', 'CA') } },
      ],
      contexts: [{ name: 'dev', context: { cluster: 'c' } }],
    });
    const { kubeConfig, namespace } = loadKubeConfig({ KUBECONFIG: directory.write('anonymous', anonymous) });
    expect(namespace).to.equal(undefined);
    const options: RequestOptions = {};
    await kubeConfig.applyToHTTPSOptions(options);
    expect(String(options.ca)).to.equal('CA');
    expect(options.headers).to.deep.equal({});
  });

  it('does not mind what the current context does not use', () => {
    const messy = config({
      clusters: [null, { cluster: {} }, { name: 'empty' }, { name: 'c', cluster: { server: 'https://x' } }],
      users: [
        { name: 'broken', user: { 'client-certificate': '/no/such/file' } },
        { name: 'u', user: null },
      ],
    });
    expect(loadKubeConfig({ KUBECONFIG: directory.write('messy', messy) }).server).to.equal('https://x');
  });

  describe('in a pod', () => {
    const env = { HOME: '/nowhere', KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

    it('takes the ServiceAccount, its namespace and its certificate authority', async () => {
      directory.write('sa/token', 'pod-token');
      directory.write('sa/namespace', 'shop\n');
      const ca = directory.write('sa/ca.crt', 'CA');
      const { kubeConfig, ...rest } = loadKubeConfig(env, { serviceAccountDir: join(directory.path, 'sa') });
      expect(rest).to.deep.equal({
        origin: 'in-cluster ServiceAccount',
        server: 'https://10.0.0.1:443',
        namespace: 'shop',
      });
      expect(kubeConfig.getCurrentCluster()?.caFile).to.equal(ca);
      expect(await headersOf(kubeConfig)).to.deep.equal({ Authorization: 'Bearer pod-token' });
    });

    it('writes an IPv6 address in brackets', () => {
      directory.write('sa/token', 'pod-token');
      const ipv6 = { ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' };
      expect(loadKubeConfig(ipv6, { serviceAccountDir: join(directory.path, 'sa') }).server).to.equal(
        'https://[fd00::1]:443',
      );
    });
  });
});
