/** One scope, a namespace or all of them: its reflectors, and the view that they keep up to date. */
import type { KubeObject } from './api/objects.ts';
import { systemClock } from './clock.ts';
import type { KubeClient } from './kube/client.ts';
import type { Logger } from './logger.ts';
import { KCM_SLICE_MANAGER, LABEL } from './names.ts';
import type { WorkQueue } from './queue/workqueue.ts';
import type { Check } from './telemetry/http-server.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { ClusterView } from './watch/cluster-view.ts';
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
}

/** What is watched. */
interface Kind<T extends KubeObject> {
  readonly resource: string;
  /** Where a resource is watched twice. */
  readonly name?: string;
  readonly api: string;
  readonly project: (raw: unknown) => T;
  readonly labelSelector?: string;
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

interface Watch {
  readonly name: string;
  readonly resource: string;
  readonly reflector: Pick<
    Reflector<KubeObject>,
    'start' | 'synced' | 'alive' | 'lastError' | 'lastActivityAt'
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
      services: this.#reflect(SERVICES),
      pods: this.#reflect(PODS),
      slices: this.#reflect(OTHER_SLICES),
      kcmSlices: this.#reflect(KCM_SLICES),
    };
    this.view = new ClusterView(stores, (key, touch) => {
      // Half-filled caches would take a leader for gone.
      if (this.#synced) options.queue.add(key, touch);
    });
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
    return this.#watches.map(({ resource, reflector }) => ({ resource, at: reflector.lastActivityAt }));
  }

  #reflect<T extends KubeObject>(kind: Kind<T>): Store<T> {
    const { namespace, client, log, metrics } = this.#options;
    const { resource, api, project, labelSelector } = kind;
    const store = new Store<T>(systemClock.now);
    const path =
      namespace === undefined ? `${api}/${resource}` : `${api}/namespaces/${namespace}/${resource}`;
    const reflector = new Reflector<T>({
      client,
      resource,
      path,
      project,
      store,
      log,
      ...(labelSelector === undefined ? {} : { labelSelector }),
      onRestart: (reason) => {
        metrics.countWatchRestart(resource, reason);
      },
      onSynced: () => {
        this.#listed();
      },
    });
    this.#watches.push({ name: kind.name ?? resource, resource, reflector });
    return store;
  }

  /** The scope begins to work when all of its caches are filled. */
  #listed(): void {
    if (this.#synced || !this.#watches.every(({ reflector }) => reflector.synced)) return;
    this.#synced = true;
    const { log, namespace, queue } = this.#options;
    const { services, pods } = this.view.stores;
    log.info('caches are filled', {
      namespace: namespace ?? 'all',
      services: services.size,
      pods: pods.size,
    });
    for (const key of this.view.keys()) queue.add(key);
  }
}
