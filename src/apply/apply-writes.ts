/**
 * Executes the writes of a plan, in order. The first that fails ends it: what is left comes again with the next plan.
 * Knows nothing of caches: what the API server answers is handed to `onObject` and `onGone`.
 */
import { ApiError, isStatus } from '../errors.ts';
import type { Call, KubeClient } from '../kube/client.ts';
import { keyOf } from '../names.ts';
import type { Write } from '../plan/types.ts';
import { readInto } from './read-into.ts';
import { collectionPath, objectPath } from './resources.ts';

export type Written = 'services' | 'endpointslices';
/** What the API server answers with: of a policy, the status is written; pods are only ever read. */
export type Answered = Written | 'leaderpolicies' | 'pods';

/** Where the API server's answers go. */
export interface Answers {
  /** The resourceVersion that the cache has now; undefined: no such object. */
  versionOf(resource: Answered, key: string): string | undefined;
  /** An object as the API server has it now, raw. */
  onObject(resource: Answered, raw: unknown): void;
  /**
   * An object that was not there when the API server answered. `seen` is what `versionOf` said before it was asked: if the
   * cache has another version by now, the watch was faster and the object has been made again.
   */
  onGone(resource: Answered, key: string, seen: string | undefined): void;
}

export type Outcome =
  /** All writes are through. */
  | { readonly kind: 'done' }
  /** Somebody else was first; the fresh object was read: plan again at once. */
  | { readonly kind: 'conflict' }
  /** The namespace is being deleted: nothing can be made in it, and nothing has to be. */
  | { readonly kind: 'terminating' }
  /** Another replica goes first; this one is to look again after so many milliseconds. */
  | { readonly kind: 'outranked'; readonly inMs: number }
  /** Try again later. */
  | { readonly kind: 'failed'; readonly error: unknown };

export type Applied = Outcome & {
  /** So many writes are through, from the first on. */
  readonly written: number;
};

/** Label `result` of zen_lead_reconciliations_total. */
export const RESULTS = ['changed', 'unchanged', 'conflict', 'terminating', 'outranked', 'failed'] as const;

/** A frozen connection must not hold a failover for long; the API server answers a write in milliseconds. */
const WRITE_TIMEOUT_MS = 5_000;

export class Applier {
  readonly #client: Pick<KubeClient, 'call'>;
  readonly #answers: Answers;

  constructor(client: Pick<KubeClient, 'call'>, answers: Answers) {
    this.#client = client;
    this.#answers = answers;
  }

  async apply(namespace: string, writes: readonly Write[]): Promise<Applied> {
    for (const [written, write] of writes.entries()) {
      const outcome = await this.#one(namespace, write);
      if (outcome.kind !== 'done') return { ...outcome, written };
    }
    return { kind: 'done', written: writes.length };
  }

  async #one(namespace: string, write: Write): Promise<Outcome> {
    const resource = resourceOf(write);
    const key = keyOf(namespace, write.name);
    const seen = this.#answers.versionOf(resource, key);
    try {
      const answer = await this.#client.call(callOf(namespace, write));
      if (write.kind === 'deleteService' || write.kind === 'deleteSlice')
        this.#deleted(resource, key, seen, answer);
      else this.#answers.onObject(resource, answer);
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof ApiError && error.causes.includes('NamespaceTerminating'))
        return { kind: 'terminating' };
      if (!isStatus(error, 409) && !isStatus(error, 404)) return { kind: 'failed', error };
      return await this.#refresh(resource, key);
    }
  }

  /** A finalizer keeps a deleted object for a while: the API server then answers with it instead of a Status. */
  #deleted(resource: Written, key: string, seen: string | undefined, answer: unknown): void {
    const kind = (answer as { kind?: unknown } | null)?.kind;
    if (kind === 'Service' || kind === 'EndpointSlice') {
      const metadata = (answer as { metadata?: { finalizers?: unknown[] } }).metadata;
      if ((metadata?.finalizers?.length ?? 0) > 0) {
        this.#answers.onObject(resource, answer);
        return;
      }
    }
    this.#answers.onGone(resource, key, seen);
  }

  /** Reads an object that is not what the cache says. */
  async #refresh(resource: Written, key: string): Promise<Outcome> {
    try {
      await readInto(this.#answers, this.#client, { resource, key, timeoutMs: WRITE_TIMEOUT_MS });
      return { kind: 'conflict' };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }
}

function resourceOf(write: Write): Written {
  return write.kind.endsWith('Slice') ? 'endpointslices' : 'services';
}

function callOf(namespace: string, write: Write): Call {
  const resource = resourceOf(write);
  const path = objectPath(resource, keyOf(namespace, write.name));
  // A slice is the traffic: it never waits behind a report. Nor does the repair of a Service that has a leader: while it
  // waited for the rate limiter its key would be held, and the leader may be lost meanwhile.
  const urgent = resource === 'endpointslices' || write.kind === 'patchService';
  const common = { resource, path, urgent, timeoutMs: WRITE_TIMEOUT_MS };
  switch (write.kind) {
    case 'putSlice':
      return { ...common, verb: 'update', body: write.body };
    case 'createSlice':
    case 'createService':
      return { ...common, verb: 'create', path: collectionPath(resource, namespace), body: write.body };
    case 'patchService':
      return { ...common, verb: 'patch', contentType: 'application/merge-patch+json', body: write.patch };
    case 'deleteSlice':
    case 'deleteService':
      return { ...common, verb: 'delete', body: { preconditions: preconditionsOf(write) } };
  }
}

function preconditionsOf(write: Extract<Write, { uid: string }>): Record<string, string> {
  const { uid } = write;
  return 'resourceVersion' in write ? { uid, resourceVersion: write.resourceVersion } : { uid };
}
