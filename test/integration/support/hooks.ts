/**
 * Root hooks of the integration tests: builds the operator's bundle if it is missing or older than its sources, and starts
 * one control plane for all files. Both end with the process, however it ends.
 */
import type { RootHookObject } from 'mocha';
import { ensureTools } from '../../cluster/build/builder.ts';
import { startCluster } from '../../cluster/cluster.ts';
import { ensureBundle } from './bundle.ts';
import { endLeftovers } from './leftovers.ts';
import { runningOperators } from './operator-process.ts';
import { operatorKubeconfig } from './rbac.ts';
import { shareCluster, sharedCluster } from './shared.ts';

/** Lines of each running operator's log that a failed test shows. */
const SHOWN_LINES = 15;

export const mochaHooks: RootHookObject = {
  async beforeAll(this: Mocha.Context) {
    // The very first run builds the control plane.
    this.timeout(3_600_000);
    await ensureTools();
    const [cluster] = await Promise.all([startCluster({ auditLog: true }), ensureBundle()]);
    shareCluster(cluster);
    await operatorKubeconfig(cluster);
  },

  afterEach(this: Mocha.Context) {
    if (this.currentTest?.state !== 'failed') return;
    for (const operator of runningOperators()) {
      const lines = operator.logs.slice(-SHOWN_LINES).map((line) => `      ${JSON.stringify(line)}`);
      console.log(`    log of ${operator.name}:\n${lines.join('\n')}`);
    }
  },

  async afterAll(this: Mocha.Context) {
    this.timeout(60_000);
    for (const operator of runningOperators()) await operator.kill('SIGKILL');
    await endLeftovers();
    await sharedCluster().stop();
    shareCluster(undefined);
  },
};
