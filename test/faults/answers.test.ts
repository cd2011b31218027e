import { expect } from 'chai';
import { eventually, throughout } from '../integration/support/eventually.ts';
import { behindHttpProxy } from './support/behind-proxy.ts';

const POD_WATCH = /\/pods\?.*watch=/;
const PODS = /\/pods\?/;
const SLICE = /\/endpointslices\/[^?]*$/;

describe('an API server that has too much to do (429 with Retry-After)', () => {
  const stage = behindHttpProxy('busy');

  it('is asked again for a write when it said so, and not before', async function () {
    this.timeout(20_000);
    const { ns, proxy } = stage;
    await ns.createService('db');
    const [leader] = await ns.createPods('db', 2);
    await ns.leads('db-leader', 'db-0');
    proxy.addRule({
      method: 'PUT',
      path: SLICE,
      times: 1,
      answer: { status: 429, headers: { 'retry-after': '2' } },
    });
    const before = proxy.requests.length;
    await leader!.setReady(false);
    await ns.leads('db-leader', 'db-1', 6_000);
    const [refused, taken, ...more] = proxy.requests
      .slice(before)
      .filter(({ method, path }) => method === 'PUT' && path.includes('db-leader'));
    expect(more).to.deep.equal([]);
    expect(refused?.status).to.equal(429);
    expect(taken!.time - refused!.time).to.be.within(1_990, 4_000);
  });

  it('is asked again for a watch when it said so, and not before', async function () {
    this.timeout(20_000);
    const { ns, proxy } = stage;
    await ns.createService('seen');
    const [leader] = await ns.createPods('seen', 2);
    await ns.leads('seen-leader', 'seen-0');
    proxy.addRule({ path: PODS, times: 1, answer: { status: 429, headers: { 'retry-after': '2' } } });
    const before = proxy.requests.length;
    proxy.cut(POD_WATCH);
    await leader!.setReady(false);
    await ns.leads('seen-leader', 'seen-1', 8_000);
    const [refused, taken] = proxy.requests.slice(before).filter(({ path }) => PODS.test(path));
    expect(refused?.status).to.equal(429);
    expect(taken!.time - refused!.time).to.be.at.least(1_990);
  });
});

describe('an API server that fails now and then', () => {
  const stage = behindHttpProxy('shaky');

  it('gets a slice write that failed with 500 again at once', async () => {
    const { ns, proxy } = stage;
    await ns.createService('db');
    const [leader] = await ns.createPods('db', 2);
    await ns.leads('db-leader', 'db-0');
    proxy.addRule({ method: 'PUT', path: SLICE, times: 2, answer: { status: 500 } });
    await leader!.setReady(false);
    await ns.leads('db-leader', 'db-1', 2_000);
  });

  it('whose answers are nonsense does not end the operator', async () => {
    const { ns, proxy, operator } = stage;
    await ns.createService('odd');
    const [leader] = await ns.createPods('odd', 2);
    await ns.leads('odd-leader', 'odd-0');
    proxy.addRule({ method: 'PUT', path: SLICE, times: 1, answer: { status: 200, body: 'not json' } });
    proxy.addRule({ path: POD_WATCH, times: 1, answer: { status: 200, body: '{"type":' } });
    proxy.cut(POD_WATCH);
    await leader!.setReady(false);
    await ns.leads('odd-leader', 'odd-1');
    await operator.ready();
  });

  it('says what is refused for ever in an Event, and the others go on', async () => {
    const { ns, proxy } = stage;
    await ns.createService('stuck');
    await ns.createService('fine');
    const [[first], [other]] = [await ns.createPods('stuck', 2), await ns.createPods('fine', 2)];
    await Promise.all([ns.leads('stuck-leader', 'stuck-0'), ns.leads('fine-leader', 'fine-0')]);
    const allow = proxy.addRule({ method: 'PUT', path: /\/stuck-leader-/, answer: { status: 403 } });
    await first!.setReady(false);
    const [event] = await ns.eventsOf('stuck', 'ReconcileFailed');
    expect(event?.note).to.contain('endpointslices');
    await other!.setReady(false);
    await ns.leads('fine-leader', 'fine-1');
    allow();
    await ns.leads('stuck-leader', 'stuck-1', 5_000);
  });
});

describe('an operator that is killed between the leader Service and its slice', () => {
  const stage = behindHttpProxy('killed');

  it('finishes what it began when it comes back', async function () {
    this.timeout(20_000);
    const { ns, proxy } = stage;
    const allow = proxy.addRule({
      method: 'POST',
      path: /\/endpointslices$/,
      answer: { status: 503 },
      delayMs: 500,
    });
    await ns.createPods('db', 2);
    await ns.createService('db');
    const made = await eventually(async () => {
      const service = await ns.service('db-leader');
      expect(service).not.to.equal(undefined);
      return service;
    });
    await stage.operator.kill('SIGKILL');
    expect(await ns.slice('db-leader')).to.equal(undefined);
    allow();
    await stage.restart();
    await ns.leads('db-leader', 'db-0');
    expect((await ns.service('db-leader'))?.metadata.uid).to.equal(made?.metadata.uid);
    await throughout(300, async () => {
      expect((await ns.slices('db-leader')).length).to.equal(1);
    });
  });
});
