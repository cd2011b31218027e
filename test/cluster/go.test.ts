import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireGo } from './build/go.ts';
import { runScript } from './fixtures/node-process.ts';

describe('requirement of Go', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'zen-lead-test-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function fakeGo(script: string): Promise<string> {
    const file = join(directory, 'go');
    await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  }

  const messageOf = async (go: string): Promise<string> =>
    requireGo(directory, go).then(
      () => 'accepted',
      (error: unknown) => (error as Error).message,
    );

  it('accepts 1.26 and what comes after', async () => {
    for (const version of ['go1.26', 'go1.26.8', 'go1.27rc1', 'devel go1.28-0123abc', 'go2.0']) {
      expect(await messageOf(await fakeGo(`echo ${version}`)), version).to.equal('accepted');
    }
  });

  it('says what is too old and the way out', async () => {
    for (const version of ['go1.25.9', 'go1.4', 'go0.9']) {
      const message = await messageOf(await fakeGo(`echo ${version}`));
      expect(message).to.equal(
        `The embedded control plane is built with Go, and ${version} is too old: install Go 1.26 ` +
          '(https://go.dev/dl/), or set KUBECONFIG to use a cluster you have.',
      );
    }
  });

  it('says so too when that Go refuses the module outright', async () => {
    const go = await fakeGo(
      `[ "$PWD" = / ] && echo go1.24.1 && exit; echo "go.mod requires go >= 1.26" >&2; exit 1`,
    );
    expect(await messageOf(go)).to.include('go1.24.1 is too old');
  });

  it('ends the command line with one sentence and code 1 where there is no Go', async () => {
    const env = { PATH: directory, HOME: directory };
    const { code, stdout, stderr } = await runScript('main.ts', ['build'], { env });
    expect(code).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr).to.equal(
      'The embedded control plane is built with Go, and no Go is on PATH: install Go 1.26 ' +
        '(https://go.dev/dl/), or set KUBECONFIG to use a cluster you have.\n',
    );
  });
});
