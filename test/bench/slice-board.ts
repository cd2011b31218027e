/**
 * What the bench's one watch of EndpointSlices has shown: who leads, whom kube-controller-manager has as ready, and when a
 * failover was first seen in each of the two slices.
 */
import { KCM_SLICE_MANAGER, LABEL, keyOf } from '../../src/names.ts';
import type { Side } from './workload.ts';

/** The first event that shows a failover. */
export interface Sighting {
  /** Monotonic milliseconds at which its chunk arrived, before it was parsed. */
  readonly at: number;
  /** etcd counts writes of all resources with one counter. */
  readonly resourceVersion: number;
}

export interface Failover {
  readonly side: Side;
  readonly namespace: string;
  readonly service: string;
  /** The leader that is lost. */
  readonly pod: string;
  /** When the answer to the patch of its status arrived, monotonic milliseconds. */
  answeredAt?: number;
  /** The leader slice names another pod. */
  leader?: Sighting;
  /** The pod is no longer ready in kube-controller-manager's own slice. */
  kcm?: Sighting;
}

export interface RawSlice {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly endpoints?:
    | readonly {
        readonly conditions?: { readonly ready?: boolean };
        readonly targetRef?: { readonly name?: string };
      }[]
    | null;
}

interface Subject {
  leader?: string;
  /** Ready in kube-controller-manager's slice. */
  ready: ReadonlySet<string>;
  awaited?: { failover: Failover; done: () => void };
  readyWaiter?: { pod: string; done: () => void };
}

export class SliceBoard {
  readonly #subjects = new Map<string, Subject>();
  /** Namespace → events of leader slices: each is one write that changed something. */
  readonly #writes = new Map<string, number>();

  take({ metadata, endpoints }: RawSlice, at: number): void {
    const { namespace, labels = {} } = metadata;
    const byKcm = labels[LABEL.sliceManagedBy] === KCM_SLICE_MANAGER;
    const service = labels[byKcm ? LABEL.serviceName : LABEL.sourceService];
    if (service === undefined) return;
    const subject = this.#subject(namespace, service);
    const sighting = { at, resourceVersion: Number(metadata.resourceVersion) };
    if (byKcm) {
      const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
      subject.ready = new Set(ready.flatMap(({ targetRef }) => targetRef?.name ?? []));
      this.#kcmChanged(subject, sighting);
    } else {
      this.#writes.set(namespace, this.writes(namespace) + 1);
      const leader = endpoints?.[0]?.targetRef?.name;
      if (leader === undefined) delete subject.leader;
      else subject.leader = leader;
      this.#leaderChanged(subject, sighting);
    }
  }

  leaderOf(namespace: string, service: string): string | undefined {
    return this.#subjects.get(keyOf(namespace, service))?.leader;
  }

  readyIn(namespace: string, service: string): number {
    return this.#subjects.get(keyOf(namespace, service))?.ready.size ?? 0;
  }

  /** Writes of leader slices so far. */
  writes(namespace: string): number {
    return this.#writes.get(namespace) ?? 0;
  }

  /** Fills in the failover as it is seen; resolves when both slices have shown it. Call before it is caused. */
  expect(failover: Failover): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#subject(failover.namespace, failover.service).awaited = {
      failover,
      done: () => {
        resolve(undefined);
      },
    };
    return promise;
  }

  /** Resolves when kube-controller-manager has the pod as ready. */
  async readyAgain(namespace: string, service: string, pod: string): Promise<void> {
    const subject = this.#subject(namespace, service);
    if (subject.ready.has(pod)) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    subject.readyWaiter = {
      pod,
      done: () => {
        resolve(undefined);
      },
    };
    await promise;
  }

  #kcmChanged(subject: Subject, sighting: Sighting): void {
    const { awaited, readyWaiter, ready } = subject;
    if (awaited !== undefined && !ready.has(awaited.failover.pod)) {
      awaited.failover.kcm ??= sighting;
      this.#settle(subject);
    }
    if (readyWaiter !== undefined && ready.has(readyWaiter.pod)) {
      delete subject.readyWaiter;
      readyWaiter.done();
    }
  }

  #leaderChanged(subject: Subject, sighting: Sighting): void {
    const { awaited, leader } = subject;
    if (awaited === undefined || leader === undefined || leader === awaited.failover.pod) return;
    awaited.failover.leader ??= sighting;
    this.#settle(subject);
  }

  #settle(subject: Subject): void {
    const { awaited } = subject;
    if (awaited?.failover.leader === undefined || awaited.failover.kcm === undefined) return;
    delete subject.awaited;
    awaited.done();
  }

  #subject(namespace: string, service: string): Subject {
    const key = keyOf(namespace, service);
    let subject = this.#subjects.get(key);
    if (subject === undefined) {
      subject = { ready: new Set() };
      this.#subjects.set(key, subject);
    }
    return subject;
  }
}
