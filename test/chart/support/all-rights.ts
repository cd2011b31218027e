/** A life of two replicas in which every right of theirs is needed. */
import { expect } from 'chai';
import { eventually } from '../../integration/support/eventually.ts';
import type { Namespace } from '../../integration/support/namespace.ts';
import type { OperatorProcess } from '../../integration/support/operator-process.ts';
import { freshAddresses, type PodHandle } from '../../integration/support/pod.ts';
import { createPolicy } from '../../integration/support/policy.ts';
import { HOLDS } from '../../integration/support/replicas.ts';
import type { FaultHttpProxy } from '../../support/fault-http-proxy.ts';

/** Somebody else was first, says a proxy, and the operator looks for itself. */
const CONFLICT = { times: 1, answer: { status: 409 } } as const;

export interface Replicas {
  readonly holder: OperatorProcess;
  readonly standby: OperatorProcess;
}

export async function useAllRights(ns: Namespace, proxy: FaultHttpProxy, replicas: Replicas): Promise<void> {
  await replicas.holder.waitForLog(({ message }) => message === HOLDS);
  // services: get after a conflict, create.
  proxy.addRule({ method: 'POST', path: /\/services$/, ...CONFLICT });
  await tellTwice(ns);
  await moveAndDelete(ns, proxy);
  await dualStackAndBack(ns);
  await policy(ns, proxy);
  await fallBackOnStandby(ns, replicas);
}

/** services: patch, delete; endpointslices: update, get after a conflict. */
async function moveAndDelete(ns: Namespace, proxy: FaultHttpProxy): Promise<void> {
  const [first] = await ns.createPods('web', 2);
  await ns.leads('web-leader', 'web-0');
  await eventually(async () => {
    const { annotations = {} } = (await ns.service('web-leader'))!.metadata;
    expect(annotations['zen-lead.io/leader-pod-name']).to.equal('web-0');
  });
  proxy.addRule({ method: 'PUT', path: /endpointslices/, ...CONFLICT });
  await first!.setReady(false);
  await ns.leads('web-leader', 'web-1');
  await ns.annotate('web', { enabled: null });
  await eventually(async () => {
    expect(await ns.service('web-leader')).to.equal(undefined);
  });
}

/** endpointslices: delete, where a family goes. */
async function dualStackAndBack(ns: Namespace): Promise<void> {
  await ns.createService('dual', { spec: { ipFamilyPolicy: 'RequireDualStack' } });
  await ns.createPod('dual-0', { ips: freshAddresses() });
  await ns.leads('dual-leader', 'dual-0');
  await eventually(async () => {
    expect(await ns.slice('dual-leader', 'IPv6')).to.not.equal(undefined);
  });
  await ns.patchService('dual', { spec: { ipFamilyPolicy: 'SingleStack' } });
  await eventually(async () => {
    expect(await ns.slice('dual-leader', 'IPv6')).to.equal(undefined);
  });
}

/** events: create, and patch where the same state comes back. */
async function tellTwice(ns: Namespace): Promise<void> {
  const series = async (): Promise<number> =>
    (await ns.eventsOf('web', 'InvalidAnnotation'))[0]?.series?.count ?? 1;
  await ns.createService('web', { annotations: { sticky: 'maybe' } });
  expect(await series()).to.equal(1);
  await ns.annotate('web', { sticky: null });
  await eventually(async () => {
    expect(await ns.service('web-leader')).to.not.equal(undefined);
  });
  await ns.annotate('web', { sticky: 'maybe' });
  await eventually(async () => {
    expect(await series()).to.equal(2);
  });
  await ns.annotate('web', { sticky: null });
}

/** leaderpolicies: list, watch, get after a conflict; their status: patch. */
async function policy(ns: Namespace, proxy: FaultHttpProxy): Promise<void> {
  proxy.addRule({ method: 'PATCH', path: /\/leaderpolicies\/.*\/status/, ...CONFLICT });
  await ns.createService('db', { annotations: false });
  await ns.createPods('db', 2);
  const db = await createPolicy(ns, 'db');
  await db.isLedBy('db-0');
}

/** pods: get, by the second in rank before it acts. leases: all along. */
async function fallBackOnStandby(ns: Namespace, { holder }: Replicas): Promise<void> {
  const pods: PodHandle[] = await ns.createPods('cache', 2);
  await ns.createService('cache');
  await ns.leads('cache-leader', 'cache-0');
  await holder.freeze();
  try {
    await pods[0]!.setReady(false);
    await ns.leads('cache-leader', 'cache-1');
  } finally {
    holder.signal('SIGCONT');
  }
}
