import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';
import { UnreachableError, messageOf } from '../../../src/errors.ts';
import { KubeClient } from '../../../src/kube/client.ts';
import type { Call } from '../../../src/kube/client.ts';
import { TestCA } from '../support/certificates.ts';
import { failureOf, until } from '../support/wait.ts';

const get: Call = { verb: 'get', resource: 'services', path: '/api/v1/namespaces/shop/services/web' };

interface ServerSocket {
  readonly remotePort?: number;
  readonly servername?: string | false;
  getPeerCertificate(): { subject?: { CN: string } };
}

interface Asked {
  readonly authorization: string | undefined;
  readonly clientName: string | undefined;
  readonly serverName: string | false | null;
  readonly port: number | undefined;
}

describe('KubeClient over TLS', () => {
  let ca: TestCA;
  let server: Server;
  let directory: string;
  let url: string;
  let asked: Asked[];
  const clients: KubeClient[] = [];
  let proxy: HttpServer;

  before(async () => {
    ca = await TestCA.create();
  });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'zen-lead-tls-'));
    asked = [];
    proxy = createHttpServer();
    const own = await ca.issue('CN=apiserver', { ip: ['127.0.0.1'], dns: ['api.internal'] });
    server = createServer(
      {
        cert: own.certificate,
        key: own.key,
        ca: ca.certificate,
        requestCert: true,
        rejectUnauthorized: false,
      },
      (request, response) => {
        const socket = request.socket as unknown as ServerSocket;
        asked.push({
          authorization: request.headers.authorization,
          clientName: socket.getPeerCertificate().subject?.CN,
          serverName: socket.servername ?? null,
          port: socket.remotePort,
        });
        response.end('{}');
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    server.closeAllConnections();
    proxy.close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true });
  });

  function file(name: string, content: string): string {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  }

  function clientFor(cluster: object, user: object): KubeClient {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser(
      { name: 'c', server: url, skipTLSVerify: false, caFile: file('ca.crt', ca.certificate), ...cluster },
      { name: 'u', ...user },
    );
    const client = new KubeClient({ kubeConfig, version: '1' });
    clients.push(client);
    return client;
  }

  it('trusts the certificate authority of the cluster, and keeps the connection', async () => {
    const client = clientFor({}, { token: 'abc' });
    await client.call(get);
    await client.call(get);
    await client.call(get);
    expect(asked[0]).to.include({ authorization: 'Bearer abc', clientName: undefined });
    expect(new Set(asked.map(({ port }) => port)).size).to.be.below(3);
  });

  it('refuses a server of another authority, and says why', async () => {
    const other = await TestCA.create();
    const error = await failureOf(
      clientFor({ caFile: file('other.crt', other.certificate) }, {}).call(get),
      UnreachableError,
    );
    expect(error.reason).to.equal('refused');
    expect(messageOf(error)).to.match(/cannot reach the API server https:.*certificate/);
  });

  it('does without verification where it is told to (insecure-skip-tls-verify)', async () => {
    const other = await TestCA.create();
    await clientFor({ caFile: file('other.crt', other.certificate), skipTLSVerify: true }, {}).call(get);
    expect(asked).to.have.length(1);
  });

  it('verifies the name that tls-server-name gives, also where the address is a name', async () => {
    url = url.replace('127.0.0.1', 'localhost');
    const refused = await failureOf(clientFor({}, {}).call(get), UnreachableError);
    expect(messageOf(refused)).to.match(/localhost/);
    await clientFor({ tlsServerName: 'api.internal' }, {}).call(get);
    expect(asked.map(({ serverName }) => serverName)).to.deep.equal(['api.internal']);
  });

  it('shows a client certificate, and the new one after it was rotated, on new connections', async () => {
    const first = await ca.issue('CN=first');
    const certFile = file('tls.crt', first.certificate);
    const keyFile = file('tls.key', first.key);
    const client = clientFor({}, { certFile, keyFile });
    await client.call(get);
    const second = await ca.issue('CN=second');
    file('tls.crt', second.certificate);
    file('tls.key', second.key);
    await client.call(get);
    expect(asked.map(({ clientName }) => clientName)).to.deep.equal(['first', 'second']);
    file('tls.crt', `${second.certificate}\n${ca.certificate}`);
    await client.call(get);
    expect(new Set(asked.map(({ port }) => port)).size, 'also where the key stays').to.equal(3);
    let open = 3;
    await until('the old connections to be closed', () => {
      server.getConnections((_error, count) => (open = count));
      return open === 1;
    });
  });

  it('sends user and password as Basic, and the token of a file without its newline', async () => {
    await clientFor({}, { username: 'anna', password: 'pässwort' }).call(get);
    const tokenFile = file('token', 'from-file\n');
    await clientFor({}, { authProvider: { name: 'tokenFile', config: { tokenFile } } }).call(get);
    expect(asked.map(({ authorization }) => authorization)).to.deep.equal([
      `Basic ${Buffer.from('anna:pässwort').toString('base64')}`,
      'Bearer from-file',
    ]);
  });

  it('reads the token of a file for each call: no step of the clock keeps an old one', async () => {
    const tokenFile = file('token', 'first');
    const client = clientFor({}, { authProvider: { name: 'tokenFile', config: { tokenFile } } });
    await client.call(get);
    file('token', 'second\n');
    await client.call(get);
    file('token', ''); // half written: the last that KubeConfig has read
    await client.call(get);
    expect(asked.map(({ authorization }) => authorization)).to.deep.equal([
      'Bearer first',
      'Bearer second',
      'Bearer first',
    ]);
  });

  it('goes through the proxy of the cluster (proxy-url)', async () => {
    const tunnels: string[] = [];
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const upstream = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    url = url.replace('127.0.0.1', 'api.test');
    const client = clientFor({ proxyUrl, tlsServerName: 'api.internal' }, {});
    await client.call(get);
    for await (const chunk of await client.stream({ ...get, verb: 'watch' }))
      expect(chunk.length).to.equal(2);
    expect(asked.map(({ serverName }) => serverName)).to.deep.equal(['api.internal', 'api.internal']);
    expect(tunnels[0]).to.match(/^api\.test:\d+$/);
  });
});
