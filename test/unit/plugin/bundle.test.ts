import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { contentsOf } from '../../../scripts/bundle/contents.ts';
import { PLUGIN, placePlugin } from '../../../scripts/bundle/plugin.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe("the kubectl plugin's bundle", function () {
  this.timeout(20_000);

  it('has no package in it that the operator has not: docs/bundle.md is about both', async () => {
    const [operator, plugin] = await Promise.all([contentsOf(ROOT), contentsOf(ROOT, 'plugin/main.ts')]);
    const known = operator.packages.map(({ directory }) => directory);
    for (const { directory } of plugin.packages) expect(known).to.include(directory);
    const names = plugin.packages.map(({ name }) => name);
    expect(names).to.include.members(['commander', 'undici', 'js-yaml', '@kubernetes/client-node']);
    for (const name of ['winston', 'prom-client', '@dot-i/k8s-operator']) expect(names).not.to.include(name);
  });

  it('is found by kubectl as kubectl-leader, and its completion as kubectl_complete-leader', () => {
    const directory = mkdtempSync(join(tmpdir(), 'zen-lead-test-'));
    try {
      for (const time of ['first', 'second']) {
        placePlugin(directory);
        expect(readlinkSync(join(directory, 'kubectl-leader')), time).to.equal(PLUGIN);
      }
      const completion = join(directory, 'kubectl_complete-leader');
      expect(statSync(completion).mode & 0o111).to.equal(0o111);
      expect(readFileSync(completion, 'utf8')).to.match(
        /^#!\/bin\/sh\nexec kubectl-leader __complete "\$@"\n$/,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is what package.json calls its commands', () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    expect(bin).to.deep.include({
      'kubectl-leader': `dist/${PLUGIN}`,
      'kubectl_complete-leader': 'dist/kubectl_complete-leader',
    });
    expect(existsSync(join(ROOT, 'src/plugin/main.ts'))).to.equal(true);
  });
});
