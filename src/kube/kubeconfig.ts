import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { User } from '@kubernetes/client-node';
import { ZenLeadError } from '../errors.ts';
import { checkCurrentContext } from './kubeconfig-check.ts';
import { readKubeconfigs } from './kubeconfig-file.ts';
import type { RawUser } from './kubeconfig-file.ts';

export interface LoadedConfig {
  readonly kubeConfig: KubeConfig;
  /** For people: the file or files, or "in-cluster ServiceAccount". */
  readonly origin: string;
  /** Address of the API server. */
  readonly server: string;
  /** The pod's own namespace, or that of the current context. */
  readonly namespace?: string;
}

export interface LoadOptions {
  /** Where the kubelet mounts the pod's credentials. */
  readonly serviceAccountDir?: string;
  /** Certificates must be valid then; default now. */
  readonly now?: Date;
}

const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';
/** KubeConfig applies the cluster's certificate authority only where there is a user, so anonymous is one. */
const ANONYMOUS = 'anonymous';

/**
 * Finds the API server as kubectl does: the files of $KUBECONFIG, else ~/.kube/config, else the pod's ServiceAccount.
 * Throws ZenLeadError InvalidKubeconfig: one line that names the file, what is wrong and what is expected.
 */
export function loadKubeConfig(env: NodeJS.ProcessEnv, options: LoadOptions = {}): LoadedConfig {
  const files = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (files.length > 0) return loadFiles(files, options);
  const standard = join(env['HOME'] ?? homedir(), '.kube', 'config');
  if (existsSync(standard)) return loadFiles([standard], options);
  return loadInCluster(env, standard, options.serviceAccountDir ?? SERVICE_ACCOUNT_DIR);
}

/**
 * Until the function returned is called, every KubeConfig finds this one in place of loading files: for a library that
 * leaves no other way in. Its KubeConfig must be the class that is imported here (the overrides of package.json see to it).
 */
export function makeDefault({ clusters, users, contexts, currentContext }: KubeConfig): () => void {
  const known: Pick<KubeConfig, 'loadFromDefault'> = KubeConfig.prototype;
  const original = Object.getOwnPropertyDescriptor(known, 'loadFromDefault');
  known.loadFromDefault = function (this: KubeConfig): void {
    this.loadFromOptions({ clusters, users, contexts, currentContext });
  };
  return () => {
    if (original !== undefined) Object.defineProperty(known, 'loadFromDefault', original);
  };
}

function loadFiles(files: readonly string[], options: LoadOptions): LoadedConfig {
  const { raw, origin } = readKubeconfigs(files);
  const current = checkCurrentContext(raw, origin, options.now ?? new Date());
  const parsed = new KubeConfig();
  parsed.loadFromString(JSON.stringify(raw), { onInvalidEntry: 'filter' });
  const user = current.user ?? ANONYMOUS;
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromOptions({
    clusters: parsed.clusters,
    users: [...parsed.users.map((known) => withTokenFile(known, raw.users)), { name: ANONYMOUS }],
    contexts: parsed.contexts.map((context) =>
      context.name === raw['current-context'] ? { ...context, user } : context,
    ),
    currentContext: raw['current-context'],
  });
  const { server, namespace } = current;
  return { kubeConfig, origin, server, ...(namespace !== undefined && { namespace }) };
}

/** KubeConfig does not know `tokenFile`, which kubectl reads again and again and prefers to `token`. */
function withTokenFile(user: User, raw: readonly RawUser[]): User {
  const tokenFile = raw.find(({ name }) => name === user.name)?.user?.tokenFile ?? '';
  if (tokenFile === '') return user;
  const { token: _, ...rest } = user;
  return { ...rest, authProvider: { name: 'tokenFile', config: { tokenFile } } };
}

/** As client-go's rest.InClusterConfig: always https, and without a mounted CA the system's roots are trusted. */
function loadInCluster(env: NodeJS.ProcessEnv, missing: string, directory: string): LoadedConfig {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const tokenFile = join(directory, 'token');
  if (host === '') {
    throw new ZenLeadError(
      'InvalidKubeconfig',
      `no cluster is configured: KUBECONFIG is not set, ${missing} does not exist, and this is no pod (KUBERNETES_SERVICE_HOST is not set)`,
    );
  }
  if (!existsSync(tokenFile)) {
    throw new ZenLeadError(
      'InvalidKubeconfig',
      `the pod has no ServiceAccount token: ${tokenFile} does not exist (is automountServiceAccountToken false?)`,
    );
  }
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const caFile = join(directory, 'ca.crt');
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: 'in-cluster', server, skipTLSVerify: false, ...(existsSync(caFile) && { caFile }) },
    { name: 'service-account', authProvider: { name: 'tokenFile', config: { tokenFile } } },
  );
  const namespaceFile = join(directory, 'namespace');
  const namespace = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : '';
  return { kubeConfig, origin: 'in-cluster ServiceAccount', server, ...(namespace !== '' && { namespace }) };
}
