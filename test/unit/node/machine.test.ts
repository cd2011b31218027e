import { expect } from 'chai';
import { fullPath, obstacle, REQUIREMENTS } from '../../node/machine.ts';
import type { MachineFacts } from '../../node/machine.ts';

const ALL = (1n << 41n) - 1n;
const GOOD: MachineFacts = {
  platform: 'linux',
  uid: 0,
  capabilities: ALL,
  cgroups: 'writable',
  missing: [],
  hasApt: false,
  directories: ['/root/.cache/zen-lead', '/work/zen-lead/test/node'],
};

describe('what a machine needs for a real node', () => {
  const tell = (changes: Partial<MachineFacts>): string | undefined => obstacle({ ...GOOD, ...changes });

  it('is all there on a machine where nothing is missing', () => {
    expect(tell({})).to.equal(undefined);
  });

  const cases: [string, Partial<MachineFacts>, string][] = [
    ['Linux', { platform: 'darwin' }, 'A real node needs Linux; this is darwin.'],
    ['root', { uid: 1000 }, 'A real node needs root; this is user 1000.'],
    [
      'the right to make namespaces',
      { capabilities: ALL & ~(1n << 21n) },
      'A real node needs the capability CAP_SYS_ADMIN, which root has not got here.',
    ],
    [
      'the right to make interfaces',
      { capabilities: ALL & ~(1n << 12n) },
      'A real node needs the capability CAP_NET_ADMIN, which root has not got here.',
    ],
    [
      'control groups',
      { cgroups: 'none' },
      'A real node needs control groups; there are none at /sys/fs/cgroup.',
    ],
    [
      'control groups that it may make',
      { cgroups: 'read-only' },
      'A real node needs control groups; /sys/fs/cgroup is read-only here.',
    ],
    [
      'packages, where it cannot install them',
      { missing: REQUIREMENTS.slice(0, 2) },
      'A real node needs runc, nft; without apt-get, install them yourself.',
    ],
  ];
  for (const [what, changes, sentence] of cases) {
    it(`is ${what}`, () => {
      expect(tell(changes)).to.equal(sentence);
    });
  }

  it('is not a missing package where that can be installed', () => {
    expect(tell({ missing: REQUIREMENTS, hasApt: true })).to.equal(undefined);
  });

  it('is a directory that the node does not hide', () => {
    expect(tell({ directories: ['/var/lib/ci/.cache'] })).to.include('/var/lib of its own');
    expect(tell({ directories: ['/var/library'] })).to.equal(undefined);
  });

  it('looks for administration commands where the PATH does not', () => {
    expect(fullPath('/usr/bin').split(':')).to.include.members(['/usr/bin', '/usr/sbin', '/sbin']);
  });
});
