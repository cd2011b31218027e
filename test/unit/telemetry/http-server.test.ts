import { expect } from 'chai';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { LogFields, Logger } from '../../../src/logger.ts';
import { nullLogger } from '../../../src/logger.ts';
import type { BindAddress } from '../../../src/telemetry/bind-address.ts';
import { startServers } from '../../../src/telemetry/http-server.ts';
import type { Probes, Servers } from '../../../src/telemetry/http-server.ts';

const local: BindAddress = { host: '127.0.0.1', port: 0 };
const healthy: Probes = {
  health: () => [{ name: 'queue', ok: true }],
  ready: () => [{ name: 'watch-pods', ok: true }],
};

async function* families(): AsyncGenerator<string, void, undefined> {
  yield await Promise.resolve('# one\n');
  yield '# two\n';
}

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function call(
  where: BindAddress | 'off',
  path: string,
  options: { method?: string; agent?: Agent } = {},
): Promise<Reply> {
  if (where === 'off') throw new Error('Expected a server');
  const sent = request({ ...where, path, agent: false, ...options }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, headers: response.headers, body };
}

describe('startServers', () => {
  const started: Servers[] = [];

  async function start(
    fields: {
      metrics?: BindAddress | 'off';
      probes?: BindAddress | 'off';
      render?: () => AsyncGenerator<string, void, undefined>;
      checks?: Probes;
      log?: Logger;
    } = {},
  ): Promise<Servers> {
    const {
      metrics = local,
      probes = { ...local },
      render = families,
      checks = healthy,
      log = nullLogger,
    } = fields;
    const source = { contentType: 'text/plain; version=0.0.4', render };
    const servers = await startServers(
      { metricsBindAddress: metrics, healthProbeBindAddress: probes },
      source,
      checks,
      log,
    );
    started.push(servers);
    return servers;
  }

  afterEach(async () => {
    await Promise.all(started.splice(0).map((servers) => servers.close()));
  });

  it('serves metrics and probes on two ports, and tells which', async () => {
    const { metrics, probes } = await start({ probes: { host: 'localhost', port: 0 } });
    const scraped = await call(metrics, '/metrics');
    expect(scraped).to.include({ status: 200, body: '# one\n# two\n' });
    expect(scraped.headers['content-type']).to.equal('text/plain; version=0.0.4');
    expect(await call(probes, '/healthz')).to.include({ status: 200, body: 'ok' });
    expect((await call(metrics, '/healthz')).status).to.equal(404);
    expect((await call(probes, '/metrics')).status).to.equal(404);
  });

  it('serves all on one port when both addresses are the same', async () => {
    const { metrics, probes } = await start();
    expect(metrics).to.deep.equal(probes);
    expect((await call(metrics, '/metrics')).status).to.equal(200);
    expect((await call(metrics, '/readyz')).status).to.equal(200);
  });

  it('starts no server for an address that is off', async () => {
    expect(await start({ metrics: 'off', probes: 'off' })).to.include({ metrics: 'off', probes: 'off' });
    const { metrics, probes } = await start({ metrics: 'off' });
    expect(metrics).to.equal('off');
    expect((await call(probes, '/healthz')).status).to.equal(200);
  });

  it('answers 503 with what failed, and asks the checks anew each time', async () => {
    let ok = false;
    const { probes } = await start({
      checks: {
        health: () => [{ name: 'queue', ok: true }],
        ready: () => [{ name: 'watch-pods', ok, message: 'not listed yet' }],
      },
    });
    expect(await call(probes, '/readyz')).to.include({
      status: 503,
      body: '[-]watch-pods failed: not listed yet\nreadyz check failed\n',
    });
    expect((await call(probes, '/healthz')).status).to.equal(200);
    ok = true;
    expect(await call(probes, '/readyz')).to.include({ status: 200, body: 'ok' });
    expect(await call(probes, '/readyz?verbose')).to.include({
      status: 200,
      body: '[+]watch-pods ok\nreadyz check passed\n',
    });
  });

  it('answers 404 to other paths and 405 to other methods', async () => {
    const { metrics } = await start();
    for (const path of ['/', '/metrics/', '/healthz/x', '/constructor', '//[', '/%']) {
      expect((await call(metrics, path)).status, path).to.equal(404);
    }
    const posted = await call(metrics, '/metrics', { method: 'POST' });
    expect(posted.status).to.equal(405);
    expect(posted.headers.allow).to.equal('GET, HEAD');
  });

  it('answers HEAD with headers only, and renders nothing for it', async () => {
    const { metrics } = await start({
      render: () => {
        throw new Error('rendered');
      },
    });
    expect(await call(metrics, '/metrics', { method: 'HEAD' })).to.include({ status: 200, body: '' });
    expect(await call(metrics, '/healthz', { method: 'HEAD' })).to.include({ status: 200, body: '' });
  });

  it('answers 500 and logs when a check throws', async () => {
    const logged: LogFields[] = [];
    const log = { ...nullLogger, error: (_message: string, fields: LogFields = {}) => logged.push(fields) };
    const checks: Probes = {
      ...healthy,
      health: () => {
        throw new Error('broken check');
      },
    };
    const { probes } = await start({ checks, log });
    expect((await call(probes, '/healthz')).status).to.equal(500);
    expect(logged[0]).to.have.property('path', '/healthz');
    expect(logged[0]).to.have.nested.property('error.message', 'broken check');
  });

  it('cuts the answer and logs when the metrics fail halfway', async () => {
    const logged: LogFields[] = [];
    const log = { ...nullLogger, error: (_message: string, fields: LogFields = {}) => logged.push(fields) };
    async function* broken(): AsyncGenerator<string, void, undefined> {
      yield await Promise.resolve('# one\n');
      throw new Error('broken metric');
    }
    const { metrics, probes } = await start({ render: broken, log });
    const failure = await call(metrics, '/metrics').catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
    expect(logged[0]).to.have.nested.property('error.message', 'broken metric');
    expect((await call(probes, '/healthz')).status).to.equal(200);
  });

  it('takes a client that goes away for its own affair', async () => {
    const logged: LogFields[] = [];
    const log = { ...nullLogger, error: (_message: string, fields: LogFields = {}) => logged.push(fields) };
    const ended = Promise.withResolvers<undefined>();
    async function* endless(): AsyncGenerator<string, void, undefined> {
      try {
        for (;;) {
          yield 'x'.repeat(10_000);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        ended.resolve(undefined);
      }
    }
    const { metrics } = await start({ render: endless, log });
    const socket = connect((metrics as BindAddress).port, '127.0.0.1');
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await ended.promise;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(logged).to.deep.equal([]);
  });

  it('says which address of which flag is in use, and listens nowhere then', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const addresses: LogFields[] = [];
    const log = { ...nullLogger, info: (_message: string, fields: LogFields = {}) => addresses.push(fields) };
    const taken = { host: '127.0.0.1', port };
    const error: unknown = await start({ probes: taken, log }).catch((caught: unknown) => caught);
    expect(error).to.have.property(
      'message',
      `cannot listen on 127.0.0.1:${String(port)} (--health-probe-bind-address)`,
    );
    expect(error).to.have.nested.property('cause.code', 'EADDRINUSE');
    const first = Number(String(addresses[0]?.['address']).split(':')[1]);
    const refused: unknown = await call({ host: '127.0.0.1', port: first }, '/metrics').catch(
      (caught: unknown) => caught,
    );
    expect(refused).to.have.property('code', 'ECONNREFUSED');
    other.close();
  });

  it('ends idle connections at once when it is closed', async () => {
    const servers = await start();
    const agent = new Agent({ keepAlive: true });
    await call(servers.metrics, '/healthz', { agent });
    const before = performance.now();
    await servers.close();
    expect(performance.now() - before).to.be.lessThan(300);
    agent.destroy();
  });

  it('ends a connection that is still being answered after half a second', async () => {
    const never = Promise.withResolvers<undefined>();
    async function* stuck(): AsyncGenerator<string, void, undefined> {
      yield await Promise.resolve('# one\n');
      await never.promise;
    }
    const servers = await start({ render: stuck });
    const reply = call(servers.metrics, '/metrics').catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = performance.now();
    await servers.close();
    expect(performance.now() - before).to.be.within(400, 1500);
    expect(await reply).to.be.instanceOf(Error);
    never.resolve(undefined);
  });
});
