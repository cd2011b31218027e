/** Who was told what when: members' Readiness and labels, and where each of the two Services leads. */
import type { KubeClient } from '../../../src/kube/client.ts';
import { LABEL } from '../../../src/names.ts';
import { ListWatch } from '../measure/list-watch.ts';
import type { RawSlice } from '../measure/objects.ts';
import { memberOf, type RawMember } from './members.ts';

export interface Change {
  /** When the watch event arrived: CLOCK_MONOTONIC, milliseconds. */
  readonly at: number;
  /** Name of a member, or of a Service. */
  readonly of: string;
  /** `Ready master`, `NotReady replica`, `gone`; of a Service the addresses it leads to, or `nobody`. */
  readonly is: string;
}

export interface ChronicleOptions {
  readonly client: Pick<KubeClient, 'call' | 'stream'>;
  readonly namespace: string;
  /** Names of the Services. */
  readonly services: readonly string[];
}

export class Chronicle {
  /** Each differs from the one of the same name before. */
  readonly changes: Change[] = [];
  readonly #last = new Map<string, string>();
  readonly #stopped = new AbortController();
  #failure: Error | undefined;

  static async start({ client, namespace, services }: ChronicleOptions): Promise<Chronicle> {
    const chronicle = new Chronicle();
    const common = { client, signal: chronicle.#stopped.signal, onError: chronicle.#failed };
    await ListWatch.start<RawMember>({
      ...common,
      resource: 'pods',
      path: `/api/v1/namespaces/${namespace}/pods`,
      take: (pod, at, gone) => {
        const { name, isReady, role } = memberOf(pod);
        chronicle.#take(at, name, gone ? 'gone' : `${isReady ? 'Ready' : 'NotReady'} ${role ?? '-'}`);
      },
    });
    await ListWatch.start<RawSlice>({
      ...common,
      resource: 'endpointslices',
      path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
      take: (slice, at, gone) => {
        const service = slice.metadata.labels?.[LABEL.serviceName];
        if (service === undefined || !services.includes(service)) return;
        chronicle.#take(at, service, (gone ? '' : addressesOf(slice)) || 'nobody');
      },
    });
    return chronicle;
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Throws when something is no longer seen. */
  between(from: number, until: number): Change[] {
    if (this.#failure !== undefined) throw this.#failure;
    return this.changes.filter(({ at }) => at >= from && at <= until);
  }

  #take(at: number, of: string, is: string): void {
    if (this.#last.get(of) === is) return;
    this.#last.set(of, is);
    this.changes.push({ at, of, is });
  }

  readonly #failed = (error: unknown): void => {
    if (!this.#stopped.signal.aborted) this.#failure ??= error as Error;
  };
}

function addressesOf({ endpoints }: RawSlice): string {
  const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
  return ready.flatMap(({ addresses }) => addresses).join(' ');
}
