/** One scope, a namespace or all of them: its reflectors, and the view that they keep up to date. */
import type { KubeObject } from './api/objects.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { KubeClient } from './kube/client.ts';
import type { Logger } from './logger.ts';
import { KCM_SLICE_MANAGER, LABEL, POLICY_API_VERSION } from './names.ts';
import type { WorkQueue } from './queue/workqueue.ts';
import type { Check } from './telemetry/http-server.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { ClusterView } from './watch/cluster-view.ts';
import { projectLeaderPolicy } from './watch/project-leader-policy.ts';
import { projectEndpointSlice, projectPod, projectService } from './watch/projections.ts';
import { Reflector } from './watch/reflector.ts';
import { Store } from './watch/store.ts';

export interface ScopeOptions {
  /** undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly client: Pick<KubeClient, 'call' | 'stream' | 'server'>;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'countWatchRestart'>;
  readonly queue: Pick<WorkQueue, 'add'>;
  readonly clock?: Pick<Clock, 'now' | 'after'>;
  /** Once, when it begins to work. */
  readonly onSynced?: () => void;
}

/** What is watched. */
interface Kind<T extends KubeObject> {
  readonly resource: string;
  /** Where a resource is watched twice. */
  readonly name?: string;
  readonly api: string;
  readonly project: (raw: unknown) => T;
  readonly labelSelector?: string;
  readonly optional?: boolean;
}

const SERVICES = { resource: 'services', api: '/api/v1', project: projectService };
const PODS = { resource: 'pods', api: '/api/v1', project: projectPod };
const SLICES = {
  resource: 'endpointslices',
  api: '/apis/discovery.k8s.io/v1',
  project: projectEndpointSlice,
};
/** Ours and strangers': those of kube-controller-manager are many, and none of our business, */
const OTHER_SLICES = { ...SLICES, labelSelector: `${LABEL.sliceManagedBy} notin (${KCM_SLICE_MANAGER})` };
/** but for those that it made for a leader Service, whose labels it copies. */
const KCM_SLICES = {
  ...SLICES,
  name: 'endpointslices-of-leader-services',
  labelSelector: `${LABEL.sliceManagedBy}=${KCM_SLICE_MANAGER},${LABEL.sourceService}`,
};
/** Only there where its CustomResourceDefinition is installed. */
const POLICIES = {
  resource: 'leaderpolicies',
  api: `/apis/${POLICY_API_VERSION}`,
  project: projectLeaderPolicy,
  optional: true,
};

interface Watch {
  readonly name: string;
  readonly resource: string;
  readonly reflector: Pick<
    Reflector<KubeObject>,
    'start' | 'synced' | 'away' | 'alive' | 'lastError' | 'lastActivityAt'
  >;
}

export class Scope {
  readonly view: ClusterView;
  readonly #options: ScopeOptions;
  readonly #watches: Watch[] = [];
  #synced = false;

  constructor(options: ScopeOptions) {
    this.#options = options;
    const stores = {
      services: this.#reflect(SERVICES).store,
      pods: this.#reflect(PODS).store,
      slices: this.#reflect(OTHER_SLICES).store,
      kcmSlices: this.#reflect(KCM_SLICES).store,
    };
    const policies = this.#reflect(POLICIES);
    this.view = new ClusterView(
      { ...stores, policies: policies.store },
      (key, touch) => {
        // Half-filled caches would take a leader for gone.
        if (this.#synced) options.queue.add(key, touch);
      },
      policies.reflector,
    );
  }

  covers(namespace: string): boolean {
    return this.#options.namespace === undefined || this.#options.namespace === namespace;
  }

  start(signal: AbortSignal): void {
    for (const { reflector } of this.#watches) void reflector.start(signal);
  }

  ready(now: number): Check[] {
    const where = this.#options.namespace === undefined ? '' : ` in namespace ${this.#options.namespace}`;
    return this.#watches.map(({ name, reflector }) => {
      const ok = reflector.synced && reflector.alive(now);
      const state = reflector.synced ? 'the watch is not alive' : 'not listed yet';
      return {
        name: `watch-${name}${where}`,
        ok,
        ...(ok
          ? {}
          : { message: reflector.lastError === undefined ? state : `${state}: ${reflector.lastError}` }),
      };
    });
  }

  /** Monotonic milliseconds at which each watch last brought anything; undefined: nothing yet. */
  lastHeard(): { resource: string; at: number | undefined }[] {
    const watched = this.#watches.filter(({ reflector }) => !(reflector.synced && reflector.away));
    return watched.map(({ resource, reflector }) => ({ resource, at: reflector.lastActivityAt }));
  }

  #reflect<T extends KubeObject>(kind: Kind<T>): { store: Store<T>; reflector: Reflector<T> } {
    const { namespace, client, log, metrics, clock = systemClock } = this.#options;
    const { resource, api, project, labelSelector, optional = false } = kind;
    const store = new Store<T>(() => clock.now());
    const path =
      namespace === undefined ? `${api}/${resource}` : `${api}/namespaces/${namespace}/${resource}`;
    const reflector = new Reflector<T>({
      client,
      resource,
      path,
      project,
      store,
      log,
      clock,
      ...(labelSelector === undefined ? {} : { labelSelector }),
      optional,
      onKnown: () => {
        // Those whose policy is not there are to go.
        if (this.#synced) for (const key of this.view.keysOfPolicies()) this.#options.queue.add(key);
      },
      onRestart: (reason) => {
        metrics.countWatchRestart(resource, reason);
      },
      onSynced: () => {
        this.#listed();
      },
    });
    this.#watches.push({ name: kind.name ?? resource, resource, reflector });
    return { store, reflector };
  }

  /** Plans every key; those that are as they should be cost no call. */
  visitAll(): void {
    if (this.#synced) for (const key of this.view.keys()) this.#options.queue.add(key);
  }

  /** The scope begins to work when all of its caches are filled. */
  #listed(): void {
    if (this.#synced || !this.#watches.every(({ reflector }) => reflector.synced)) return;
    this.#synced = true;
    const { log, namespace } = this.#options;
    const { services, pods } = this.view.stores;
    log.info('caches are filled', {
      namespace: namespace ?? 'all',
      services: services.size,
      pods: pods.size,
    });
    this.visitAll();
    this.#options.onSynced?.();
  }
}
