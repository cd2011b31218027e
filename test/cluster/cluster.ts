import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ensureTools } from './build/builder.ts';
import { ClusterError } from './errors.ts';
import { clustersRoot } from './paths.ts';
import { AUDIT_LOG } from './run/components.ts';
import { readAudit } from './run/audit.ts';
import { bootstrap } from './run/bootstrap.ts';
import { ControlPlane } from './run/control-plane.ts';
import { compact } from './run/etcd.ts';
import { onExit } from './run/exit-hooks.ts';
import { writeKubeconfig } from './run/kubeconfig.ts';
import { runKubectl } from './run/kubectl.ts';
import { freePorts } from './run/ports.ts';
import { freeze, self, signal, waitGone } from './run/process.ts';
import { createState, destroyCluster, reapOrphans } from './run/state.ts';
import type { ToolName } from './build/tools.ts';
import type { ApiClient } from './run/api.ts';
import type { AuditEvent } from './run/audit.ts';
import type { Credentials } from './run/bootstrap.ts';
import type { ComponentOptions, Setup } from './run/components.ts';
import type { Access } from './run/kubeconfig.ts';
import type { Identity, KeyPair } from './run/pki.ts';

export { isWrite } from './run/audit.ts';
export type { AuditEvent } from './run/audit.ts';
export type { Identity, KeyPair } from './run/pki.ts';

const APISERVER = 'kube-apiserver';

export interface ClusterOptions extends ComponentOptions {
  /**
   * Fake nodes. With any, kube-scheduler and kwok run and pods become Ready by themselves. With none (the
   * default) pods are hand-made: nothing touches them, and tests patch their status.
   */
  nodes?: number;
  /**
   * Name of a cluster that outlives this process; until it is ready it ends with this process all the same.
   * Without a name the cluster ends with this process.
   */
  outlivingName?: string;
  /** Told what has been reached, one line each. */
  log?: (line: string) => void;
}

/** What is needed to speak to the API server as cluster admin. All PEM but `server`. */
export interface AdminConfig extends KeyPair {
  /** URL */
  server: string;
  ca: string;
}

/** Where a kubeconfig leads when not to the API server itself: a proxy that a test has put in between. */
export interface KubeconfigOptions {
  server?: string;
}

/** Starts a control plane of its own. Builds what is missing, and ends clusters whose starter died. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const nodes = options.nodes ?? 0;
  const binaries = await ensureTools(toolsFor(nodes));
  await reapOrphans();
  const directory = join(clustersRoot(), options.outlivingName ?? randomBytes(6).toString('hex'));
  const file = (name: string): string => join(directory, name);
  const [apiserver = 0, etcdClient = 0, etcdPeer = 0] = await freePorts(3);
  const server = `https://127.0.0.1:${String(apiserver)}`;
  const kubeconfigPath = file('admin.kubeconfig');
  createState(directory, { owner: self(), processes: {}, server, kubeconfigPath, nodes });
  const setup: Setup = { binaries, file, ports: { apiserver, etcdClient, etcdPeer }, options };
  const credentials = await bootstrap(file, server);
  const plane = new ControlPlane(setup, directory, nodes, server, credentials);
  const forget = onExit(() => {
    plane.killNow();
  });
  const cluster = new Cluster(plane, credentials, { directory, server, kubeconfigPath, binaries, forget });
  try {
    await plane.start(options.log ?? (() => undefined));
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  if (options.outlivingName !== undefined) {
    plane.disown();
    forget();
  }
  return cluster;
}

function toolsFor(nodes: number): ToolName[] {
  const always: ToolName[] = ['etcd', APISERVER, 'kube-controller-manager', 'kubectl'];
  return nodes === 0 ? always : [...always, 'kube-scheduler', 'kwok'];
}

interface Parts {
  directory: string;
  server: string;
  kubeconfigPath: string;
  binaries: Readonly<Record<ToolName, string>>;
  /** Takes the exit hook back. */
  forget: () => void;
}

export class Cluster {
  /** Kubeconfig of the cluster's admin. */
  readonly kubeconfigPath: string;
  /** URL of the API server. */
  readonly server: string;
  /** Logs, keys and data of this cluster; gone after `stop`. */
  readonly stateDir: string;
  readonly kubectlPath: string;
  readonly adminConfig: AdminConfig;
  /** Plain JSON requests to the API server as admin. */
  readonly api: ApiClient;
  readonly #plane: ControlPlane;
  readonly #credentials: Credentials;
  readonly #forget: () => void;
  #kubeconfigs = 0;

