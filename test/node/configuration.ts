/** Configuration files of containerd, the kubelet and kube-proxy. */
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { NODE_NAME, POD_RANGE } from './addresses.ts';
import { PAUSE_IMAGE } from './images/images.ts';
import { CNI_PLUGINS } from './machine.ts';
import type { FileOf } from './setup.ts';

export const SOCKET = '/run/containerd/containerd.sock';

/** @param cgroup control group that holds those of the pods */
export function writeConfiguration(file: FileOf, cgroup: string): void {
  writeFileSync(file('containerd.toml'), containerd(file));
  writeFileSync(file('cni/10-pods.conflist'), JSON.stringify(network()));
  writeFileSync(file('kubelet.yaml'), stringify(kubelet(file, cgroup)));
  writeProxyConfiguration(file);
  // Names are answered by nobody: there is no way out.
  writeFileSync(file('resolv.conf'), 'nameserver 127.0.0.1\n');
}

/** @param minSyncPeriod a duration such as "100ms"; kube-proxy's default of 1 s unless told otherwise */
export function writeProxyConfiguration(file: FileOf, minSyncPeriod?: string): void {
  writeFileSync(file('kube-proxy.yaml'), stringify(kubeProxy(file, minSyncPeriod)));
}

function containerd(file: FileOf): string {
  const cri = `plugins.'io.containerd.cri.v1`;
  return `version = 3
root = '${file('containerd')}'
state = '/run/containerd'
[grpc]
  address = '${SOCKET}'
[${cri}.images'.pinned_images]
  sandbox = '${PAUSE_IMAGE}'
[${cri}.runtime']
  # Where root may not lower oom_score_adj, runc would fail for it.
  restrict_oom_score_adj = true
[${cri}.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
[${cri}.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = false
[${cri}.runtime'.cni]
  bin_dirs = ['${CNI_PLUGINS}']
  conf_dir = '${file('cni')}'
`;
}

/**
 * A pair of interfaces for each pod, and routes. On a bridge, what a pod answers to another pod would go past the
 * address translation of Services, unless the kernel filters bridged packets too.
 */
function network(): object {
  const ipam = { type: 'host-local', ranges: [[{ subnet: POD_RANGE }]], routes: [{ dst: '0.0.0.0/0' }] };
  return { cniVersion: '1.0.0', name: 'pods', plugins: [{ type: 'ptp', ipMasq: false, ipam }] };
}

function kubelet(file: FileOf, cgroup: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    // Both are up to the machine.
    failCgroupV1: false,
    failSwapOn: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: file('ca.crt') },
    },
    authorization: { mode: 'AlwaysAllow' },
    tlsCertFile: file('kubelet.crt'),
    tlsPrivateKeyFile: file('kubelet.key'),
    containerRuntimeEndpoint: `unix://${SOCKET}`,
    resolvConf: file('resolv.conf'),
    // Its default is a directory of the machine, which would be made.
    volumePluginDir: file('volume-plugins'),
    readOnlyPort: 0,
    // The machine's disk may be nearly full: that is not what is tested.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1Gi', 'imagefs.available': '1Gi' },
    imageGCHighThresholdPercent: 100,
  };
}

function kubeProxy(file: FileOf, minSyncPeriod: string | undefined): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    hostnameOverride: NODE_NAME,
    clusterCIDR: POD_RANGE,
    clientConnection: { kubeconfig: file('kube-proxy.kubeconfig') },
    // Limits of the whole machine are left alone.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    ...(minSyncPeriod === undefined ? {} : { nftables: { minSyncPeriod } }),
  };
}
