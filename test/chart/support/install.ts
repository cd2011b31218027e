/** What is installed on a real control plane, where no kubelet runs pods: the operator is run here, as its pod would be. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { Cluster, KubeconfigOptions } from '../../cluster/cluster.ts';
import { startOperator, type OperatorProcess } from '../../integration/support/operator-process.ts';
import { CHART, helmOk, type Release, type Rendered } from './helm.ts';

export interface PodSpec {
  serviceAccountName: string;
  containers: { image: string; args: string[] }[];
}

export function podSpecOf(deployment: Rendered): PodSpec {
  return (deployment['spec'] as { template: { spec: PodSpec } }).template.spec;
}

export function argumentsOf(deployment: Rendered): string[] {
  return podSpecOf(deployment).containers[0]!.args;
}

/** helm install or upgrade. @param values YAML or JSON */
export async function helmOn(
  cluster: Cluster,
  command: 'install' | 'upgrade',
  { name, namespace }: Release,
  values = '',
  args: readonly string[] = [],
): Promise<string> {
  const all = [command, name, CHART, '--namespace', namespace, ...args, '-f', '-'];
  return helmOk(all, values, cluster.kubeconfigPath);
}

export async function uninstall(cluster: Cluster, { name, namespace }: Release): Promise<void> {
  await helmOk(['uninstall', name, '--namespace', namespace, '--wait'], '', cluster.kubeconfigPath);
}

/** Kubeconfig of the release's ServiceAccount. */
export async function accountKubeconfig(
  cluster: Cluster,
  namespace: string,
  account: string,
  way: KubeconfigOptions = {},
): Promise<string> {
  return namespacedKubeconfig(cluster, namespace, await cluster.createToken(namespace, account), way);
}

/** With the namespace that a pod finds beside its token. */
export async function namespacedKubeconfig(
  cluster: Cluster,
  namespace: string,
  token: string,
  way: KubeconfigOptions = {},
): Promise<string> {
  const path = await cluster.createTokenKubeconfig(token, way);
  const config = parse(readFileSync(path, 'utf8')) as { contexts: { context: Record<string, string> }[] };
  for (const { context } of config.contexts) context['namespace'] = namespace;
  writeFileSync(path, stringify(config));
  return path;
}

/** The Deployment of the release, as the API server has it. */
export async function deploymentOf(cluster: Cluster, { name, namespace }: Release): Promise<Rendered> {
  const selector = encodeURIComponent(`app.kubernetes.io/instance=${name}`);
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments?labelSelector=${selector}`;
  const { items } = await cluster.api.call<{ items: Rendered[] }>('GET', path);
  if (items.length !== 1) throw new Error(`Expected one Deployment of ${name}, got ${items.length}`);
  return items[0]!;
}

/** Runs a replica: the arguments and the ServiceAccount of the Deployment; only the ports are free ones of this machine. */
export async function startReplica(
  cluster: Cluster,
  release: Release,
  way: KubeconfigOptions = {},
): Promise<OperatorProcess> {
  const deployment = await deploymentOf(cluster, release);
  const { serviceAccountName } = podSpecOf(deployment);
  return startOperator({
    namespaces: 'none',
    kubeconfig: await accountKubeconfig(cluster, release.namespace, serviceAccountName, way),
    args: withFreePorts(argumentsOf(deployment)),
  });
}

/** Without the ports of the pod, which may be taken on this machine: a process is given free ones. */
export function withFreePorts(args: readonly string[]): string[] {
  return args.filter((argument) => !/^--(metrics|health-probe)-bind-address=/.test(argument));
}
