/** One operator whose way to the API server leads through a proxy that fails on command. */
import { FaultHttpProxy } from '../../support/fault-http-proxy.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { namespace, type Namespace } from '../../integration/support/namespace.ts';
import { startOperator, type OperatorProcess } from '../../integration/support/operator-process.ts';
import { grantIn } from '../../integration/support/rbac.ts';
import type { sharedCluster } from '../../integration/support/shared.ts';

export interface Behind<P> {
  readonly ns: Namespace;
  readonly proxy: P;
  readonly operator: OperatorProcess;
  /** Another process in place of the present one, with the same arguments. */
  restart(): Promise<OperatorProcess>;
}

interface Way<P> {
  readonly proxy: P;
  readonly kubeconfig: string;
  readonly stop: () => Promise<void>;
}

const USER = 'zen-lead-behind-proxy';

/** For the body of a describe: a TCP proxy, which sees connections. */
export function behindTcpProxy(prefix: string): Behind<FaultProxy> {
  return behind(prefix, async (cluster) => {
    const proxy = await FaultProxy.start(cluster.server);
    const kubeconfig = await cluster.createUserKubeconfig({ user: USER }, { server: proxy.url });
    return { proxy, kubeconfig, stop: () => proxy.stop() };
  });
}

/** For the body of a describe: an HTTP proxy, which sees requests. */
export function behindHttpProxy(prefix: string): Behind<FaultHttpProxy> {
  return behind(prefix, async (cluster) => {
    const proxy = await FaultHttpProxy.start(cluster, { user: USER });
    return { proxy, kubeconfig: await proxy.createKubeconfig(), stop: () => proxy.stop() };
  });
}

function behind<P>(
  prefix: string,
  start: (cluster: ReturnType<typeof sharedCluster>) => Promise<Way<P>>,
): Behind<P> {
  let ns: Namespace | undefined;
  let way: Way<P> | undefined;
  let operator: OperatorProcess | undefined;

  const run = async (): Promise<OperatorProcess> => {
    operator = await startOperator({
      namespaces: [there(ns).name],
      kubeconfig: there(way).kubeconfig,
      args: ['--log-level', 'debug'],
    });
    return operator.ready();
  };

  before(async function () {
    this.timeout(20_000);
    ns = await namespace(prefix);
    await grantIn(ns.cluster, ns.name, USER);
    way = await start(ns.cluster);
    await run();
  });

  after(async () => {
    await operator?.stop();
    await way?.stop();
  });

  return {
    get ns() {
      return there(ns);
    },
    get proxy() {
      return there(way).proxy;
    },
    get operator() {
      return there(operator);
    },
    restart: run,
  };
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Expected to be asked within a test');
  return value;
}

/** Watches of all resources that were begun again for a reason. */
export async function restarts(operator: OperatorProcess, reason: string): Promise<number> {
  const samples = (await operator.metrics()).samples('zen_lead_watch_restarts_total', { reason });
  return samples.reduce((sum, { value }) => sum + value, 0);
}
