/** The last file after all integration tests: what they have used is what the chart grants. */
import { expect } from 'chai';
import { OPERATOR } from '../../integration/support/rbac.ts';
import { sharedCluster } from '../../integration/support/shared.ts';
import { grantedTo, usedBy } from '../support/rights.ts';
import { RELEASE } from './hooks.ts';

describe('all integration tests, with the rights of the chart', () => {
  it('have used every right, and no other', async function () {
    this.timeout(60_000);
    const { events } = await sharedCluster().auditEvents();
    const granted = await grantedTo(sharedCluster(), RELEASE);
    // The tests of replicas keep their Leases in namespaces of their own.
    const atHome = events.map((event) =>
      event.objectRef?.resource === 'leases'
        ? { ...event, objectRef: { ...event.objectRef, namespace: RELEASE.namespace } }
        : event,
    );
    expect(usedBy(atHome, granted, OPERATOR.user)).to.deep.equal(granted);
  });
});
