/** Between a plan and its writes: whose turn it is to write, and what has to be looked at before (invariant I9). */
import type { Applied, Applier } from '../apply/apply-writes.ts';
import type { LiveLook } from '../apply/live-look.ts';
import { basisOf, revisionOf } from '../plan/basis.ts';
import type { Input, Plan } from '../plan/types.ts';
import type { Rank } from './rank.ts';

/** 'looked': the caches have been compared with the API server instead of a write: plan again. */
export type Acted = Applied | { readonly kind: 'looked'; readonly written: 0 };

export interface Turn {
  readonly key: string;
  readonly input: Input;
  readonly planned: Plan;
  /** What has been looked at since the key was taken up; is added to. */
  readonly looked: Set<string>;
}

export interface RankedApplierOptions {
  readonly applier: Pick<Applier, 'apply'>;
  readonly live: Pick<LiveLook, 'look'>;
  readonly rank: Pick<Rank, 'waitMs' | 'mustLook' | 'settled' | 'written'>;
}

export class RankedApplier {
  readonly #options: RankedApplierOptions;

  constructor(options: RankedApplierOptions) {
    this.#options = options;
  }

  async act({ key, input, planned, looked }: Turn): Promise<Acted> {
    const { rank } = this.#options;
    const revision = revisionOf(input);
    if (planned.writes.length === 0) {
      rank.settled(key, revision);
      return { kind: 'done', written: 0 };
    }
    const inMs = rank.waitMs(key);
    if (inMs > 0) return { kind: 'outranked', inMs, written: 0 };
    // A look may bring another candidate, at whom nobody has looked yet.
    const unseen = rank.mustLook(key, revision)
      ? basisOf(input, planned).filter((object) => !looked.has(object))
      : [];
    if (unseen.length === 0) return await this.#apply({ key, input, planned, looked });
    try {
      await this.#options.live.look(input.namespace, unseen);
    } catch (error) {
      return { kind: 'failed', error, written: 0 };
    }
    for (const object of unseen) looked.add(object);
    return { kind: 'looked', written: 0 };
  }

  async #apply({ key, input, planned, looked }: Turn): Promise<Applied> {
    const { rank, applier } = this.#options;
    const applied = await applier.apply(input.namespace, planned.writes);
    const isOver = applied.kind === 'done' && !planned.again;
    if (isOver || applied.kind === 'conflict') rank.written(key);
    // Who was first knows something that this replica may not know.
    if (applied.kind === 'conflict') looked.clear();
    return applied;
  }
}
