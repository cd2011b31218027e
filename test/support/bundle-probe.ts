/**
 * Bundled like the operator by test/unit/bundle.test.ts: says, for each kubeconfig of the command line, how the API server
 * answers and with which credentials. One JSON line each.
 */
import dotI from '@dot-i/k8s-operator';
import { KubeConfig } from '@kubernetes/client-node';
import { messageOf } from '../../src/errors.ts';
import { KubeClient } from '../../src/kube/client.ts';
import { loadKubeConfig } from '../../src/kube/kubeconfig.ts';

class Framework extends dotI.default {
  protected override init(): Promise<void> {
    return Promise.resolve();
  }

  /** The framework's own KubeConfig is of the class that our code imports. */
  get shared(): boolean {
    return this.kubeConfig instanceof KubeConfig;
  }
}

for (const file of process.argv.slice(2)) {
  process.env['KUBECONFIG'] = file;
  try {
    const { kubeConfig } = loadKubeConfig(process.env);
    const client = new KubeClient({ kubeConfig, version: 'test' });
    const answer = await client.call<object>({ verb: 'get', resource: 'version', path: '/version' });
    process.stdout.write(`${JSON.stringify({ ...answer, shared: new Framework().shared })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: messageOf(error) })}\n`);
  }
}
process.exit(0);
