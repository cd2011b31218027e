import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cgroupVersion, createCgroup, processesOf, removeCgroup } from '../../node/cgroups.ts';

/** Plain directories: the kernel's own would need root. In those, files are no obstacle to removing a group. */
describe('control groups of a node', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'zen-lead-cgroups-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const make = (...paths: string[]): void => {
    for (const path of paths) mkdirSync(join(root, path), { recursive: true });
  };
  const write = (path: string, text: string): void => {
    writeFileSync(join(root, path), text);
  };

  describe('of version 1', () => {
    beforeEach(() => {
      make('memory', 'pids', 'cpuset', 'unified', 'cpuset/node');
      write('cpuset/cpuset.cpus', '0-1');
      write('cpuset/cpuset.mems', '0');
    });

    it('are made in each hierarchy but that of version 2, with all processors', () => {
      expect(cgroupVersion(root)).to.equal(1);
      createCgroup('node', root);
      const there = ['memory', 'pids', 'cpuset', 'unified'].map((name) =>
        existsSync(join(root, name, 'node')),
      );
      expect(there).to.deep.equal([true, true, true, false]);
      expect(readFileSync(join(root, 'cpuset/node/cpuset.cpus'), 'utf8')).to.equal('0-1');
    });

    it('are removed with all below them, and no others', () => {
      make('memory/node/kubepods/pod1/abc', 'pids/node', 'unified/node', 'memory/other');
      expect(removeCgroup('node', root)).to.equal(true);
      const there = ['memory/node', 'pids/node', 'unified/node', 'cpuset/node', 'memory/other'];
      expect(there.filter((path) => existsSync(join(root, path)))).to.deep.equal(['memory/other']);
      expect(removeCgroup('node', root)).to.equal(true);
    });

    it('tell the processes of a container', () => {
      make('memory/node/kubepods/besteffort/pod1/abc', 'memory/node/kubepods/besteffort/pod1/def');
      write('memory/node/kubepods/besteffort/pod1/abc/cgroup.procs', '12\n34\n');
      expect(processesOf('node', 'abc', root)).to.deep.equal([12, 34]);
      expect(processesOf('node', 'gone', root)).to.deep.equal([]);
      // The container has ended: its group is being removed.
      expect(processesOf('node', 'def', root)).to.deep.equal([]);
    });
  });

  it('of version 2 pass their controllers on', () => {
    make('node');
    for (const group of ['.', 'node']) write(`${group}/cgroup.controllers`, 'cpu memory pids\n');
    expect(cgroupVersion(root)).to.equal(2);
    createCgroup('node', root);
    // The kernel would add them up.
    expect(readFileSync(join(root, 'cgroup.subtree_control'), 'utf8')).to.equal('+pids');
    expect(readFileSync(join(root, 'node/cgroup.subtree_control'), 'utf8')).to.equal('+pids');
  });

  it('are not to be had where nothing is mounted', () => {
    expect(cgroupVersion(join(root, 'nowhere'))).to.equal(undefined);
    expect(cgroupVersion(root)).to.equal(undefined);
  });
});
