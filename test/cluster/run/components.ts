import type { ToolName } from '../build/tools.ts';
import type { Command } from './daemon.ts';

/** What the components' command lines are made of. */
export interface Setup {
  binaries: Readonly<Record<ToolName, string>>;
  /** Path of a file in the state directory. */
  file: (name: string) => string;
  ports: { etcdClient: number; etcdPeer: number; apiserver: number };
  options: ComponentOptions;
}

export interface ComponentOptions {
  /** More flags for kube-apiserver, last and so stronger than ours. */
  apiserverArgs?: readonly string[];
  /** More flags for kube-controller-manager, last and so stronger than ours. */
  controllerManagerArgs?: readonly string[];
  /**
   * Requests per second that kube-controller-manager allows itself, 1,000 unless told otherwise. Its own
   * default of 20 makes its start four seconds longer and throttles its EndpointSlice controller under load.
   * Bursts may be twice as large.
   */
  controllerManagerQps?: number;
  /** Record every request at kube-apiserver (`auditEvents`). */
  auditLog?: boolean;
  /** With false every list and watch reads etcd, so that compaction makes old resourceVersions 410 at once. */
  watchCache?: boolean;
}

/** Address ranges of Services: IPv4 is the primary family, dual-stack Services get both. */
const SERVICE_RANGES = '10.96.0.0/16,fd00:10:96::/112';
/** Room for 65,000 fake pods; kwok's own default ends after 254. */
const POD_RANGE = '10.244.0.0/16';

/** They mark hand-made pods of nodes that no kubelet reports as lost, evict and delete them. */
const CONTROLLERS_AGAINST_HAND_MADE_PODS = [
  'node-lifecycle-controller',
  'taint-eviction-controller',
  'pod-garbage-collector-controller',
];

export const AUDIT_LOG = 'audit.jsonl';

export const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted', 'Panic'],
  rules: [{ level: 'Metadata' }],
};

export function etcdUrl({ ports }: Setup): string {
  return `https://127.0.0.1:${String(ports.etcdClient)}`;
}

export function etcd(setup: Setup): Command {
  const { file } = setup;
  const peer = `https://127.0.0.1:${String(setup.ports.etcdPeer)}`;
  const tls = (prefix: string): string[] => [
    `--${prefix}cert-file=${file('etcd.crt')}`,
    `--${prefix}key-file=${file('etcd.key')}`,
    `--${prefix}trusted-ca-file=${file('ca.crt')}`,
    `--${prefix}client-cert-auth`,
  ];
  return {
    name: 'etcd',
    binary: setup.binaries.etcd,
    args: [
      `--data-dir=${file('etcd')}`,
      // The data is thrown away with the cluster: waiting for the disk is pure loss.
      '--unsafe-no-fsync',
      `--listen-client-urls=${etcdUrl(setup)}`,
      `--advertise-client-urls=${etcdUrl(setup)}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--log-level=warn',
      ...tls(''),
      ...tls('peer-'),
    ],
  };
}

export function apiserver(setup: Setup): Command {
  const { file, options } = setup;
  return {
    name: 'kube-apiserver',
    binary: setup.binaries['kube-apiserver'],
    args: [
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${String(setup.ports.apiserver)}`,
      `--etcd-servers=${etcdUrl(setup)}`,
      `--etcd-cafile=${file('ca.crt')}`,
      `--etcd-certfile=${file('etcd.crt')}`,
      `--etcd-keyfile=${file('etcd.key')}`,
      `--tls-cert-file=${file('apiserver.crt')}`,
      `--tls-private-key-file=${file('apiserver.key')}`,
      `--client-ca-file=${file('ca.crt')}`,
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${file('service-account.key')}`,
      `--service-account-signing-key-file=${file('service-account.key')}`,
      `--service-cluster-ip-range=${SERVICE_RANGES}`,
      '--authorization-mode=RBAC',
      // The endpoint of the "kubernetes" Service would be 127.0.0.1, which the API refuses.
      '--endpoint-reconciler-type=none',
      // No kubelet mounts tokens, and pods shall not wait for their namespace's default account.
      '--disable-admission-plugins=ServiceAccount',
      '--allow-privileged=true',
      `--watch-cache=${String(options.watchCache ?? true)}`,
      ...(options.auditLog === true
        ? [
            `--audit-policy-file=${file('audit-policy.yaml')}`,
            `--audit-log-path=${file(AUDIT_LOG)}`,
            // Megabytes until the log is rotated away from its reader.
            '--audit-log-maxsize=4096',
          ]
        : []),
      ...(options.apiserverArgs ?? []),
    ],
  };
}

export function controllerManager(setup: Setup, pods: 'fake nodes' | 'hand-made'): Command {
  const { file, options } = setup;
  const off = pods === 'hand-made' ? CONTROLLERS_AGAINST_HAND_MADE_PODS : [];
  const qps = options.controllerManagerQps ?? 1_000;
  return {
    name: 'kube-controller-manager',
    binary: setup.binaries['kube-controller-manager'],
    args: [
      `--kubeconfig=${file('kube-controller-manager.kubeconfig')}`,
      // Without it the controllers share one user that lacks their rights under RBAC.
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${file('service-account.key')}`,
      `--root-ca-file=${file('ca.crt')}`,
      '--leader-elect=false',
      // No HTTPS of its own: nobody asks it.
      '--secure-port=0',
      `--controllers=${['*', ...off.map((name) => `-${name}`)].join(',')}`,
      `--kube-api-qps=${String(qps)}`,
      `--kube-api-burst=${String(2 * qps)}`,
      ...(options.controllerManagerArgs ?? []),
    ],
  };
}

export function scheduler({ binaries, file }: Setup): Command {
  return {
    name: 'kube-scheduler',
    binary: binaries['kube-scheduler'],
    args: [
      `--kubeconfig=${file('kube-scheduler.kubeconfig')}`,
      '--leader-elect=false',
      '--secure-port=0',
      '--kube-api-qps=1000',
      '--kube-api-burst=2000',
    ],
  };
}

export function kwok({ binaries, file }: Setup, stages: readonly string[]): Command {
  return {
    name: 'kwok',
    binary: binaries.kwok,
    args: [
      `--kubeconfig=${file('kwok.kubeconfig')}`,
      '--manage-all-nodes=true',
      `--cidr=${POD_RANGE}`,
      ...stages.map((stage) => `--config=${stage}`),
    ],
  };
}
