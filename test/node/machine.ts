/** What the machine must have for a real node, and what is done about what it has not. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../cluster/build/go.ts';
import { progressOn } from '../cluster/build/progress.ts';
import { ClusterError } from '../cluster/errors.ts';
import { cacheRoot } from '../cluster/paths.ts';
import { CGROUP_ROOT, cgroupVersion } from './cgroups.ts';
import type { Progress } from '../cluster/build/progress.ts';

/** What a Debian package brings: a command, or a file with an absolute path. */
interface Requirement {
  readonly brings: string;
  readonly package: string;
}

export const REQUIREMENTS: readonly Requirement[] = [
  { brings: 'runc', package: 'runc' },
  { brings: 'nft', package: 'nftables' },
  { brings: 'conntrack', package: 'conntrack' },
  { brings: 'ip', package: 'iproute2' },
  { brings: 'mmdebstrap', package: 'mmdebstrap' },
  { brings: '/usr/share/keyrings/debian-archive-keyring.gpg', package: 'debian-archive-keyring' },
  { brings: '/usr/lib/cni/ptp', package: 'containernetworking-plugins' },
  { brings: 'podman', package: 'podman' },
];

/** Where Debian's package has the plugins that give pods their network. */
export const CNI_PLUGINS = '/usr/lib/cni';
/** Directories of administration commands, which the PATH of a plain shell may lack. */
const ADMINISTRATION = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
/** Hidden in the node behind directories of its own. */
const HIDDEN = ['/run', '/var/run', '/var/lib', '/var/log'];
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

export interface MachineFacts {
  readonly platform: string;
  readonly uid: number;
  /** CapEff of /proc/self/status. */
  readonly capabilities: bigint;
  readonly cgroups: 'writable' | 'read-only' | 'none';
  /** Requirements that are not met. */
  readonly missing: readonly Requirement[];
  /** Debian or something made from it. */
  readonly hasApt: boolean;
  /** Directories that processes in the node read and write. */
  readonly directories: readonly string[];
}

/** PATH with the directories of administration commands. */
export function fullPath(path = process.env['PATH'] ?? ''): string {
  return [path, ...ADMINISTRATION].join(delimiter);
}

export function machineFacts(): MachineFacts {
  const linux = process.platform === 'linux';
  const status = linux ? readFileSync('/proc/self/status', 'utf8') : '';
  return {
    platform: process.platform,
    uid: process.getuid?.() ?? -1,
    capabilities: BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`),
    cgroups: cgroupVersion() === undefined ? 'none' : isWritable(CGROUP_ROOT) ? 'writable' : 'read-only',
    missing: REQUIREMENTS.filter(({ brings }) => !isThere(brings)),
    hasApt: isThere('apt-get') && isThere('/etc/debian_version'),
    directories: [cacheRoot(), import.meta.dirname],
  };
}

/** One sentence that says why there can be no node on this machine, or undefined where there can be one. */
export function obstacle(facts: MachineFacts): string | undefined {
  const { platform, uid, capabilities, cgroups, missing, hasApt } = facts;
  if (platform !== 'linux') return `A real node needs Linux; this is ${platform}.`;
  if (uid !== 0) return `A real node needs root; this is user ${String(uid)}.`;
  for (const [name, bit] of Object.entries({ CAP_SYS_ADMIN, CAP_NET_ADMIN })) {
    if (((capabilities >> bit) & 1n) === 0n)
      return `A real node needs the capability ${name}, which root has not got here.`;
  }
  if (cgroups === 'none') return `A real node needs control groups; there are none at ${CGROUP_ROOT}.`;
  if (cgroups === 'read-only') return `A real node needs control groups; ${CGROUP_ROOT} is read-only here.`;
  for (const directory of facts.directories) {
    const hider = HIDDEN.find((hidden) => directory.startsWith(`${hidden}/`));
    if (hider !== undefined)
      return `A real node has a ${hider} of its own, and cannot see ${directory}: use another directory (XDG_CACHE_HOME for the cache).`;
  }
  if (missing.length > 0 && !hasApt)
    return `A real node needs ${missing.map(({ brings }) => brings).join(', ')}; without apt-get, install them yourself.`;
  return undefined;
}

/** Installs the Debian packages that are missing. @throws ClusterError where there can be no node on this machine */
export async function prepareMachine(progress: Progress = progressOn()): Promise<void> {
  const facts = machineFacts();
  const reason = obstacle(facts);
  if (reason !== undefined) throw new ClusterError(reason);
  const packages = facts.missing.map((each) => each.package);
  if (packages.length === 0) return;
  const step = progress.begin(`Installing Debian packages: ${packages.join(', ')}`);
  let result = 'failed';
  try {
    // Lists of packages that are hours old name versions that the mirror may have no longer.
    await aptGet(['update'], step.onLine);
    await aptGet(['install', '--yes', '--no-install-recommends', ...packages], step.onLine);
    result = 'done';
  } finally {
    step.end(result);
  }
  const still = machineFacts().missing.map(({ brings }) => brings);
  if (still.length > 0) throw new ClusterError(`Expected apt-get to bring ${still.join(', ')}.`);
}

async function aptGet(args: readonly string[], onLine: (line: string) => void): Promise<void> {
  // Somebody else may be installing something, as machines do after their start.
  const patient = ['--option', 'DPkg::Lock::Timeout=300'];
  await run('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet=2', ...patient, ...args], {
    onLine,
  });
}

function isThere(brings: string): boolean {
  if (brings.startsWith('/')) return existsSync(brings);
  return fullPath()
    .split(delimiter)
    .some((directory) => existsSync(join(directory, brings)));
}

/** False for root too where the file system is mounted read-only. */
function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
