import { expect } from 'chai';
import { eventually } from '../integration/support/eventually.ts';
import { installCrd } from '../integration/support/crd.ts';
import { endAtLast } from '../integration/support/leftovers.ts';
import { namespace, type Namespace } from '../integration/support/namespace.ts';
import { sharedCluster } from '../integration/support/shared.ts';
import { FaultHttpProxy } from '../support/fault-http-proxy.ts';
import { useAllRights } from './support/all-rights.ts';
import { helmOn, startReplica, uninstall } from './support/install.ts';
import { grantedTo, refusedTo, usedBy } from './support/rights.ts';

/** Name of the namespace that it works in, by that of the release and that of another one. */
const SCOPES: Record<string, { values: (other: string) => object; works: 'own' | 'other' }> = {
  "of the release's namespace": { values: () => ({}), works: 'own' },
  'of a list of namespaces': { values: (other) => ({ namespaces: [other] }), works: 'other' },
  'of the cluster': { values: () => ({ scope: 'cluster' }), works: 'other' },
};

describe('the rights that the chart grants are those that two replicas need and use', function () {
  this.timeout(60_000);

  before(async () => {
    await installCrd();
  });

  for (const [scope, { values, works }] of Object.entries(SCOPES)) {
    it(`in the scope ${scope}`, async () => {
      const cluster = sharedCluster();
      const [own, other] = await Promise.all([namespace('own'), namespace('works')]);
      const release = { name: 'zen-lead', namespace: own.name };
      await helmOn(cluster, 'install', release, JSON.stringify(values(other.name)));
      const { position } = await cluster.auditEvents();
      await live(works === 'own' ? own : other, own);

      const { events } = await cluster.auditEvents(position);
      const user = `system:serviceaccount:${own.name}:zen-lead`;
      const granted = await grantedTo(cluster, release);
      expect(refusedTo(events, user)).to.deep.equal([]);
      expect(usedBy(events, granted, user)).to.deep.equal(granted);
      expect(wild(granted)).to.deep.equal([]);
      await uninstall(cluster, release);
    });
  }

  async function live(ns: Namespace, own: Namespace): Promise<void> {
    const release = { name: 'zen-lead', namespace: own.name };
    const proxy = await FaultHttpProxy.start(ns.cluster);
    endAtLast(() => proxy.stop());
    const start = async () => (await startReplica(ns.cluster, release, { server: proxy.url })).ready();
    const holder = await start();
    const standby = await start();
    await useAllRights(ns, proxy, { holder, standby });
    await Promise.all([holder.stop(), standby.stop()]);
    await leaseIsFree(own);
  }
});

/** What it must never have, whatever it may need one day. */
function wild(granted: readonly string[]): string[] {
  return granted.filter((one) => /\*|secrets|(create|update|patch|delete) core\/pods/.test(one));
}

async function leaseIsFree(ns: Namespace): Promise<void> {
  await eventually(async () => {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${ns.name}/leases/zen-lead`;
    const { spec } = await ns.cluster.api.call<{ spec: { holderIdentity: string } }>('GET', path);
    expect(spec.holderIdentity).to.equal('');
  });
}
