import type { Cluster } from '../../cluster/cluster.ts';

let shared: Cluster | undefined;

/** The cluster that all files use, started by the root hooks (hooks.ts). */
export function sharedCluster(): Cluster {
  if (shared === undefined) {
    throw new Error(
      'Expected the cluster to be running, run mocha with --require test/integration/support/hooks.ts',
    );
  }
  return shared;
}

export function shareCluster(cluster: Cluster | undefined): void {
  shared = cluster;
}
