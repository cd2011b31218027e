import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { toolsRoot } from '../paths.ts';

export type ToolName =
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubectl'
  | 'etcd'
  | 'kwok'
  | 'helm'
  | 'promtool'
  | 'prometheus'
  | 'kubelet'
  | 'kube-proxy'
  | 'containerd'
  | 'containerd-shim-runc-v2'
  | 'ctr'
  | 'pause'
  | 'coredns';

export interface Tool {
  name: string;
  /** Go package of its main function, a `tool` of the family's go.mod. */
  package: string;
  /** Asks the built binary for its version: the smoke test that it runs at all. */
  versionArgs: readonly string[];
}

/** Tools that are built from one go.mod. */
export interface Family {
  name: string;
  /** Directory of go.mod and go.sum. */
  directory: string;
  /** The module whose version is the family's version. */
  module: string;
  /** As go.mod pins it, for instance v1.37.2. */
  version: string;
  ldflags: string;
  /** Build tags, separated by commas. */
  tags?: string;
  tools: readonly Tool[];
  /** Files of the module that are kept beside the binaries: target name → path inside the module. */
  extras: Readonly<Record<string, string>>;
  /** Files of the directory that say what is built: go.mod and go.sum, where the source is not here. */
  sources?: readonly string[];
  /** Built only for who asks for its tools by name: no cluster needs them. */
  onDemand?: boolean;
}

const GO_ROOT = fileURLToPath(new URL('../go/', import.meta.url));

/**
 * Neither debug information (-s -w) nor the work of producing it while compiling (-dwarf=false: a quarter
 * of the time of a cold build). The build id of version control would differ between checkouts.
 */
export const BUILD_FLAGS: readonly string[] = ['-trimpath', '-buildvcs=false', '-gcflags=all=-dwarf=false'];

export function families(): Family[] {
  return [
    kubernetes(),
    etcd(),
    kwok(),
    helm(),
    prometheus(),
    kubernetesNode(),
    containerd(),
    pause(),
    coredns(),
  ];
}

function kubernetes(): Family {
  return kubernetesFamily('kubernetes', [
    ['kube-apiserver', '--version'],
    ['kube-controller-manager', '--version'],
    ['kube-scheduler', '--version'],
    ['kubectl', 'version', '--client'],
  ]);
}

/** What a machine needs to be a node. Apart, so that its go.mod may change without the control plane being built again. */
function kubernetesNode(): Family {
  const tools: [ToolName, ...string[]][] = [
    ['kubelet', '--version'],
    ['kube-proxy', '--version'],
  ];
  return { ...kubernetesFamily('kubernetes-node', tools), onDemand: true };
}

function kubernetesFamily(name: string, tools: readonly [ToolName, ...string[]][]): Family {
  const module = 'k8s.io/kubernetes';
  const version = pinnedVersion(name, module);
  const [major, minor] = version.slice(1).split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  // Without the first the server says v0.0.0-master, which clients refuse to parse; without the second the
  // clients call themselves v0.0.0 in their user agents.
  const stamp = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((where) =>
    Object.entries(values).map(([name, value]) => `-X ${where}.${name}=${String(value)}`),
  );
  return {
    name,
    directory: join(GO_ROOT, name),
    module,
    version,
    ldflags: ['-s -w', ...stamp].join(' '),
    tools: tools.map(([tool, ...versionArgs]) => ({
      name: tool,
      package: `${module}/cmd/${tool}`,
      versionArgs,
    })),
    extras: {},
  };
}

function etcd(): Family {
  const module = 'go.etcd.io/etcd/server/v3';
  return {
    name: 'etcd',
    directory: join(GO_ROOT, 'etcd'),
    module,
    version: pinnedVersion('etcd', module),
    ldflags: '-s -w',
    tools: [{ name: 'etcd', package: module, versionArgs: ['--version'] }],
    extras: {},
  };
}

function kwok(): Family {
  const module = 'sigs.k8s.io/kwok';
  const version = pinnedVersion('kwok', module);
  const stages = ['node/fast/node-initialize', 'node/heartbeat/node-heartbeat'].concat(
    ['pod-ready', 'pod-complete', 'pod-delete'].map((stage) => `pod/fast/${stage}`),
  );
  return {
    name: 'kwok',
    directory: join(GO_ROOT, 'kwok'),
    module,
    version,
    ldflags: '-s -w',
    tools: [{ name: 'kwok', package: `${module}/cmd/kwok`, versionArgs: ['--version'] }],
    extras: Object.fromEntries(
      stages.map((stage) => [`${stage.replaceAll('/', '-')}.yaml`, `kustomize/stage/${stage}.yaml`]),
    ),
  };
}

