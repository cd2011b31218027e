import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import { identify, isAlive, self, signal } from './run/process.ts';
import { createState, reapOrphans } from './run/state.ts';
import type { ChildProcess } from 'node:child_process';
import type { ProcessId } from './run/process.ts';

const NOBODY: ProcessId = { pid: 1, startTime: -1 };

describe('state of clusters', () => {
  let root: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'zen-lead-test-'));
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(root, { recursive: true });
  });

  async function sleeper(): Promise<ProcessId> {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    children.push(child);
    await once(child, 'spawn');
    return identify(child.pid!)!;
  }

  function record(name: string, processes: Record<string, ProcessId>, owner?: ProcessId): string {
    const directory = join(root, name);
    const fixed = { server: '', kubeconfigPath: '', nodes: 0 };
    createState(directory, { processes, ...fixed, ...(owner === undefined ? {} : { owner }) });
    return directory;
  }

  it('ends the clusters whose owner is gone, and no others', async () => {
    const [orphan, owned, free] = [await sleeper(), await sleeper(), await sleeper()];
    const orphaned = record('orphaned', { etcd: orphan }, NOBODY);
    const alive = record('alive', { etcd: owned }, self());
    const detached = record('detached', { etcd: free });
    expect(await reapOrphans(root)).to.deep.equal([orphaned]);
    expect([orphan, owned, free].map(isAlive)).to.deep.equal([false, true, true]);
    expect([orphaned, alive, detached].map((path) => existsSync(path))).to.deep.equal([false, true, true]);
  });

  it('takes an owner whose process id was reused for gone', async () => {
    const orphan = await sleeper();
    const { pid, startTime } = self();
    record('orphaned', { etcd: orphan }, { pid, startTime: startTime - 1 });
    expect(await reapOrphans(root)).to.have.length(1);
    expect(isAlive(orphan)).to.be.false;
  });

  it('never touches a process that has got a recorded id by reuse', async () => {
    const stranger = await sleeper();
    const directory = record(
      'orphaned',
      { etcd: { ...stranger, startTime: stranger.startTime - 1 } },
      NOBODY,
    );
    expect(await reapOrphans(root)).to.deep.equal([directory]);
    expect(isAlive(stranger)).to.be.true;
    expect(signal({ ...stranger, startTime: 0 }, 'SIGKILL')).to.be.false;
    expect(isAlive(stranger)).to.be.true;
  });

  it('finds nothing where there is nothing', async () => {
    expect(await reapOrphans(join(root, 'missing'))).to.deep.equal([]);
  });
});

describe('lock', () => {
  let path: string;

  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'zen-lead-test-')), 'lock');
  });

  afterEach(async () => {
    await rm(join(path, '..'), { recursive: true });
  });

  it('lets one in at a time', async () => {
    const log: string[] = [];
    const work = async (name: string): Promise<void> => {
      log.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => withLock(path, () => work(name))));
    expect(
      log.filter((_, index) => index % 2 === 0).map((line) => line.replace(' in', ' out')),
    ).to.deep.equal(log.filter((_, index) => index % 2 === 1));
  });

  it('says once whom it waits for', async () => {
    const waits: number[] = [];
    const entered = Promise.withResolvers<undefined>();
    const told = Promise.withResolvers<undefined>();
    const slow = withLock(path, async () => {
      entered.resolve(undefined);
      await told.promise;
      // Two more looks of the one that waits.
      await new Promise((resolve) => setTimeout(resolve, 250));
    });
    await entered.promise;
    await withLock(
      path,
      () => Promise.resolve(),
      (pid) => {
        waits.push(pid);
        told.resolve(undefined);
      },
    );
    await slow;
    expect(waits).to.deep.equal([process.pid]);
  });

  it('takes over from an owner that died', async () => {
    await mkdir(path);
    await writeFile(join(path, 'owner.json'), JSON.stringify(NOBODY));
    expect(await withLock(path, () => Promise.resolve('done'))).to.equal('done');
  });

  it('takes over from one that died before it could say who it is', async () => {
    await mkdir(path);
    await utimes(path, 1_000, 1_000);
    expect(await withLock(path, () => Promise.resolve('done'))).to.equal('done');
  });

  it('is free again after an error', async () => {
    const error = await withLock(path, () => Promise.reject(new Error('no'))).catch((e: unknown) => e);
    expect(String(error)).to.equal('Error: no');
    expect(existsSync(path)).to.be.false;
  });
});
