import { expect } from 'chai';
import { mkdtemp, readFile, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { ensureJobs } from './build/builder.ts';
import { families, familyCache } from './build/tools.ts';
import { ClusterError } from './errors.ts';
import { fakeBuilders, fakeJob, silent, toolFile } from './fixtures/fake-tool.ts';
import { startScript } from './fixtures/node-process.ts';
import type { Job } from './build/builder.ts';

describe('builder', () => {
  let root: string;
  let job: Job;
  let tool: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'zen-lead-test-'));
    job = fakeJob(join(root, 'fake-v1.2.3'));
    tool = toolFile(job.cache);
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  it('builds what is missing, and only once', async () => {
    const builders = fakeBuilders();
    await ensureJobs([job], silent, builders);
    await ensureJobs([job], silent, builders);
    expect(builders.built).to.equal(1);
    expect(await readFile(tool, 'utf8')).to.include('tool 1.2.3');
  });

  it('builds a truncated binary again', async () => {
    const builders = fakeBuilders();
    await ensureJobs([job], silent, builders);
    await truncate(tool, 5);
    await ensureJobs([job], silent, builders);
    expect(builders.built).to.equal(2);
    expect((await stat(tool)).size).to.be.greaterThan(5);
  });

  it('builds a binary of the right size but other content again', async () => {
    const builders = fakeBuilders();
    await ensureJobs([job], silent, builders);
    const { size } = await stat(tool);
    await writeFile(tool, 'x'.repeat(size));
    await ensureJobs([job], silent, builders);
    expect(builders.built).to.equal(2);
  });

  it('keeps a binary whose time alone has changed, as in a restored cache', async () => {
    const builders = fakeBuilders();
    await ensureJobs([job], silent, builders);
    await utimes(tool, 1_000, 1_000);
    await ensureJobs([job], silent, builders);
    expect(builders.built).to.equal(1);
  });

  it('builds again when the record of a binary is missing or cut', async () => {
    const builders = fakeBuilders();
    await ensureJobs([job], silent, builders);
    await truncate(`${tool}.stamp.json`, 4);
    await ensureJobs([job], silent, builders);
    await rm(`${tool}.stamp.json`);
    await ensureJobs([job], silent, builders);
    expect(builders.built).to.equal(3);
  });

  it('redoes a build that was killed, at once, and removes what it left', async () => {
    const { child, line } = await startScript('fixtures/hanging-build.ts', [job.cache]);
    expect(line).to.equal('hanging');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readdir(job.cache)).to.have.length(1);

    const builders = fakeBuilders();
    await ensureJobs([job], silent, builders);
    expect(builders.built).to.equal(1);
    expect(await readdir(job.cache)).to.have.members(['tool', 'tool.stamp.json']);
    expect(await readdir(root)).to.deep.equal(['fake-v1.2.3']);
  });

  it('lets one of several builders build and the others wait for it', async () => {
    const builders = fakeBuilders();
    await Promise.all(Array.from({ length: 5 }, () => ensureJobs([job], silent, builders)));
    expect(builders.built).to.equal(1);
  });

  it('installs nothing that does not report the pinned version', async () => {
    const error = await ensureJobs([job], silent, fakeBuilders('9.9.9')).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(ClusterError);
    expect(String(error)).to.include('Expected tool to be v1.2.3, got: tool 9.9.9');
    expect(await readdir(job.cache)).to.deep.equal([]);
  });

  it('passes on a failed build, and the next try starts afresh', async () => {
    const failing = { ...fakeBuilders(), compile: () => Promise.reject(new ClusterError('no space left')) };
    const error = await ensureJobs([job], silent, failing).catch((e: unknown) => e);
    expect(String(error)).to.include('no space left');
    await ensureJobs([job], silent, fakeBuilders());
    expect(await readdir(root)).to.deep.equal(['fake-v1.2.3']);
  });
});

describe('tool catalogue', () => {
  for (const family of families()) {
    it(`names only tools of ${family.name}'s go.mod`, async () => {
      const lines = (await readFile(join(family.directory, 'go.mod'), 'utf8')).split('\n');
      // Its tools, and itself where the source is here.
      const declared = lines.map((line) => line.replace(/^(tool|module) /, '').trim());
      for (const tool of family.tools) expect(declared).to.include(tool.package);
    });
  }

  it('has all of Kubernetes in one version', () => {
    const versions = families().filter(({ module }) => module === 'k8s.io/kubernetes');
    expect(versions.map(({ name }) => name)).to.deep.equal(['kubernetes', 'kubernetes-node']);
    expect(new Set(versions.map(({ version }) => version))).to.have.property('size', 1);
  });

  it('keeps another version or other flags in another directory', () => {
    const [family] = families();
    const changed = { ...family!, ldflags: '-s' };
    expect(familyCache(changed)).not.to.equal(familyCache(family!));
    expect(familyCache(family!)).to.match(/\/zen-lead\/tools\/kubernetes-v\d+\.\d+\.\d+-[0-9a-f]{12}$/);
  });
});