function helm(): Family {
  const module = 'helm.sh/helm/v4';
  const version = pinnedVersion('helm', module);
  return {
    name: 'helm',
    directory: join(GO_ROOT, 'helm'),
    module,
    version,
    // Without it helm calls itself v4.0.
    ldflags: `-s -w -X ${module}/internal/version.version=${version}`,
    tools: [{ name: 'helm', package: `${module}/cmd/helm`, versionArgs: ['version', '--short'] }],
    extras: {},
    onDemand: true,
  };
}

function prometheus(): Family {
  const module = 'github.com/prometheus/prometheus';
  const version = pinnedVersion('prometheus', module);
  const tool = (name: ToolName): Tool => ({
    name,
    package: `${module}/cmd/${name}`,
    versionArgs: ['--version'],
  });
  return {
    name: 'prometheus',
    directory: join(GO_ROOT, 'prometheus'),
    module,
    version,
    // As a module it is v0.316.0, which is release 3.16.0.
    ldflags: `-s -w -X github.com/prometheus/common/version.Version=${version.slice(1)}`,
    // Service discovery by files is enough; that of the clouds would be most of the build.
    tags: 'remove_all_sd',
    tools: [tool('promtool'), tool('prometheus')],
    extras: {},
    onDemand: true,
  };
}

function containerd(): Family {
  const module = 'github.com/containerd/containerd/v2';
  const version = pinnedVersion('containerd', module);
  const tool = (name: ToolName, ...versionArgs: string[]): Tool => ({
    name,
    package: `${module}/cmd/${name}`,
    versionArgs,
  });
  return {
    name: 'containerd',
    directory: join(GO_ROOT, 'containerd'),
    module,
    version,
    ldflags: `-s -w -X ${module}/version.Version=${version.slice(1)}`,
    // File systems that no machine is asked to have.
    tags: 'no_btrfs,no_zfs,no_devmapper',
    tools: [tool('containerd', '--version'), tool('containerd-shim-runc-v2', '-v'), tool('ctr', '--version')],
    extras: {},
    onDemand: true,
  };
}

/** The first process of each pod. Our own: no registry is asked for the usual one. */
function pause(): Family {
  const module = 'zen-lead.io/test/cluster/pause';
  return {
    name: 'pause',
    directory: join(GO_ROOT, 'pause'),
    module,
    version: 'v1.0.0',
    ldflags: '-s -w',
    tools: [{ name: 'pause', package: module, versionArgs: ['--version'] }],
    extras: {},
    sources: ['go.mod', 'main.go'],
    onDemand: true,
  };
}

/** The DNS of a cluster, with few of its plugins: the main function is our own, and names them. */
function coredns(): Family {
  const module = 'github.com/coredns/coredns';
  return {
    name: 'coredns',
    directory: join(GO_ROOT, 'coredns'),
    module,
    version: pinnedVersion('coredns', module),
    ldflags: '-s -w',
    tools: [{ name: 'coredns', package: 'zen-lead.io/test/cluster/coredns', versionArgs: ['-version'] }],
    extras: {},
    sources: ['go.mod', 'go.sum', 'main.go'],
    onDemand: true,
  };
}

/** go.mod is the only place that says a version. */
function pinnedVersion(family: string, module: string): string {
  const file = join(GO_ROOT, family, 'go.mod');
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [name, version] = line
      .replace(/^require\s/, '')
      .trim()
      .split(/\s+/);
    if (name === module && version?.startsWith('v') === true) return version;
  }
  throw new Error(`Expected ${file} to require ${module}`);
}

/** For `go build`. */
export function tagFlags({ tags }: Pick<Family, 'tags'>): string[] {
  return tags === undefined ? [] : ['-tags', tags];
}

/** Where a family's binaries live: another version, another flag or another platform is another directory. */
export function familyCache(family: Family): string {
  const hash = createHash('sha256');
  for (const file of family.sources ?? ['go.mod', 'go.sum'])
    hash.update(readFileSync(join(family.directory, file)));
  hash.update(
    JSON.stringify([family.ldflags, ...tagFlags(family), BUILD_FLAGS, process.platform, process.arch]),
  );
  return join(toolsRoot(), `${family.name}-${family.version}-${hash.digest('hex').slice(0, 12)}`);
}
