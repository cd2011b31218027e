import { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';
import { KubeClient } from '../../src/kube/client.ts';
import { loadKubeConfig } from '../../src/kube/kubeconfig.ts';
import { nullLogger } from '../../src/logger.ts';
import { ZenLeadOperator } from '../../src/operator.ts';
import { metricsUnderTest } from '../support/metrics.ts';
import { TestDirectory, config } from './support/kubeconfig.ts';

/** What the framework would make of it. */
const byDefault = (): void => {
  new KubeConfig().loadFromDefault();
};

class Seen extends ZenLeadOperator {
  get known(): KubeConfig {
    return this.kubeConfig;
  }
}

describe('ZenLeadOperator', () => {
  const known = process.env['KUBECONFIG'];
  let directory: TestDirectory;
  let good: string;

  beforeEach(() => {
    directory = new TestDirectory();
    good = directory.write('good', config());
  });

  afterEach(() => {
    if (known === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = known;
    directory.remove();
  });

  async function starts(files: string): Promise<void> {
    process.env['KUBECONFIG'] = files;
    const { kubeConfig } = loadKubeConfig(process.env);
    const client = new KubeClient({ kubeConfig, version: 'test' });
    const options = { namespaces: ['shop'], concurrency: 1, installCrd: false, log: nullLogger };
    const operator = new Seen({ kubeConfig, client, metrics: metricsUnderTest(), ...options });
    expect(operator.known).to.equal(kubeConfig);
    await operator.shutdown();
  }

  it('is made with a KUBECONFIG one of whose files is missing', async () => {
    await starts(`${directory.path}/missing:${good}`);
    expect(byDefault, 'and lets others load as before').to.throw(/ENOENT/);
  });

  it('is made with files that name the same cluster', async () => {
    await starts(`${good}:${directory.write('same', config())}`);
    expect(byDefault).to.throw(/Duplicate cluster/);
  });

  it('is made with an entry that cannot be used and is not', async () => {
    const users = [{ name: 'u', user: { token: 'abc' } }, { user: { token: 'of nobody' } }];
    await starts(directory.write('nameless', config({ users })));
    expect(byDefault).to.throw(/name/);
  });
});
