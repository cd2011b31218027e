import { expect } from 'chai';
import { mkdtempSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environmentFor, loadFor } from '../../../src/plugin/kubeconfig.ts';
import { config, TestDirectory } from '../support/kubeconfig.ts';

describe('the cluster of the plugin', () => {
  const directory = new TestDirectory();
  after(() => {
    directory.remove();
  });

  const clusters = ['one', 'two'].map((name) => ({
    name,
    cluster: { server: `https://${name}.example:6443` },
  }));
  const contexts = [
    { name: 'dev', context: { cluster: 'one', user: 'u', namespace: 'shop' } },
    { name: 'prod', context: { cluster: 'two', namespace: 'billing' } },
  ];
  const file = directory.write('config', config({ clusters, contexts }));

  const message = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('Expected it to fail');
  };

  it('is that of --kubeconfig, before KUBECONFIG', () => {
    expect(loadFor({ kubeconfig: file }, { KUBECONFIG: '/nonexistent/config' }).server).to.equal(
      'https://one.example:6443',
    );
    expect(environmentFor({ kubeconfig: file }, { A: 'b' })).to.deep.equal({ A: 'b', KUBECONFIG: file });
  });

  it('is that of --context, with its namespace, whatever the current one is', () => {
    const broken = directory.write('broken', config({ clusters, contexts, 'current-context': 'gone' }));
    for (const KUBECONFIG of [file, broken, ['/nonexistent/config', file].join(delimiter)]) {
      expect(loadFor({ context: 'prod' }, { KUBECONFIG })).to.include({
        server: 'https://two.example:6443',
        namespace: 'billing',
      });
    }
    directory.write('home/.kube/config', config({ clusters, contexts }));
    expect(loadFor({ context: 'prod' }, { HOME: `${directory.path}/home` }).server).to.equal(
      'https://two.example:6443',
    );
  });

  it('is not guessed at: a context that there is not is told with those that there are', () => {
    expect(message(() => loadFor({ context: 'nope' }, { KUBECONFIG: file }))).to.equal(
      `the kubeconfig ${file} has no context "nope", expected current-context to be one of: dev, prod`,
    );
    expect(message(() => loadFor({ context: 'dev' }, { KUBECONFIG: '/nonexistent/config' }))).to.contain(
      '/nonexistent/config does not exist',
    );
  });

  it('leaves no file behind', () => {
    const { TMPDIR } = process.env;
    const own = mkdtempSync(join(directory.path, 'tmp-'));
    process.env['TMPDIR'] = own;
    try {
      expect(loadFor({ context: 'prod' }, { KUBECONFIG: file }).namespace).to.equal('billing');
      message(() => loadFor({ context: 'nope' }, { KUBECONFIG: file }));
      expect(readdirSync(own)).to.deep.equal([]);
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
  });
});
