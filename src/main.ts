/** Reads settings, wires the parts, and turns signals into an exit code: 0 on SIGTERM, 1 on a fatal error, 2 on a bad flag. */
import './node-version.ts';
import './v8-flags.ts';
import { RESULTS } from './apply/apply-writes.ts';
import { FAILOVER_REASONS } from './api/reasons.ts';
import { messageOf, ZenLeadError } from './errors.ts';
import { KubeClient } from './kube/client.ts';
import { loadKubeConfig, type LoadedConfig } from './kube/kubeconfig.ts';
import { createLogger, type Logger } from './logger.ts';
import { ZenLeadOperator } from './operator.ts';
import { ERROR_REASONS } from './outcomes.ts';
import { parseSettings, type Settings } from './settings.ts';
import { startServers, type Servers } from './telemetry/http-server.ts';
import { Metrics } from './telemetry/metrics.ts';
import { COMMIT, VERSION } from './version.ts';
import { RESTART_REASONS } from './watch/failure.ts';

/** Kubernetes gives 30 s; a platform team waits for 5 at most. */
const EXIT_DEADLINE_MS = 4_500;

function fail(error: unknown): never {
  const usage = error instanceof ZenLeadError && error.code === 'InvalidSettings';
  // What is behind a bad flag says the same in other words, on several lines.
  process.stderr.write(`zen-lead: ${usage ? error.message : messageOf(error)}\n`);
  process.exit(usage ? 2 : 1);
}

/** A broken kubeconfig must not stand in the way of --help, nor of the word about a bad flag. */
function configure(): { settings: Settings; config: LoadedConfig } {
  let config: LoadedConfig | undefined;
  let broken: unknown;
  try {
    config = loadKubeConfig(process.env);
  } catch (error) {
    broken = error;
  }
  const namespace = broken === undefined ? config?.namespace : 'default';
  const settings = parseSettings(process.argv.slice(2), process.env, { namespace });
  if (config === undefined) throw broken;
  return { settings, config };
}

function createMetrics(): Metrics {
  return new Metrics({
    version: VERSION,
    commit: COMMIT,
    labelValues: {
      failoverReasons: FAILOVER_REASONS,
      reconcileResults: RESULTS,
      reconcileErrorReasons: ERROR_REASONS,
      watchResources: ['services', 'pods', 'endpointslices', 'leaderpolicies'],
      watchRestartReasons: RESTART_REASONS,
    },
  });
}

async function main(): Promise<void> {
  const { settings, config } = configure();
  const log = createLogger({ level: settings.logLevel, format: settings.logFormat });
  const metrics = createMetrics();
  const client = new KubeClient({
    kubeConfig: config.kubeConfig,
    version: VERSION,
    qps: settings.kubeApiQps,
    observe: (call) => {
      metrics.observeApiCall(call);
    },
  });
  const { namespaces, concurrency, installCrd, leaderElect } = settings;
  const operator = new ZenLeadOperator({
    kubeConfig: config.kubeConfig,
    client,
    namespaces,
    concurrency,
    installCrd,
    ...(leaderElect ? { leaseNamespace: config.namespace ?? 'default' } : {}),
    metrics,
    log,
  });
  metrics.provide({
    leaders: () => operator.outlooks(),
    queueDepth: () => operator.queueDepth,
    watchAges: () => operator.watchAges(),
    leaseHeld: () => operator.leaseHeld,
  });
  const servers = await startServers(settings, metrics, operator, log);
  exitOnSignal(operator, servers, log);
  log.info('zen-lead starts', {
    version: VERSION,
    commit: COMMIT,
    server: config.server,
    kubeconfig: config.origin,
    namespaces,
  });
  await operator.start();
}

function exitOnSignal(operator: ZenLeadOperator, servers: Servers, log: Logger): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info('zen-lead ends', { signal });
    setTimeout(() => process.exit(0), EXIT_DEADLINE_MS).unref();
    void Promise.allSettled([operator.shutdown(), servers.close()]).then(() => process.exit(0));
  };
  process.on('SIGTERM', () => {
    stop('SIGTERM');
  });
  process.on('SIGINT', () => {
    stop('SIGINT');
  });
}

main().catch(fail);