  constructor(plane: ControlPlane, credentials: Credentials, parts: Parts) {
    this.#plane = plane;
    this.#credentials = credentials;
    this.#forget = parts.forget;
    this.api = plane.api;
    this.server = parts.server;
    this.stateDir = parts.directory;
    this.kubeconfigPath = parts.kubeconfigPath;
    this.kubectlPath = parts.binaries.kubectl;
    this.adminConfig = { server: parts.server, ca: credentials.authority.cert, ...credentials.admin };
  }

  /** Ends every process of the cluster and removes its state directory. May be called again. */
  async stop(): Promise<void> {
    this.#plane.api.close();
    this.#plane.etcd.close();
    await destroyCluster(this.stateDir);
    this.#forget();
  }

  /** Ends the API server and waits until it is gone. SIGTERM lets it close its connections properly. */
  async killApiserver(name: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const id = this.#plane.processOf(APISERVER);
    signal(id, name);
    if (!(await waitGone([id], 60_000))) throw new ClusterError(`${APISERVER} did not end after ${name}.`);
  }

  /** Starts a killed API server again, on the same port, and waits until it is ready. */
  async startApiserver(): Promise<void> {
    await this.#plane.startApiserver();
  }

  /** Stops the API server in its tracks: connections stay open, and nothing answers any more. */
  async freezeApiserver(): Promise<void> {
    await freeze(this.#plane.processOf(APISERVER));
  }

  thawApiserver(): void {
    signal(this.#plane.processOf(APISERVER), 'SIGCONT');
  }

  /**
   * Makes etcd forget all history before now. Returns the compacted revision. With `watchCache: false` every
   * resourceVersion seen so far is too old (410) from then on; with the cache, only what it does not hold.
   */
  async compactEtcd(): Promise<number> {
    return compact(this.#plane.etcd);
  }

  /**
   * Makes every resourceVersion seen so far too old (410), whatever the API server's watch cache holds:
   * compacts, then restarts the API server, whose cache starts with the present. Ends all watches.
   */
  async expireResourceVersions(): Promise<void> {
    await this.compactEtcd();
    await this.killApiserver();
    await this.startApiserver();
  }

  /** Audit events from a position on, and the position for the next call. Needs `auditLog: true`. */
  async auditEvents(position = 0): Promise<{ events: AuditEvent[]; position: number }> {
    return readAudit(join(this.stateDir, AUDIT_LOG), position);
  }

  /** Kubeconfig with these credentials. */
  async createKubeconfig(
    credentials: Access['credentials'],
    options: KubeconfigOptions = {},
  ): Promise<string> {
    this.#kubeconfigs += 1;
    const path = join(this.stateDir, `user-${String(this.#kubeconfigs)}.kubeconfig`);
    const server = options.server ?? this.server;
    await writeKubeconfig(path, { server, ca: this.adminConfig.ca, credentials });
    return path;
  }

  /** Kubeconfig of a user without any rights but those that RBAC grants to the name or its groups. */
  async createUserKubeconfig(identity: Identity, options: KubeconfigOptions = {}): Promise<string> {
    return this.createKubeconfig(await this.clientCertificate(identity), options);
  }

  /** Kubeconfig with a bearer token, such as one from `createToken`. */
  async createTokenKubeconfig(token: string, options: KubeconfigOptions = {}): Promise<string> {
    return this.createKubeconfig({ token }, options);
  }

  /** A token of a ServiceAccount that exists. */
  async createToken(namespace: string, serviceAccount: string, expirationSeconds = 3600): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds },
    };
    const answer = await this.api.call<{ status: { token: string } }>('POST', path, { body });
    return answer.status.token;
  }

  /** A client certificate of this cluster's authority. */
  async clientCertificate(identity: Identity): Promise<KeyPair> {
    return this.#credentials.authority.clientCertificate(identity);
  }

  /** A server certificate for 127.0.0.1 that the cluster's kubeconfigs trust: for proxies. */
  async serverCertificate(name: string): Promise<KeyPair> {
    return this.#credentials.authority.serverCertificate(name);
  }

  /** Runs kubectl as admin, `input` on its standard input, and returns its standard output. */
  async kubectl(args: readonly string[], input = ''): Promise<string> {
    return runKubectl(this.kubectlPath, this.kubeconfigPath, args, input);
  }
}
