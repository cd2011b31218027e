/** Command lines of what runs in the node. Those of the embedded control plane are reused where they fit. */
import { dirname, delimiter } from 'node:path';
import { controllerManager, etcd, etcdUrl, scheduler } from '../cluster/run/components.ts';
import { APISERVER_PORT, NODE_ADDRESS, NODE_NAME, SERVICE_RANGE } from './addresses.ts';
import { fullPath } from './machine.ts';
import type { Setup } from '../cluster/run/components.ts';
import type { Command } from '../cluster/run/daemon.ts';

/** Nobody else is in the network namespace: the usual ports are free. */
export const PORTS = { apiserver: APISERVER_PORT, etcdClient: 2379, etcdPeer: 2380 };

export type Component =
  | 'containerd'
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubelet'
  | 'kube-proxy';

export function commandOf(component: Component, setup: Setup): Command {
  switch (component) {
    case 'containerd':
      return containerd(setup);
    case 'etcd':
      return etcd(setup);
    case 'kube-apiserver':
      return apiserver(setup);
    case 'kube-controller-manager':
      return controllerManager(setup, 'fake nodes');
    case 'kube-scheduler':
      return scheduler(setup);
    case 'kubelet':
      return kubelet(setup);
    case 'kube-proxy':
      return {
        name: 'kube-proxy',
        binary: setup.binaries['kube-proxy'],
        args: [configOf(setup, 'kube-proxy')],
      };
  }
}

const configOf = ({ file }: Setup, name: string): string => `--config=${file(`${name}.yaml`)}`;

/** It looks for its shim and for runc in PATH. */
function containerd({ binaries, file }: Setup): Command {
  const path = [dirname(binaries['containerd-shim-runc-v2']), fullPath()].join(delimiter);
  const args = [`PATH=${path}`, binaries.containerd, '--config', file('containerd.toml')];
  return { name: 'containerd', binary: 'env', args };
}

/** As in a real cluster: nodes have their own rights and no others, ServiceAccounts are mounted into pods. */
function apiserver(setup: Setup): Command {
  const { file } = setup;
  return {
    name: 'kube-apiserver',
    binary: setup.binaries['kube-apiserver'],
    args: [
      '--bind-address=0.0.0.0',
      `--advertise-address=${NODE_ADDRESS}`,
      `--secure-port=${String(APISERVER_PORT)}`,
      `--etcd-servers=${etcdUrl(setup)}`,
      `--etcd-cafile=${file('ca.crt')}`,
      `--etcd-certfile=${file('etcd.crt')}`,
      `--etcd-keyfile=${file('etcd.key')}`,
      `--tls-cert-file=${file('apiserver.crt')}`,
      `--tls-private-key-file=${file('apiserver.key')}`,
      `--client-ca-file=${file('ca.crt')}`,
      `--kubelet-client-certificate=${file('admin.crt')}`,
      `--kubelet-client-key=${file('admin.key')}`,
      `--kubelet-certificate-authority=${file('ca.crt')}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${file('service-account.key')}`,
      `--service-account-signing-key-file=${file('service-account.key')}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--allow-privileged=true',
    ],
  };
}

function kubelet(setup: Setup): Command {
  const { file, binaries } = setup;
  return {
    name: 'kubelet',
    binary: binaries.kubelet,
    args: [
      configOf(setup, 'kubelet'),
      `--kubeconfig=${file('kubelet.kubeconfig')}`,
      `--hostname-override=${NODE_NAME}`,
      `--node-ip=${NODE_ADDRESS}`,
    ],
  };
}
