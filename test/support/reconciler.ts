import type { EndpointSlice } from '../../src/api/objects.ts';
import type { Applied } from '../../src/apply/apply-writes.ts';
import type { Report } from '../../src/apply/reporter.ts';
import type { LogFields } from '../../src/logger.ts';
import { keyOf } from '../../src/names.ts';
import type { Write } from '../../src/plan/types.ts';
import type { WorkItem } from '../../src/queue/workqueue.ts';
import { Rank } from '../../src/replicas/rank.ts';
import { Reconciler } from '../../src/reconciler.ts';
import { projectEndpointSlice, projectService } from '../../src/watch/projections.ts';
import { NOW } from './builders.ts';
import { ViewUnderTest } from './view.ts';

export const KEY = 'shop/web-leader';

/** A reconciler over a real view; the API server does what it is told, but for the endings that are given. */
export class ReconcilerUnderTest {
  readonly world = new ViewUnderTest();
  /** What the next applies end with, after so many writes; then all writes go through. */
  readonly endings: Applied[] = [];
  /** Kinds of the writes of each apply. */
  readonly applied: string[][] = [];
  readonly reports: Report[] = [];
  readonly queue: unknown[][] = [];
  readonly metrics: unknown[][] = [];
  readonly lines: [level: string, message: string, fields: LogFields][] = [];
  readonly forgotten: string[] = [];
  /** What was read at the API server, one list for each look. */
  readonly looks: string[][] = [];
  /** What the caches learn by a look. */
  looking = (): Promise<void> => Promise.resolve();
  /** This replica holds the Lease, or is the only one. */
  isFirst = true;
  /** It tells users of what lasts; as `isFirst` unless given. */
  tells: boolean | undefined;
  /** What happens while the next writes are under way. */
  meanwhile: (() => void) | undefined;
  monotonic = 1_000;
  now = NOW;
  readonly reconciler: Reconciler;
  #serial = 5_000;

  constructor() {
    const line =
      (level: string) =>
      (message: string, fields: LogFields = {}) => {
        this.lines.push([level, message, fields]);
      };
    const note =
      (list: unknown[][], name: string) =>
      (...args: unknown[]): void => {
        list.push([name, ...args]);
      };
    this.reconciler = new Reconciler({
      viewOf: (key) => (key.startsWith('shop/') ? this.world.view : undefined),
      applier: { apply: (namespace, writes) => Promise.resolve(this.#apply(namespace, writes)) },
      live: {
        look: (_namespace, objects) => {
          this.looks.push([...objects]);
          return this.looking();
        },
      },
      rank: new Rank({
        isFirst: () => this.isFirst,
        tells: () => this.tells ?? this.isFirst,
        monotonic: () => this.monotonic,
      }),
      reporter: {
        submit: (_key, report) => this.reports.push(report),
        forget: (key) => this.forgotten.push(key),
      },
      queue: {
        retry: note(this.queue, 'retry'),
        forget: note(this.queue, 'forget'),
        addAfter: note(this.queue, 'addAfter'),
      },
      metrics: {
        observeReconcile: note(this.metrics, 'reconcile'),
        countReconcileError: note(this.metrics, 'error'),
        observeFailover: note(this.metrics, 'failover'),
        countPortResolutionFailure: note(this.metrics, 'port'),
        countSticky: note(this.metrics, 'sticky'),
      },
      log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
      now: () => this.now,
      monotonic: () => this.monotonic,
    });
  }

  async reconcile(item: Partial<WorkItem> = {}): Promise<this> {
    await this.reconciler.reconcile({ key: KEY, urgent: false, receivedAt: undefined, queuedMs: 0, ...item });
    return this;
  }

  /** Forgets what has been seen so far. */
  quiet(): this {
    const { applied, reports, queue, metrics, lines, forgotten, looks } = this;
    for (const list of [applied, reports, queue, metrics, lines, forgotten, looks]) list.length = 0;
    return this;
  }

  /** What was measured under that name, without the name. */
  measured(name: string): unknown[][] {
    return this.metrics.filter(([metric]) => metric === name).map(([, ...values]) => values);
  }

  /** Reasons of the states of the last report. */
  get states(): string[] {
    return this.reports.at(-1)?.states?.map(({ reason }) => reason) ?? [];
  }

  /** A slice as another replica has just written it. */
  elsewhere(slice: EndpointSlice): void {
    this.#serial += 1;
    this.world.stores.slices.upsert({ ...slice, resourceVersion: String(this.#serial) });
  }

  #apply(namespace: string, writes: readonly Write[]): Applied {
    this.applied.push(writes.map(({ kind }) => kind));
    this.meanwhile?.();
    this.meanwhile = undefined;
    const ending = this.endings.shift() ?? { kind: 'done', written: writes.length };
    for (const write of writes.slice(0, ending.written)) this.#write(namespace, write);
    return ending;
  }

  #write(namespace: string, write: Write): void {
    const { services, slices } = this.world.stores;
    const key = keyOf(namespace, write.name);
    this.#serial += 1;
    const raw = (body: object): unknown => {
      const { metadata } = body as { metadata: object };
      const identity = { uid: `uid-${write.name}`, creationTimestamp: '2026-03-01T11:00:00Z' };
      return { ...body, metadata: { ...identity, ...metadata, resourceVersion: String(this.#serial) } };
    };
    switch (write.kind) {
      case 'putSlice':
      case 'createSlice':
        slices.upsert(projectEndpointSlice(raw(write.body)));
        break;
      case 'createService':
        services.upsert(projectService(raw(write.body)));
        break;
      case 'deleteService':
        services.remove(key);
        break;
      case 'deleteSlice':
        slices.remove(key);
        break;
      case 'patchService':
        throw new Error('expected no patch to go through in these tests');
    }
  }
}
