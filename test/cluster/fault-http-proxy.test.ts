import { expect } from 'chai';
import { once } from 'node:events';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultHttpProxy } from '../support/fault-http-proxy.ts';
import { ensureTools } from './build/builder.ts';
import { startCluster } from './cluster.ts';
import { ApiClient } from './run/api.ts';
import { waitFor } from './wait.ts';
import type { Cluster } from './cluster.ts';
import type { ClientRequest, IncomingMessage } from 'node:http';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
/** Time in which something that must not happen would have happened. */
const QUIET_MS = 150;

describe('fault HTTP proxy', function () {
  this.timeout(60_000);

  let cluster: Cluster;
  let proxy: FaultHttpProxy;
  /** Speaks through the proxy, with no credentials that the proxy would pass on. */
  let client: ApiClient;
  let count = 0;

  before(async function () {
    this.timeout(3_600_000);
    await ensureTools();
    cluster = await startCluster();
  });

  after(async () => {
    await cluster.stop();
  });

  beforeEach(async () => {
    proxy = await FaultHttpProxy.start(cluster);
    client = new ApiClient(proxy.url, cluster.adminConfig.ca, cluster.adminConfig);
  });

  afterEach(async () => {
    client.close();
    await proxy.stop();
  });

  async function addConfigMap(): Promise<string> {
    count += 1;
    const name = `map-${String(count)}`;
    await cluster.api.call('POST', CONFIG_MAPS, { body: { metadata: { name } } });
    return name;
  }

  /** A watch through the proxy that collects the names it hears of. */
  async function watch(): Promise<{ names: string[]; closed: () => boolean; request: ClientRequest }> {
    const url = new URL(`${CONFIG_MAPS}?watch=1`, proxy.url);
    const outgoing = request(url, { ca: cluster.adminConfig.ca, agent: false }).end();
    outgoing.on('error', () => undefined);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const names: string[] = [];
    let closed = false;
    response.setEncoding('utf8').on('data', (text: string) => {
      for (const [, name] of text.matchAll(/"name":"(map-\d+)"/g)) names.push(name!);
    });
    response.on('error', () => undefined).on('close', () => (closed = true));
    return { names, closed: () => closed, request: outgoing };
  }

  it('forwards and records', async () => {
    const name = await addConfigMap();
    const { status } = await client.request('GET', `${CONFIG_MAPS}/${name}`);
    expect(status).to.equal(200);
    expect(proxy.requests).to.have.length(1);
    expect(proxy.requests[0]).to.include({ method: 'GET', path: `${CONFIG_MAPS}/${name}`, status: 200 });
    expect(proxy.requests[0]?.time).to.be.closeTo(Date.now(), 5_000);
  });

  it('passes on bodies and a bearer token', async () => {
    await cluster.kubectl(['create', 'serviceaccount', 'weak']);
    const kubeconfig = await proxy.createKubeconfig(await cluster.createToken('default', 'weak'));
    const whoami = ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'];
    // The later flag counts.
    expect(await cluster.kubectl(['--kubeconfig', kubeconfig, ...whoami])).to.equal(
      'system:serviceaccount:default:weak',
    );
    expect(await cluster.kubectl(['--kubeconfig', await proxy.createKubeconfig(), ...whoami])).to.equal(
      'admin',
    );
  });

  it('acts as the given identity for requests without a token', async () => {
    const janes = await FaultHttpProxy.start(cluster, { user: 'jane' });
    const through = new ApiClient(janes.url, cluster.adminConfig.ca, cluster.adminConfig);
    expect((await through.request('GET', CONFIG_MAPS)).status).to.equal(403);
    through.close();
    await janes.stop();
  });

  it('answers in the place of the API server, so many times', async () => {
    proxy.addRule({
      method: 'POST',
      path: /\/configmaps$/,
      times: 2,
      answer: { status: 429, headers: { 'retry-after': '1' } },
    });
    const post = async (): Promise<number> =>
      (await client.request('POST', CONFIG_MAPS, { body: { metadata: { name: 'late' } } })).status;
    expect([await post(), await post(), await post()]).to.deep.equal([429, 429, 201]);
    expect(proxy.requests.map(({ status }) => status)).to.deep.equal([429, 429, 201]);
    expect((await client.request('GET', CONFIG_MAPS)).status).to.equal(200);
  });

  it('answers until the rule is removed', async () => {
    const remove = proxy.addRule({ path: /configmaps/, answer: { status: 403 } });
    const get = (): ReturnType<ApiClient['request']> => client.request('GET', CONFIG_MAPS);
    expect((await get()).status).to.equal(403);
    expect((await get()).body).to.include({ kind: 'Status', code: 403 });
    remove();
    expect((await get()).status).to.equal(200);
  });

  it('delays', async () => {
    proxy.addRule({ path: /configmaps/, delayMs: QUIET_MS, times: 1 });
    const started = performance.now();
    expect((await client.request('GET', CONFIG_MAPS)).status).to.equal(200);
    expect(performance.now() - started).to.be.at.least(QUIET_MS - 1);
  });

  it('streams a watch event by event, and ends it upstream when its client goes', async () => {
    const { names, request } = await watch();
    const name = await addConfigMap();
    await waitFor('the event', () => names.includes(name), { timeoutMs: 2_000 });
    expect(proxy.streaming).to.deep.equal([`${CONFIG_MAPS}?watch=1`]);
    request.destroy();
    await waitFor('the end', () => proxy.streaming.length === 0);
  });

  it('freezes the chosen watches, lets the rest pass, and thaws without loss', async () => {
    const { names, closed } = await watch();
    const thaw = proxy.freeze(/configmaps.*watch/);
    const name = await addConfigMap();
    const other = await watch();
    await waitFor('the event in a later watch', () => other.names.includes(name));
    await sleep(QUIET_MS);
    expect([names.includes(name), closed()]).to.deep.equal([false, false]);
    thaw();
    await waitFor('the event', () => names.includes(name));
    other.request.destroy();
  });

  it('freezes later watches too when told to', async () => {
    const thaw = proxy.freeze(/watch/, 'all');
    const { names } = await watch();
    const name = await addConfigMap();
    await sleep(QUIET_MS);
    expect(names).to.deep.equal([]);
    thaw();
    await waitFor('the event', () => names.includes(name));
  });

  it('cuts the chosen watches', async () => {
    const { closed } = await watch();
    proxy.cut(/watch/);
    await waitFor('the end', closed);
    expect((await client.request('GET', CONFIG_MAPS)).status).to.equal(200);
  });

  it('keeps a frozen watch open while the API server dies, and breaks the others', async () => {
    const frozen = await watch();
    proxy.freeze(/watch/);
    const other = await watch();
    await cluster.killApiserver();
    await waitFor('the other watch to break', other.closed);
    await sleep(QUIET_MS);
    expect(frozen.closed()).to.be.false;
    const failed = await client.request('GET', CONFIG_MAPS).catch(() => 'no answer');
    expect(failed).to.equal('no answer');
    await cluster.startApiserver();
    expect((await client.request('GET', CONFIG_MAPS)).status).to.equal(200);
  });
});
