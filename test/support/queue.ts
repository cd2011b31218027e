import { WorkQueue } from '../../src/queue/workqueue.ts';
import type { WorkItem } from '../../src/queue/workqueue.ts';
import { FakeClock, settled } from './fake-clock.ts';

/** A queue on a fake clock whose handler waits until the test ends the work. */
export class QueueUnderTest {
  readonly clock = new FakeClock();
  /** Every call of the handler, in order. */
  readonly started: WorkItem[] = [];
  readonly errors: { key: string; error: unknown }[] = [];
  readonly queue: WorkQueue;
  readonly #running = new Map<string, PromiseWithResolvers<void>>();

  /** `random` 1 makes each back-off as long as it can be. */
  constructor(options: { concurrency?: number; random?: () => number } = {}) {
    this.queue = new WorkQueue({
      concurrency: options.concurrency ?? 4,
      clock: this.clock,
      random: options.random ?? (() => 1),
      onError: (key, error) => this.errors.push({ key, error }),
    });
  }

  get keys(): string[] {
    return this.started.map((item) => item.key);
  }

  run(): this {
    this.queue.run((item) => {
      if (this.#running.has(item.key)) throw new Error(`Expected one worker for ${item.key}, got two`);
      this.started.push(item);
      const work = Promise.withResolvers<undefined>();
      this.#running.set(item.key, work as PromiseWithResolvers<void>);
      return work.promise;
    });
    return this;
  }

  /** Ends the work on a key, with an error where one is given. */
  async end(key: string, error?: Error): Promise<void> {
    const work = this.#running.get(key);
    if (work === undefined) throw new Error(`Expected ${key} to be worked on`);
    this.#running.delete(key);
    if (error === undefined) work.resolve();
    else work.reject(error);
    await settled();
  }
}
