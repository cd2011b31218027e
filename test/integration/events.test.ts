import { expect } from 'chai';
import { WARNING_REASONS, type EventReason } from '../../src/api/reasons.ts';
import { eventually } from './support/eventually.ts';
import type { Namespace } from './support/namespace.ts';
import { withOperator } from './support/with-operator.ts';

interface Case {
  /** What happens, to the Service `name`. */
  arrange: (ns: Namespace, name: string) => Promise<unknown>;
  /** What the Event says: what is wrong and what to do. */
  note: RegExp;
}

/** Only with a LeaderPolicy: the tests of policies have them. */
type OfPolicies = 'InvalidPolicy' | 'AnnotationIgnored' | 'AmbiguousLeader';

/** Each reason of annotation mode, and one way to get there. */
const CASES: Record<Exclude<EventReason, OfPolicies>, Case> = {
  LeaderServiceCreated: {
    arrange: (ns, name) => ns.createService(name),
    note: /^created leader Service \S+-leader$/,
  },
  LeaderElected: {
    arrange: async (ns, name) => {
      await ns.createService(name);
      await ns.createPods(name, 1);
    },
    note: /^pod \S+-0 leads$/,
  },
  LeaderChanged: {
    arrange: async (ns, name) => {
      await ns.createService(name);
      const [pod] = await ns.createPods(name, 2);
      await ns.leads(`${name}-leader`, `${name}-0`);
      await pod!.setReady(false);
    },
    note: /^pod \S+-1 leads instead of \S+-0: \S+-0 is not Ready$/,
  },
  SwitchoverCompleted: {
    arrange: async (ns, name) => {
      await ns.createPods(name, 2);
      await ns.createService(name);
      await ns.leads(`${name}-leader`, `${name}-0`);
      await ns.annotate(name, { 'switchover-to': `${name}-1` });
    },
    note: /^pod \S+-1 leads as asked for$/,
  },
  LeaderServiceDeleted: {
    arrange: async (ns, name) => {
      await ns.createService(name);
      await ns.eventsOf(name, 'LeaderServiceCreated');
      await ns.annotate(name, { enabled: null });
    },
    note: /^deleted leader Service \S+-leader$/,
  },
  NoReadyPods: {
    arrange: async (ns, name) => {
      await ns.createPods(name, 1, { ready: false });
      await ns.createService(name);
    },
    note: /^no pod may lead: \S+-0 is not Ready; the leader Service has no endpoint$/,
  },
  NoPodsFound: {
    arrange: (ns, name) => ns.createService(name),
    note: /^no pod matches the selector; the leader Service has no endpoint$/,
  },
  PortResolutionFailed: {
    arrange: async (ns, name) => {
      await ns.createPods(name, 1);
      await ns.createService(name, { ports: [{ name: 'web', port: 80, targetPort: 'http' }] });
    },
    note: /^port web: targetPort "http"\/TCP is not a container port of pod \S+-0 \(it has db\/TCP\); the leader Service has no endpoint/,
  },
  InvalidService: {
    arrange: (ns, name) => ns.createService(name, { spec: { selector: null } }),
    note: /^Service \S+ has no selector, so it has no pods to lead to; give it spec\.selector$/,
  },
  InvalidAnnotation: {
    arrange: (ns, name) => ns.createService(name, { annotations: { 'min-ready-duration': 'soon' } }),
    note: /^annotation zen-lead\.io\/min-ready-duration: "soon" is not accepted; accepted is a duration such as 5s/,
  },
  NameConflict: {
    arrange: async (ns, name) => {
      await ns.createService(`${name}-leader`, { annotations: false });
      await ns.createService(name);
    },
    note: /^Service "\S+-leader" exists and is not managed by zen-lead.*set annotation zen-lead\.io\/leader-service-name to a free name$/,
  },
  ForeignEndpoints: {
    arrange: async (ns, name) => {
      await ns.createService(name);
      await ns.createSlice({
        metadata: { name: `${name}-x`, labels: { 'kubernetes.io/service-name': `${name}-leader` } },
        addressType: 'IPv4',
        endpoints: [],
        ports: [],
      });
    },
    note: /^EndpointSlice "\S+-x" also feeds leader Service \S+-leader.*delete it or its label kubernetes\.io\/service-name$/,
  },
  SwitchoverFailed: {
    arrange: async (ns, name) => {
      await ns.createPods(name, 1);
      await ns.createService(name, { annotations: { 'switchover-to': 'elsewhere' } });
    },
    note: /^switchover to elsewhere failed, the leader stays: NotFound: no pod elsewhere matches the selector$/,
  },
  ReconcileFailed: {
    // The API server refuses the leader Service: the namespace's quota is used up.
    arrange: async (ns, name) => {
      const api = ns.cluster.api;
      const quota = `/api/v1/namespaces/${ns.name}/resourcequotas`;
      await ns.createService(name, { annotations: false });
      const { items } = await api.call<{ items: unknown[] }>('GET', ns.path('services'));
      const body = { metadata: { name: 'full' }, spec: { hard: { services: String(items.length) } } };
      await api.call('POST', quota, { body });
      await eventually(async () => {
        const { status } = await api.call<{ status: { used?: object } }>('GET', `${quota}/full`);
        expect(status.used).to.deep.equal({ services: String(items.length) });
      });
      await ns.annotate(name, { enabled: 'true' });
    },
    note: /^cannot create services \S+-leader: 403 Forbidden: .*exceeded quota: full.*; it is tried again$/,
  },
};

describe('an Event', () => {
  const stage = withOperator('events');

  for (const [reason, { arrange, note }] of Object.entries(CASES)) {
    const name = reason.toLowerCase();

    it(`with reason ${reason} is on the Service and says what is the matter`, async () => {
      const { ns } = stage;
      await arrange(ns, name);
      const events = await ns.eventsOf(name, reason);
      expect(events.map((event) => event.note)).to.have.length(1);
      const [event] = events;
      expect(event?.note).to.match(note);
      const warns = WARNING_REASONS.some((warning) => warning === reason);
      expect(event?.type).to.equal(warns ? 'Warning' : 'Normal');
      expect(event?.reportingController).to.equal('zen-lead.io/operator');
      const { uid } = (await ns.service(name))!.metadata;
      expect(event?.regarding).to.deep.include({ kind: 'Service', name, namespace: ns.name, uid });
    });
  }
});
