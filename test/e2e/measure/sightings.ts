/** What was seen while a failover was measured. All times: CLOCK_MONOTONIC, milliseconds. */

export interface PodSighting {
  readonly what: 'pod';
  /** When the watch event arrived. */
  readonly at: number;
  readonly name: string;
  readonly uid: string;
  readonly ip: string | undefined;
  /** Ready, not terminating and still there: the API server's word. */
  readonly fit: boolean;
}

export interface SliceSighting {
  /** `leader`: of the leader Service. `source`: kube-controller-manager's own, of the source Service. */
  readonly what: 'leader' | 'source';
  readonly at: number;
  /** etcd counts the writes of all resources with one counter. */
  readonly resourceVersion: number;
  /** UIDs of the pods whose endpoints are ready. */
  readonly ready: readonly string[];
  readonly addresses: readonly string[];
}

export interface RulesSighting {
  readonly what: 'rules';
  /** When the line of the kernel's notification arrived. */
  readonly at: number;
  /** The only address to which the leader Service leads since. */
  readonly address: string;
}

export type Sighting = PodSighting | SliceSighting | RulesSighting;
