import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';
import { UnreachableError, ZenLeadError, messageOf } from '../../../src/errors.ts';
import type { Call, KubeClient, KubeClientOptions } from '../../../src/kube/client.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';
import { TestDirectory } from '../support/kubeconfig.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { failureOf, until } from '../support/wait.ts';

const get: Call = { verb: 'get', resource: 'services', path: '/api/v1/namespaces/shop/services/web' };
const PRINT_TOKEN = `echo '${JSON.stringify({
  apiVersion: 'client.authentication.k8s.io/v1',
  kind: 'ExecCredential',
  status: { token: 't' },
})}'`;

describe('KubeClient with an exec plugin', () => {
  let server: ScriptedServer;
  let directory: TestDirectory;
  const clients: KubeClient[] = [];

  beforeEach(async () => {
    directory = new TestDirectory();
    server = await ScriptedServer.start();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.close();
    directory.remove();
  });

  function clientFor(script: string, options: Partial<KubeClientOptions> = {}): KubeClient {
    const kubeConfig = new KubeConfig();
    const exec = { command: 'sh', args: ['-c', script] };
    kubeConfig.loadFromClusterAndUser(
      { name: 'c', server: server.url, skipTLSVerify: false },
      { name: 'u', exec },
    );
    const client = server.client({ kubeConfig, ...options });
    clients.push(client);
    return client;
  }

  function tokens(): (string | undefined)[] {
    return server.requests.map(({ headers }) => headers.authorization);
  }

  it('runs it once for calls that come together, and says when it fails', async () => {
    const runs = join(directory.path, 'runs');
    const client = clientFor(`echo run >> ${runs}; ${PRINT_TOKEN}`);
    await Promise.all([client.call(get), client.call(get), client.call(get)]);
    expect(new Set(tokens())).to.deep.equal(new Set(['Bearer t']));
    expect(readFileSync(runs, 'utf8')).to.equal('run\n');

    const failing = clientFor('echo no login >&2; exit 1');
    const error = await failureOf(failing.call(get), ZenLeadError);
    expect(error.code).to.equal('InvalidKubeconfig');
    expect(messageOf(error)).to.match(/^cannot get the credentials of user "u": no login/);
  });

  describe('that hangs the first time', () => {
    let ran: string;
    let plugin: string;

    beforeEach(() => {
      ran = join(directory.path, 'ran');
      // Until afterEach removes the file, so that it does not outlive the tests.
      const hang = `while [ -e ${directory.write('hang', '')} ]; do sleep 0.02; done`;
      plugin = `if [ -e ${ran} ]; then ${PRINT_TOKEN}; else touch ${ran}; ${hang}; fi`;
    });

    it('gives up when the time of the call is over, and says what it waited for', async () => {
      const error = await failureOf(clientFor(plugin).call({ ...get, timeoutMs: 100 }), UnreachableError);
      expect(error).to.include({ reason: 'timeout' });
      expect(error.message).to.equal('cannot get services shop/web: no credentials of user "u" in 100 ms');
    });

    it('ends a call and a watch with their signal', async () => {
      const client = clientFor(plugin);
      const stop = new AbortController();
      const { signal } = stop;
      const asked = [client.call({ ...get, signal }), client.stream({ ...get, verb: 'watch', signal })];
      const ended = Promise.all(asked.map((call) => failureOf(call, RangeError)));
      await until('the plugin to run', () => existsSync(ran));
      stop.abort(new RangeError('stop'));
      expect((await ended).map(({ message }) => message)).to.deep.equal(['stop', 'stop']);
    });

    it('does not run it for a signal that was aborted before', async () => {
      const signal = AbortSignal.abort(new RangeError('stop'));
      expect(await failureOf(clientFor(plugin).call({ ...get, signal }), RangeError)).to.equal(signal.reason);
      await settled();
      expect(existsSync(ran)).to.equal(false);
    });

    it('gives it up after 30 s, and runs it anew for the next call', async () => {
      const clock = new FakeClock();
      const client = clientFor(plugin, { clock });
      const first = failureOf(client.stream({ ...get, verb: 'watch' }), ZenLeadError);
      await until('the plugin to run', () => existsSync(ran));
      await clock.advance(30_000);
      expect(messageOf(await first)).to.equal('cannot get the credentials of user "u": nothing came in 30 s');
      await client.call(get);
      expect(tokens()).to.deep.equal(['Bearer t']);
      expect(clock.timers).to.equal(0);
    });
  });
});
