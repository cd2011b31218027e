import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { bundle } from '../../scripts/bundle/bundle.ts';
import { TestCA } from './support/certificates.ts';
import { config, TestDirectory } from './support/kubeconfig.ts';

const run = promisify(execFile);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A token of OpenID Connect that runs out at `exp`, seconds since the epoch. */
function idToken(iss: string, exp: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ iss, aud: 'kubernetes', sub: 'jane', iat: 1, exp })}.signature`;
}

const IN_1970 = 1;
const IN_2999 = 32_472_144_000;
const IN_3000 = 32_503_680_000;

/** Tells who asked: what an API server would see of the credentials. */
const apiServer: RequestListener = ({ headers, socket }, response) => {
  const subject = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined;
  const seen = {
    user: (subject as { CN?: string } | undefined)?.CN,
    authorization: headers.authorization,
  };
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(seen));
};

/** An issuer of OpenID Connect that gives a token until 3000 for any refresh token. */
const issuer: RequestListener = (request, response) => {
  const url = `https://${request.headers.host ?? ''}`;
  const answer = request.url?.startsWith('/.well-known/')
    ? {
        issuer: url,
        token_endpoint: `${url}/token`,
        authorization_endpoint: url,
        jwks_uri: url,
        response_types_supported: ['code'],
      }
    : {
        access_token: 'a',
        token_type: 'bearer',
        id_token: idToken(url, IN_3000),
        refresh_token: 'r2',
        expires_in: 3600,
      };
  request.resume();
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
};

describe('the bundle', function () {
  this.timeout(30_000);
  const directory = new TestDirectory();
  const servers: Server[] = [];
  let ca: TestCA;
  let api: string;
  let idp: string;
  let probe: string;

  async function listen(listener: RequestListener): Promise<string> {
    const { certificate, key } = await ca.issue('CN=server', { ip: ['127.0.0.1'] });
    const server = createServer(
      { cert: certificate, key, ca: ca.certificate, requestCert: true, rejectUnauthorized: false },
      listener,
    );
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  before(async () => {
    ca = await TestCA.create();
    [api, idp] = [await listen(apiServer), await listen(issuer)];
    probe = join(directory.path, 'probe.mjs');
    const entry = join(import.meta.dirname, '..', 'support', 'bundle-probe.ts');
    await bundle({ entry, outfile: probe, version: 'test', commit: 'test' });
  });

  after(() => {
    for (const server of servers) server.close().closeAllConnections();
    directory.remove();
  });

  /** What the API server saw of a user of a kubeconfig. */
  async function seen(user: object, cluster: object = {}): Promise<unknown> {
    const clusters = [
      {
        name: 'c',
        cluster: { server: api, 'certificate-authority-data': base64(ca.certificate), ...cluster },
      },
    ];
    const file = directory.write('kubeconfig', config({ clusters, users: [{ name: 'u', user }] }));
    const { stdout } = await run(process.execPath, [probe, file]);
    return JSON.parse(stdout);
  }

  /** A program that prints a JSON value. */
  function program(name: string, value: object): string {
    return directory.write(name, `process.stdout.write(${JSON.stringify(JSON.stringify(value))});`);
  }

  it('asks with a client certificate, and shares KubeConfig with the framework', async () => {
    const { certificate, key } = await ca.issue('CN=jane');
    const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
    expect(await seen(user)).to.deep.equal({ user: 'jane', shared: true });
  });

  it('asks with a token, a token file, a name and password', async () => {
    expect(await seen({ token: 'abc' })).to.include({ authorization: 'Bearer abc' });
    expect(await seen({ tokenFile: directory.write('token', 'from-file\n') })).to.include({
      authorization: 'Bearer from-file',
    });
    expect(await seen({ username: 'a', password: 'b' })).to.include({
      authorization: `Basic ${base64('a:b')}`,
    });
  });

  it('asks with the token of an exec plugin', async () => {
    const apiVersion = 'client.authentication.k8s.io/v1';
    const plugin = program('plugin.mjs', {
      apiVersion,
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    });
    const exec = { apiVersion, command: process.execPath, args: [plugin], interactiveMode: 'Never' };
    expect(await seen({ exec })).to.include({ authorization: 'Bearer from-plugin' });
  });

  it('asks with an OpenID Connect token, and renews one that has run out', async () => {
    const oidc = (token: string): object => ({
      'auth-provider': {
        name: 'oidc',
        config: {
          'client-id': 'kubernetes',
          'id-token': token,
          'refresh-token': 'r1',
          'idp-issuer-url': idp,
          'idp-certificate-authority-data': base64(ca.certificate),
        },
      },
    });
    const valid = idToken(idp, IN_2999);
    expect(await seen(oidc(valid))).to.include({ authorization: `Bearer ${valid}` });
    const renewed = `Bearer ${idToken(idp, IN_3000)}`;
    expect(await seen(oidc(idToken(idp, IN_1970)))).to.include({ authorization: renewed });
  });

  it('asks with the token that an auth provider of old gets from a command', async () => {
    const script = program('gcloud.mjs', {
      credential: { token: 'from-command', expiry: '2999-01-01T00:00:00Z' },
    });
    const settings = {
      'cmd-path': process.execPath,
      'cmd-args': script,
      'token-key': '{.credential.token}',
      'expiry-key': '{.credential.expiry}',
    };
    expect(await seen({ 'auth-provider': { name: 'gcp', config: settings } })).to.include({
      authorization: 'Bearer from-command',
    });
  });

  it('goes through the proxy of the cluster', async () => {
    const asked: unknown[] = [];
    const proxy = createProxy().on('connect', ({ url }: IncomingMessage, near: Socket) => {
      asked.push(url);
      const far = connect(Number(new URL(api).port), '127.0.0.1', () => {
        near.write('HTTP/1.1 200 Connection established\r\n\r\n');
        far.pipe(near).pipe(far);
      });
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    try {
      const url = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
      expect(await seen({ token: 'abc' }, { 'proxy-url': url })).to.include({ authorization: 'Bearer abc' });
      expect(asked).to.deep.equal([new URL(api).host]);
    } finally {
      proxy.close();
    }
  });

  for (const scheme of ['http', 'socks5']) {
    it(`knows a ${scheme} proxy, and says so when it does not answer`, async () => {
      const refused = await seen({ token: 'abc' }, { 'proxy-url': `${scheme}://127.0.0.1:1` });
      expect(refused)
        .to.have.property('error')
        .that.matches(/ECONNREFUSED|refused/i);
    });
  }

  it('is less than 1.1 MB of ASCII, without the API classes of client-node', async () => {
    const entry = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
    const outfile = join(directory.path, 'zen-lead.js');
    const { inputs } = await bundle({ entry, outfile, version: 'test', commit: 'test' });
    expect(Object.keys(inputs).filter((file) => file.includes('client-node/dist/gen/apis'))).to.deep.equal(
      [],
    );
    const text = readFileSync(outfile, 'latin1');
    expect(text.length).to.be.lessThan(1.1e6);
    expect(text).not.to.match(/[^\x00-\x7F]/);
    expect((await run(process.execPath, [outfile, '--version'])).stdout).to.equal(
      'zen-lead test (commit test)\n',
    );
  });
});
