import { expect } from 'chai';
import { ApiError, UnreachableError, ZenLeadError, messageOf } from '../../../src/errors.ts';
import { KubeClient } from '../../../src/kube/client.ts';
import type { Call, Observation } from '../../../src/kube/client.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ScriptedServer, answerStatus, kubeConfigFor } from '../support/scripted-server.ts';
import { failureOf, until } from '../support/wait.ts';

const get: Call = { verb: 'get', resource: 'services', path: '/api/v1/namespaces/shop/services/web' };

describe('KubeClient', () => {
  let server: ScriptedServer;
  let client: KubeClient;
  const observed: Observation[] = [];

  beforeEach(async () => {
    observed.length = 0;
    server = await ScriptedServer.start();
    client = server.client({ observe: (observation) => observed.push(observation) });
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it('sends method, path, query, token and User-Agent, and returns the parsed answer', async () => {
    server.handler = (_request, response) => response.end('{"kind":"Service"}');
    const answer = await client.call({ ...get, query: { dryRun: 'All', force: true, limit: 5 } });
    expect(answer).to.deep.equal({ kind: 'Service' });
    const [request] = server.requests;
    expect(request).to.include({ method: 'GET', path: get.path, body: '' });
    expect(request?.query.toString()).to.equal('dryRun=All&force=true&limit=5');
    expect(request?.headers).to.include({
      authorization: 'Bearer secret',
      'user-agent': 'zen-lead/0.0.0-test',
      accept: 'application/json',
    });
  });

  const methods = {
    get: 'GET',
    list: 'GET',
    watch: 'GET',
    create: 'POST',
    update: 'PUT',
    patch: 'PATCH',
    delete: 'DELETE',
  } as const;
  for (const [verb, method] of Object.entries(methods)) {
    it(`makes ${method} of ${verb}`, async () => {
      await client.call({ ...get, verb: verb as Call['verb'] });
      expect(server.requests[0]?.method).to.equal(method);
    });
  }

  it('sends a body as JSON, of the type that is asked for', async () => {
    const patch = { metadata: { annotations: { über: '✓' } } };
    await client.call({ ...get, verb: 'patch', body: patch, contentType: 'application/merge-patch+json' });
    await client.call({ ...get, verb: 'update', body: patch });
    expect(server.requests.map(({ headers }) => headers['content-type'])).to.deep.equal([
      'application/merge-patch+json',
      'application/json',
    ]);
    expect(JSON.parse(server.requests[0]?.body ?? '')).to.deep.equal(patch);
  });

  it('keeps the path of the server (a cluster behind a gateway)', async () => {
    const behind = new KubeClient({
      kubeConfig: kubeConfigFor(`${server.url}/k8s/clusters/c1/`),
      version: '1',
    });
    await behind.call(get);
    await behind.close();
    expect(server.requests[0]?.path).to.equal(`/k8s/clusters/c1${get.path}`);
  });

  it('throws what the API server answered', async () => {
    server.handler = (_request, response) => {
      answerStatus(response, 429, 'TooManyRequests', { 'retry-after': '3' });
    };
    const error = await failureOf(client.call(get), ApiError);
    expect(error).to.include({ status: 429, reason: 'TooManyRequests', retryAfterMs: 3_000 });
    expect(error.message).to.equal(
      'cannot get services shop/web: 429 TooManyRequests: because of TooManyRequests',
    );
  });

  it('says InvalidAnswer of a success that is not JSON', async () => {
    server.handler = (_request, response) => response.end('<html>');
    const error = await failureOf(client.call(get), ZenLeadError);
    expect(error.code).to.equal('InvalidAnswer');
    expect(error.message).to.equal('cannot get services shop/web: the answer is not JSON');
  });

  it('names the server that it cannot reach, and finds it again', async () => {
    const { url, port } = server;
    await server.close();
    const error = await failureOf(client.call(get), UnreachableError);
    expect(error).to.include({ code: 'Unreachable', reason: 'refused' });
    expect(messageOf(error)).to.match(
      new RegExp(
        `^cannot get services shop/web: cannot reach the API server ${url} \\(ECONNREFUSED\\): .*${port}$`,
      ),
    );
    await server.listen(port);
    expect(await client.call(get)).to.deep.equal({});
  });

  it('tells a connection that is lost from one that was never made', async () => {
    server.handler = (_request, response) => response.destroy();
    expect(await failureOf(client.call(get), UnreachableError)).to.include({ reason: 'dropped' });
    server.handler = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":', () => response.destroy());
    };
    expect(await failureOf(client.call(get), UnreachableError)).to.include({ reason: 'dropped' });
    server.handler = (_request, response) => response.socket?.end('no HTTP at all\r\n\r\n');
    expect(await failureOf(client.call(get), UnreachableError)).to.include({ reason: 'dropped' });
  });

  it('gives up when its time is over, before the headers or in the middle of the body', async () => {
    server.handler = (): void => undefined;
    const error = await failureOf(client.call({ ...get, timeoutMs: 20 }), UnreachableError);
    expect(error).to.include({ reason: 'timeout' });
    expect(error.message).to.match(/^cannot get services shop\/web: no answer from .* in 20 ms$/);
    server.handler = (_request, response) => response.write('{');
    expect(await failureOf(client.call({ ...get, timeoutMs: 20 }), UnreachableError)).to.include({
      reason: 'timeout',
    });
  });

  it('uses no connection of before a timeout again', async () => {
    await Promise.all([client.call(get), client.call(get), client.call(get)]);
    const before = new Set(server.requests.map(({ port }) => port));
    await client.call(get);
    expect(before, 'connections are kept').to.include(server.requests.at(-1)?.port);
    server.handler = (): void => undefined;
    await failureOf(client.call({ ...get, timeoutMs: 20 }), UnreachableError);
    server.handler = (_request, response) => response.end('{}');
    await client.call(get);
    expect(before).not.to.include(server.requests.at(-1)?.port);
  });

  it("ends with the reason of the caller's signal", async () => {
    server.handler = (): void => undefined;
    const controller = new AbortController();
    const aborted = failureOf(client.call({ ...get, signal: controller.signal }), Error);
    await until('a request', () => server.requests.length === 1);
    controller.abort(new Error('shutting down'));
    expect((await aborted).message).to.equal('shutting down');
    const late = failureOf(client.call({ ...get, signal: controller.signal }), Error);
    expect((await late).message).to.equal('shutting down');
    expect(server.requests).to.have.length(1);
  });

  it('leaves connections usable after errors, and opens no more than 16', async () => {
    server.handler = (_request, response) => {
      answerStatus(response, 409, 'Conflict');
    };
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 40 }, () => failureOf(client.call(get), ApiError)));
    }
    expect(server.connections).to.be.within(1, 16);
  });

  it('is observed once, with its status or "error"', async () => {
    await client.call(get);
    server.handler = (_request, response) => {
      answerStatus(response, 409, 'Conflict');
    };
    await failureOf(client.call({ ...get, verb: 'update' }), ApiError);
    server.handler = (_request, response) => response.destroy();
    await failureOf(client.call({ ...get, verb: 'patch' }), UnreachableError);
    expect(observed.map(({ verb, resource, code }) => [verb, resource, code])).to.deep.equal([
      ['get', 'services', '200'],
      ['update', 'services', '409'],
      ['patch', 'services', 'error'],
    ]);
    for (const { seconds } of observed) expect(seconds).to.be.within(0, 1);
  });

  it('holds routine calls, not urgent ones, lists and watches', async () => {
    const clock = new FakeClock();
    const limited = server.client({ qps: 1, clock });
    const call = (verb: Call['verb'], urgent = false): Promise<unknown> =>
      limited.call({ ...get, verb, urgent });
    await Promise.all([call('get'), call('get')]);
    const routine = call('update');
    await Promise.all([call('update', true), call('list'), call('watch')]);
    expect(server.requests).to.have.length(5);
    await clock.advance(2_500);
    await routine;
    expect(server.requests).to.have.length(6);
    expect(clock.timers, 'no timeout is left behind').to.equal(0);

    const waiting = failureOf(call('get'), ZenLeadError);
    await limited.close();
    expect((await waiting).message).to.equal('the client is closed');
  });
});
