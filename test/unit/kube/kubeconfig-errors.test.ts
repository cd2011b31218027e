import { join } from 'node:path';
import { expect } from 'chai';
import { ZenLeadError } from '../../../src/errors.ts';
import { loadKubeConfig } from '../../../src/kube/kubeconfig.ts';
import { TestCA } from '../support/certificates.ts';
import { TestDirectory, config } from '../support/kubeconfig.ts';
import type { ConfigParts } from '../support/kubeconfig.ts';

describe('loadKubeConfig says in one line', () => {
  let directory: TestDirectory;

  beforeEach(() => {
    directory = new TestDirectory();
  });
  afterEach(() => {
    directory.remove();
  });

  function messageFor(env: NodeJS.ProcessEnv): string {
    try {
      loadKubeConfig(env, { serviceAccountDir: join(directory.path, 'sa') });
    } catch (error) {
      expect(error).to.be.instanceOf(ZenLeadError).with.property('code', 'InvalidKubeconfig');
      const { message } = error as Error;
      expect(message, 'one line').not.to.include('\n');
      return message.replaceAll(directory.path, 'DIR');
    }
    throw new Error('Expected an error, got none');
  }

  it('that the pod has no token', () => {
    expect(messageFor({ HOME: '/nowhere', KUBERNETES_SERVICE_HOST: '10.0.0.1' })).to.equal(
      'the pod has no ServiceAccount token: DIR/sa/token does not exist (is automountServiceAccountToken false?)',
    );
  });

  it('that nothing is configured', () => {
    expect(messageFor({ HOME: '/nowhere' })).to.equal(
      'no cluster is configured: KUBECONFIG is not set, /nowhere/.kube/config does not exist, and this is no pod (KUBERNETES_SERVICE_HOST is not set)',
    );
  });

  it('that the files of KUBECONFIG do not exist', () => {
    expect(messageFor({ KUBECONFIG: `${directory.path}/a:${directory.path}/b` })).to.equal(
      'the kubeconfig DIR/a, DIR/b does not exist; KUBECONFIG takes a file, or several separated by ":"',
    );
  });

  const server = (value: unknown): ConfigParts => ({ clusters: [{ name: 'c', cluster: { server: value } }] });
  const cluster = (fields: object): ConfigParts => ({
    clusters: [{ name: 'c', cluster: { server: 'https://x', ...fields } }],
  });
  const user = (fields: object): ConfigParts => ({ users: [{ name: 'u', user: fields }] });
  const cases: [what: string, content: string, message: RegExp][] = [
    ['YAML that cannot be parsed', 'a: [', /^cannot read the kubeconfig DIR\/bad: .*\(\d+:\d+\)$/],
    ['a file that is no mapping', '- a', /^DIR\/bad is not a kubeconfig: it must be a YAML mapping$/],
    ['an empty file', '', /^cannot read the kubeconfig DIR\/bad: .*empty/],
    ['no current-context', config({ 'current-context': '' }), /DIR\/bad has no current-context, .*\(dev\)$/],
    ['an unknown context', config({ 'current-context': 'x' }), /has no context "x", .* one of: dev$/],
    ['no contexts at all', config({ contexts: null }), /has no context "dev", .* one of: none$/],
    ['an unknown cluster', config({ clusters: [] }), /has no cluster "c", which its context "dev" names/],
    ['an unknown user', config({ users: [] }), /has no user "u", which its context "dev" names/],
    [
      'a cluster without server',
      config(server('')),
      /no server for the cluster "c", expected https:\/\/HOST:PORT$/,
    ],
    [
      'a server that is no URL',
      config(server('api.example:6443')),
      /the server "api.example:6443" .*, expected https/,
    ],
    [
      'a proxy of an unknown kind',
      config(cluster({ 'proxy-url': 'ftp://x' })),
      /proxy-url for the cluster "c"/,
    ],
    [
      'a certificate authority that is missing',
      config(cluster({ 'certificate-authority': 'no.crt' })),
      /a certificate-authority that cannot be read: ENOENT.*DIR\/no\.crt/,
    ],
    [
      'a token file that is missing',
      config(user({ tokenFile: 'no' })),
      /a tokenFile that cannot be read: .*DIR\/no/,
    ],
    [
      'a client key that is missing',
      config(user({ 'client-key': '/no/tls.key' })),
      /a client-key that cannot be read: .*\/no\/tls\.key/,
    ],
    [
      'a client certificate that is none',
      config(user({ 'client-certificate-data': Buffer.from('x').toString('base64') })),
      /not in PEM form: client-certificate-data of the user "u"$/,
    ],
  ];
  for (const [what, content, message] of cases) {
    it(what, () => {
      expect(messageFor({ KUBECONFIG: directory.write('bad', content) })).to.match(message);
    });
  }

  it('nothing of the secrets around a YAML error', () => {
    const message = messageFor({
      KUBECONFIG: directory.write('bad', 'token: secret-one\n  bad: [\ntoken: secret-two'),
    });
    expect(message).not.to.match(/secret/);
  });

  it('that a client certificate has expired, with file and date', async () => {
    const ca = await TestCA.create();
    const { certificate } = await ca.issue('CN=u', { notAfter: new Date('2024-05-01T00:00:00Z') });
    directory.write('tls.crt', certificate);
    const inFile = directory.write('bad', config(user({ 'client-certificate': 'tls.crt' })));
    expect(messageFor({ KUBECONFIG: inFile })).to.equal(
      'the kubeconfig DIR/bad gives a client certificate that expired on 2024-05-01T00:00:00.000Z: DIR/tls.crt; renew it',
    );
    loadKubeConfig({ KUBECONFIG: inFile }, { now: new Date('2024-04-30T00:00:00Z') });
    const data = Buffer.from(certificate).toString('base64');
    const inline = directory.write('bad', config(user({ 'client-certificate-data': data })));
    expect(messageFor({ KUBECONFIG: inline })).to.match(
      /expired on 2024-05-01.*: client-certificate-data of the user "u"/,
    );
  });
});
