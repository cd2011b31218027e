import { expect } from 'chai';
import { AuditTrail } from './support/audit.ts';
import { throughout } from './support/eventually.ts';
import type { Namespace } from './support/namespace.ts';
import type { PodHandle } from './support/pod.ts';
import { sideBySide } from './support/side-by-side.ts';
import { withOperator } from './support/with-operator.ts';

/** Ready.lastTransitionTime has whole seconds: what is said to be 3 s lasts 2 s at least, as seen from here. */
const SURE_MS = 800;

async function slicesWritten(trail: AuditTrail, ns: Namespace, app: string): Promise<string[]> {
  return trail.written({
    namespace: ns.name,
    resource: 'endpointslices',
    name: `${app}-leader-zen-lead-ipv4`,
  });
}

describe('the delays of annotations', () => {
  const stage = withOperator('delays');

  const led = async (app: string, delay: string): Promise<PodHandle[]> => {
    await stage.ns.createService(app, { annotations: { 'failover-min-delay': delay } });
    const pods = await stage.ns.createPods(app, 2);
    await stage.ns.leads(`${app}-leader`, `${app}-0`);
    return pods;
  };

  sideBySide({
    'min-ready-duration holds a candidate back, which is then elected by the timer alone': async () => {
      const { ns } = stage;
      // The Event tells what is so when the outage begins: the pod must be Ready before the Service is there.
      await ns.createPod('slow-0');
      await ns.createService('slow', { annotations: { 'min-ready-duration': '5s' } });
      await ns.leads('slow-leader', null);
      await ns.eventSaying('slow', 'NoReadyPods', 'slow-0 has been Ready for less than 5 s');
      await throughout(SURE_MS, async () => {
        expect(await ns.leaderOf('slow-leader')).to.equal(null);
      });
      await ns.leads('slow-leader', 'slow-0', 6_000);
    },

    'min-ready-duration prefers a pod that has been Ready long enough, and leaves the leader alone':
      async () => {
        const { ns } = stage;
        await ns.createPod('proven-0', { app: 'proven' });
        const veteran = await ns.createPod('proven-1', { app: 'proven', readyFor: 60 });
        await ns.createService('proven', { annotations: { 'min-ready-duration': '30s' } });
        await ns.leads('proven-leader', 'proven-1');
        await veteran.setReady(false);
        await ns.leads('proven-leader', null);
      },

    'failover-min-delay keeps a NotReady leader so long, then moves with one write': async () => {
      const { ns } = stage;
      const [first] = await led('patient', '3s');
      const trail = await AuditTrail.begin();
      await first!.setReady(false);
      await throughout(SURE_MS, async () => {
        expect(await ns.leaderOf('patient-leader')).to.equal('patient-0');
      });
      expect(await slicesWritten(trail, ns, 'patient')).to.deep.equal([]);
      await ns.leads('patient-leader', 'patient-1', 3_500);
      await ns.eventsOf('patient', 'LeaderChanged');
      expect(await slicesWritten(trail, ns, 'patient')).to.have.length(1);
    },

    'failover-min-delay writes nothing for a leader that is Ready again in time': async () => {
      const { ns } = stage;
      const [first] = await led('blip', '2s');
      await ns.eventsOf('blip', 'LeaderElected');
      const trail = await AuditTrail.begin();
      await first!.setReady(false);
      await throughout(300, async () => {
        expect(await ns.leaderOf('blip-leader')).to.equal('blip-0');
      });
      await first!.setReady(true);
      await throughout(2_000, async () => {
        expect(await ns.leaderOf('blip-leader')).to.equal('blip-0');
      });
      expect(await slicesWritten(trail, ns, 'blip')).to.deep.equal([]);
    },

    'failover-min-delay is over at once when the pod terminates, or was NotReady for longer already':
      async () => {
        const { ns } = stage;
        const [[ending], [stale]] = await Promise.all([led('ending', '1h'), led('stale', '1m')]);
        await ending!.setReady(false);
        await ending!.terminate();
        await ns.leads('ending-leader', 'ending-1', 2_000);
        await stale!.setReady(false, 61);
        await ns.leads('stale-leader', 'stale-1', 2_000);
      },
  });
});
