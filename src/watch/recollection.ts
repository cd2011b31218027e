import type { LeaderPolicyHistoryEntry } from '../api/leader-policy.ts';
import type { Pod } from '../api/objects.ts';
import type { Memory } from '../plan/types.ts';

/** What was published under the key of a leader Service, and its changes, newest first. */
export interface Remembered {
  readonly memory: Memory;
  readonly history?: readonly LeaderPolicyHistoryEntry[];
}

/** What only this process knows; the caches hold the rest. */
export class Recollection {
  /** Survives the slice. */
  readonly #memories = new Map<string, Remembered>();
  /** Pod UID → since when its Ready condition, which has no time of its own, has been seen. */
  readonly #firstSeen = new Map<string, { readonly ready: boolean; readonly at: number }>();

  get(key: string): Remembered | undefined {
    return this.#memories.get(key);
  }

  /** undefined forgets. */
  set(key: string, remembered: Remembered | undefined): void {
    if (remembered === undefined) this.#memories.delete(key);
    else this.#memories.set(key, remembered);
  }

  /** A Ready condition without a time counts as first seen. `now` in epoch milliseconds. */
  timed(pod: Pod, now: number): Pod {
    if (pod.readyChangedAt !== undefined) return pod;
    let seen = this.#firstSeen.get(pod.uid);
    if (seen?.ready !== pod.ready) {
      seen = { ready: pod.ready, at: now };
      this.#firstSeen.set(pod.uid, seen);
    }
    return { ...pod, readyChangedAt: seen.at };
  }

  podGone(uid: string): void {
    this.#firstSeen.delete(uid);
  }
}
