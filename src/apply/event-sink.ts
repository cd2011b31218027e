/** Events through events.k8s.io/v1 (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/). */
import { createHash } from 'node:crypto';
import { ApiError, isStatus } from '../errors.ts';
import type { KubeClient } from '../kube/client.ts';
import { keyOf, REPORTING_CONTROLLER } from '../names.ts';
import { microTime } from '../plan/memory.ts';
import type { PlanEvent } from '../plan/types.ts';
import { collectionPath, objectPath } from './resources.ts';

export interface EventSinkOptions {
  readonly client: Pick<KubeClient, 'call'>;
  /** Name of this process: the pod's name. */
  readonly instance: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** As client-go's spam filter: so many Events of one object at once, then one in so many milliseconds. */
const BURST = 25;
const REFILL_MS = 60_000;
const MAX_REMEMBERED = 2_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * The name of an Event comes from what it says (its object's UID, reason, note and id): an Event that is told a second
 * time, by a restarted operator, is refused by the API server as already there. A state that begins again in the life of
 * this process counts up the series of its Event instead.
 */
export class EventSink {
  readonly #options: EventSinkOptions;
  readonly #counts = new Map<string, number>();
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: EventSinkOptions) {
    this.#options = options;
  }

  /** @throws what the client throws; an Event that is there already, or whose namespace is going, is no error */
  async tell(event: PlanEvent): Promise<void> {
    const { namespace } = event.about;
    const name = eventName(event);
    const told = this.#counts.get(keyOf(namespace, name)) ?? 0;
    if (event.id !== undefined && told > 0) return; // a happening with an identity happens once
    const bucket = this.#bucketOf(event.about.uid);
    if (bucket.tokens === 0) return;
    bucket.tokens -= 1; // before the call, as others may be told meanwhile
    try {
      if (told === 0) await this.#create(name, event);
      else await this.#countUp(name, event, told + 1);
    } catch (error) {
      if (error instanceof ApiError && error.causes.includes('NamespaceTerminating')) return;
      if (!isStatus(error, 409)) {
        // What was not written costs nothing: else its retries use up the tokens, and it counts as told.
        bucket.tokens = Math.min(BURST, bucket.tokens + 1);
        throw error;
      }
    }
    this.#remember(keyOf(namespace, name), told + 1);
  }

  async #create(name: string, event: PlanEvent): Promise<void> {
    const { client, instance, now } = this.#options;
    const path = collectionPath('events', event.about.namespace);
    await client.call({
      verb: 'create',
      resource: 'events',
      path,
      body: eventBody(name, event, instance, now()),
    });
  }

  /** The Event may have run out meanwhile (an hour by the API server's default). */
  async #countUp(name: string, event: PlanEvent, count: number): Promise<void> {
    const { client, now } = this.#options;
    const path = objectPath('events', keyOf(event.about.namespace, name));
    const body = { series: { count, lastObservedTime: microTime(now()) } };
    const contentType = 'application/merge-patch+json';
    try {
      await client.call({ verb: 'patch', resource: 'events', path, contentType, body });
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      await this.#create(name, event);
    }
  }

  #bucketOf(uid: string): Bucket {
    const now = this.#options.now();
    const bucket = this.#buckets.get(uid) ?? { tokens: BURST, at: now };
    bucket.at = Math.min(bucket.at, now); // a clock that was set back would refill nothing until it has caught up
    const refilled = Math.floor((now - bucket.at) / REFILL_MS);
    if (refilled > 0) {
      bucket.tokens = Math.min(BURST, bucket.tokens + refilled);
      bucket.at += refilled * REFILL_MS;
    }
    this.#buckets.delete(uid);
    this.#buckets.set(uid, bucket);
    forgetOldest(this.#buckets);
    return bucket;
  }

  #remember(key: string, count: number): void {
    this.#counts.delete(key);
    this.#counts.set(key, count);
    forgetOldest(this.#counts);
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= MAX_REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}

/** An object name has at most 253 characters, and so may a LeaderPolicy's. */
const MAX_NAME_PART = 253 - 17;

export function eventName({ about, reason, note, id }: PlanEvent): string {
  // A happening with an identity is the same one whatever its note says: after a crash the reason is not known any more.
  const said = id === undefined ? [about.uid, reason, note] : [about.uid, id];
  const part = about.name.slice(0, MAX_NAME_PART).replace(/[-.]+$/, '');
  return `${part}.${createHash('sha256').update(said.join('\n')).digest('hex').slice(0, 16)}`;
}

function eventBody(name: string, event: PlanEvent, instance: string, now: number): Record<string, unknown> {
  const { about, pod } = event;
  const { apiVersion, kind, namespace, name: object, uid } = about;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name, namespace },
    eventTime: microTime(now),
    type: event.type,
    reason: event.reason,
    note: event.note,
    action: ACTION[event.reason] ?? 'Reconcile',
    reportingController: REPORTING_CONTROLLER,
    reportingInstance: instance,
    regarding: { apiVersion, kind, namespace, name: object, uid },
    ...(pod === undefined ? {} : { related: { apiVersion: 'v1', kind: 'Pod', namespace, ...pod } }),
  };
}

/** What was done, in the words of the API: machine readable, UpperCamelCase. */
const ACTION: Readonly<Partial<Record<PlanEvent['reason'], string>>> = {
  LeaderElected: 'Elect',
  LeaderChanged: 'Failover',
  SwitchoverCompleted: 'Switchover',
  SwitchoverFailed: 'Switchover',
  LeaderServiceCreated: 'Create',
  LeaderServiceDeleted: 'Delete',
  NoReadyPods: 'Withdraw',
  NoPodsFound: 'Withdraw',
  PortResolutionFailed: 'Withdraw',
  AmbiguousLeader: 'Withdraw',
};
