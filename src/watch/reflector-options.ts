import type { KubeObject } from '../api/objects.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Logger } from '../logger.ts';
import type { Clock } from '../clock.ts';
import type { RestartReason } from './failure.ts';
import type { Store } from './store.ts';

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: Pick<KubeClient, 'call' | 'stream' | 'server'>;
  /** Plural. */
  readonly resource: string;
  /** What to list and watch, for instance /api/v1/namespaces/shop/pods. */
  readonly path: string;
  readonly labelSelector?: string;
  /** A custom resource that may not be installed, or not be granted: see Absence. */
  readonly optional?: boolean;
  /** Throws for an object that cannot be understood, which is then skipped. */
  readonly project: (raw: unknown) => T;
  /** Fed by this reflector alone, but for the API server's answers to our own writes. */
  readonly store: Store<T>;
  readonly log: Logger;
  readonly clock?: Pick<Clock, 'now' | 'after'>;
  /** Uniform in [0, 1), for the jitter. */
  readonly random?: () => number;
  /** Once, when the store holds a whole list for the first time. */
  readonly onSynced?: () => void;
  /** Each time that `known` becomes true. */
  readonly onKnown?: () => void;
  readonly onRestart?: (reason: RestartReason) => void;
  /** Every event of a watch, bookmarks included. */
  readonly onEvent?: () => void;
  readonly tuning?: Partial<ReflectorTuning>;
}

export interface ReflectorTuning {
  /** Objects on a page of a list: 250 pods of 14 KB stall the event loop for 30 ms. */
  readonly pageSize: number;
  /** The API server ends a watch cleanly after this time. */
  readonly watchSeconds: number;
  /**
   * A watch that has not ended by then is dead, and so is a page of a list that has not come: neither bookmarks (one a
   * minute) nor TCP keepalive (a proxy in between answers it) tell a silent connection from a quiet one soon enough.
   */
  readonly silentMs: number;
  /** A watch that lasted so long, or brought an event, ends the back-off. */
  readonly healthyMs: number;
  /** `alive` is false when nothing has come for so long. */
  readonly aliveMs: number;
}

export const DEFAULT_TUNING: ReflectorTuning = {
  pageSize: 250,
  watchSeconds: 10,
  silentMs: 13_000,
  healthyMs: 1_000,
  aliveMs: 20_000,
};
