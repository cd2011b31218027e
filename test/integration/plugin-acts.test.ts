/** What the kubectl plugin does: written by the real kubectl, done by a running operator. */
import { expect } from 'chai';
import { once } from 'node:events';
import { eventually } from './support/eventually.ts';
import type { Namespace } from './support/namespace.ts';
import { fails, fakePortForward, kubectl, startLeader, withPlugin, type Answer } from './support/plugin.ts';
import { ledByPolicy } from './support/policy.ts';

describe('kubectl leader', function () {
  this.timeout(20_000);
  const { stage, leader, says, annotated } = withPlugin('plugin-acts');

  it('switchover: with annotations, again and again to the same pod', async () => {
    await annotated('move');
    for (const pod of ['move-1', 'move-0', 'move-1']) {
      expect(await says('switchover', 'move', '--to', pod, '--wait')).to.match(
        new RegExp(`^move-leader is led by pod ${pod} \\(\\d+ ms after`),
      );
      expect(await stage.ns.leaderOf('move-leader')).to.equal(pod);
    }
    expect(await says('switchover', 'move-leader', '--to', 'move-1')).to.contain(
      'is led by pod move-1 already',
    );
  });

  it('switchover: re-arms a request that has been handled', async () => {
    await annotated('rearm');
    await says('switchover', 'rearm', '--to', 'rearm-1', '--wait');
    const [, second] = await pods(stage.ns, 'rearm');
    await second?.('False');
    await stage.ns.leads('rearm-leader', 'rearm-0');
    await second?.('True');
    await eventually(async () => {
      await says('switchover', 'rearm', '--to', 'rearm-1', '--wait');
    });
    expect((await stage.ns.memory('rearm-leader')).epoch).to.equal(4);
  });

  it('pause, a refused switchover, resume: with annotations and with a policy', async () => {
    await annotated('halt');
    await ledByPolicy(stage.ns, 'stop');
    for (const name of ['halt', 'stop']) {
      expect(await says('pause', name)).to.contain(
        `${name} paused: the leader of ${name}-leader does not move`,
      );
      expect(await says('list')).to.match(new RegExp(`^${name}-leader .* Paused$`, 'm'));
      expect(await says('pause', name)).to.contain('paused already');
      fails(
        await leader('switchover', name, '--to', `${name}-1`),
        1,
        'Paused',
        `kubectl leader resume ${name}-leader`,
      );
      expect(await says('resume', name)).to.contain('resumed');
      await says('switchover', name, '--to', `${name}-1`, '--wait');
      expect(await stage.ns.leaderOf(`${name}-leader`)).to.equal(`${name}-1`);
    }
  });

  it('enable and disable: the leader Service comes and goes', async () => {
    const { ns } = stage;
    await ns.createService('cache', { annotations: false });
    await ns.createPods('cache', 1);
    fails(await leader('status', 'cache'), 3, 'has no leader Service', 'kubectl leader enable cache');
    expect(await says('enable', 'cache')).to.contain('zen-lead makes leader Service cache-leader');
    await ns.leads('cache-leader', 'cache-0');
    expect(await says('enable', 'cache')).to.contain('enabled already');
    expect(await says('disable', 'cache-leader')).to.contain('zen-lead deletes leader Service cache-leader');
    await eventually(async () => {
      expect(await ns.service('cache-leader')).to.equal(undefined);
    });
    expect(await says('disable', 'cache')).to.contain('is not enabled');
  });

  it('port-forward: to the leader, and to the next one after a failover', async () => {
    await annotated('tunnel');
    const path = await fakePortForward();
    const args = ['port-forward', 'tunnel', '15432:db', '--address', '127.0.0.1', '-n', stage.ns.name];
    const child = await startLeader(args, { path });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    const asked = async (pod: string): Promise<void> => {
      const line = `asked for port-forward --namespace=${stage.ns.name} --address=127.0.0.1 pod/${pod} 15432:5432\n`;
      await eventually(() => {
        expect(output).to.contain(`${line}Forwarding from`);
      });
    };
    await asked('tunnel-0');
    await says('switchover', 'tunnel', '--to', 'tunnel-1', '--wait');
    await asked('tunnel-1');
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).to.equal(0);
    fails(
      await withPath(path, 'port-forward', 'tunnel', '9:99'),
      2,
      'port "9:99": expected [LOCAL:]PORT',
      '5432 (db)',
    );
    const taken = await withPath(path, 'port-forward', 'tunnel', '1:db');
    expect(taken.code).to.equal(1);
    expect(taken.stderr).to.match(
      /unable to listen on port 1\nerror: kubectl port-forward to pod tunnel-1 ended with 1\n$/,
    );
  });

  const withPath = async (path: string, ...args: string[]): Promise<Answer> =>
    kubectl(['leader', ...args, '-n', stage.ns.name], { path });
});

/** Writes condition Ready of each pod of an application. */
async function pods(ns: Namespace, app: string): Promise<((ready: 'True' | 'False') => Promise<void>)[]> {
  const query = `?labelSelector=app%3D${app}`;
  const { items } = await ns.cluster.api.call<{ items: { metadata: { name: string } }[] }>(
    'GET',
    ns.path('pods') + query,
  );
  return items.map(({ metadata: { name } }) => async (status) => {
    const lastTransitionTime = `${new Date().toISOString().slice(0, 19)}Z`;
    const body = { status: { conditions: [{ type: 'Ready', status, lastTransitionTime }] } };
    const path = `${ns.path('pods', name)}/status`;
    await ns.cluster.api.call('PATCH', path, { body, contentType: 'application/strategic-merge-patch+json' });
  });
}
