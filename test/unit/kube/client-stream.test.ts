import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { ApiError, UnreachableError, ZenLeadError } from '../../../src/errors.ts';
import type { Call, KubeClient, Observation } from '../../../src/kube/client.ts';
import { ScriptedServer, answerStatus } from '../support/scripted-server.ts';
import { failureOf, until } from '../support/wait.ts';

const get: Call = { verb: 'get', resource: 'services', path: '/api/v1/namespaces/shop/services/web' };
const watch: Call = { verb: 'watch', resource: 'pods', path: '/api/v1/namespaces/shop/pods' };

describe('KubeClient.stream', () => {
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

  async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
    let text = '';
    for await (const chunk of stream) text += Buffer.from(chunk).toString();
    return text;
  }

  it('gives the body as it comes, and ends with it', async () => {
    let end = (): void => undefined;
    server.handler = (_request, response) => {
      response.write('one,');
      end = (): void => void response.end('two');
    };
    const stream = await client.stream(watch);
    const text = textOf(stream);
    end();
    expect(await text).to.equal('one,two');
    expect(observed).to.have.length(1);
    expect(observed[0]).to.include({ verb: 'watch', resource: 'pods', code: '200' });
  });

  it('has a connection of its own, kept for the next one', async () => {
    await client.call(get);
    await textOf(await client.stream(watch));
    await textOf(await client.stream(watch));
    const [call, first, second] = server.requests.map(({ port }) => port);
    expect(first).not.to.equal(call);
    expect(second).to.equal(first);
  });

  it('throws what the API server answered instead', async () => {
    server.handler = (_request, response) => {
      answerStatus(response, 410, 'Expired');
    };
    expect(await failureOf(client.stream(watch), ApiError)).to.include({ status: 410, reason: 'Expired' });
  });

  it('throws in the middle when the connection is lost', async () => {
    server.handler = (_request, response) => response.write('one,', () => response.destroy());
    const error = await failureOf(textOf(await client.stream(watch)), UnreachableError);
    expect(error.reason).to.equal('dropped');
  });

  it('does not become an uncaught exception when the connection is lost before anybody reads', async () => {
    server.handler = (_request, response) => response.write('one,', () => response.destroy());
    const stream = await client.stream(watch);
    await until('a lost connection', () => server.connections === 0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await failureOf(textOf(stream), UnreachableError)).reason).to.equal('dropped');
  });

  it('ends as a timeout when it lasts longer than it may, however much has come', async () => {
    server.handler = (_request, response) => response.write('one,');
    const stream = await client.stream({ ...watch, timeoutMs: 30 });
    const error = await failureOf(textOf(stream), UnreachableError);
    expect(error.reason).to.equal('timeout');
    expect(error.message).to.match(
      /^cannot watch pods in namespace shop: no answer from the API server http:/,
    );
  });

  it('gives its connection up when nobody reads on', async () => {
    server.handler = (_request, response) => response.write('one,');
    for await (const chunk of await client.stream(watch)) {
      expect(chunk).not.to.equal(undefined);
      break;
    }
    await until('a closed connection', () => server.connections === 0);
  });

  it("ends with the reason of the caller's signal", async () => {
    server.handler = (_request, response) => response.write('one,');
    const controller = new AbortController();
    const stream = await client.stream({ ...watch, signal: controller.signal });
    const aborted = failureOf(textOf(stream), Error);
    controller.abort(new Error('shutting down'));
    expect((await aborted).message).to.equal('shutting down');
  });

  it('leaves nothing behind on a signal that outlives calls and streams', async () => {
    const { signal } = new AbortController();
    await client.call({ ...get, signal });
    await textOf(await client.stream({ ...watch, signal }));
    server.handler = (_request, response) => {
      answerStatus(response, 403, 'Forbidden');
    };
    await failureOf(client.call({ ...get, signal }), ApiError);
    await failureOf(client.stream({ ...watch, signal }), ApiError);
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  });

  it('ends calls and streams when it is closed', async () => {
    server.handler = (_request, response) => response.write('{');
    const call = failureOf(client.call(get), UnreachableError);
    const stream = failureOf(textOf(await client.stream(watch)), UnreachableError);
    await until('both requests', () => server.requests.length === 2);
    await client.close();
    await Promise.all([call, stream]);
    await failureOf(client.call(get), ZenLeadError);
  });
});
