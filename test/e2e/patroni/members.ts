/** The members of a Patroni cluster, as Kubernetes knows them: Patroni keeps what it knows in labels and annotations. */
import type { ApiClient } from '../../cluster/run/api.ts';
import { waitFor } from '../../cluster/wait.ts';

/** As in config/samples/flagship-patroni.yaml. */
export const SCOPE = 'patroni-elected';
export const ROLE_LABEL = 'role';
/** What Patroni before version 4 writes; `primary` since. */
export const PRIMARY_ROLE = 'master';
export const MEMBERS = ['patroni-0', 'patroni-1', 'patroni-2'] as const;

export interface RawMember {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status?: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface Member {
  readonly name: string;
  readonly address: string | undefined;
  readonly isReady: boolean;
  /** Value of the label; undefined while Patroni has set none. */
  readonly role: string | undefined;
  /** Patroni's own word, such as `running` or `streaming`, which it refreshes every few seconds. */
  readonly state: string | undefined;
  readonly timeline: number | undefined;
}

export interface Elected {
  readonly members: readonly Member[];
  /** Holder of Patroni's leader key. */
  readonly leader: string | undefined;
  /** The standby without which no commit is acknowledged. */
  readonly synchronous: string | undefined;
}

interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

interface Status {
  readonly state?: string;
  readonly replication_state?: string;
  readonly timeline?: number;
}

export function memberOf({ metadata, status }: RawMember): Member {
  const { state, replication_state, timeline } = JSON.parse(
    metadata.annotations?.['status'] ?? '{}',
  ) as Status;
  const ready = status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
  return {
    name: metadata.name,
    address: status?.podIP,
    isReady: ready && metadata.deletionTimestamp === undefined,
    role: metadata.labels?.[ROLE_LABEL],
    state: replication_state ?? state,
    timeline,
  };
}

export class Members {
  readonly #api: ApiClient;
  readonly #namespace: string;

  constructor(api: ApiClient, namespace: string) {
    this.#api = api;
    this.#namespace = namespace;
  }

  async elected(): Promise<Elected> {
    const pods = await this.#api.call<{ items: RawMember[] }>(
      'GET',
      this.#path('pods?labelSelector=app%3Dpatroni'),
    );
    const [own, sync] = await Promise.all([this.#annotations(SCOPE), this.#annotations(`${SCOPE}-sync`)]);
    return {
      members: pods.items.map(memberOf).sort((a, b) => a.name.localeCompare(b.name)),
      leader: own['leader'],
      synchronous: sync['sync_standby'],
    };
  }

  async leader(): Promise<Member> {
    const { members, leader } = await this.elected();
    const found = members.find(({ name }) => name === leader);
    if (found === undefined) throw new Error(`Patroni has no leader: ${String(leader)}`);
    return found;
  }

  /** Waits until all three are Ready, two stream from the one that leads, and commits wait for one of them. */
  async whole(timeoutMs = 90_000): Promise<Elected> {
    let last: Elected | undefined;
    const describe = (): string => JSON.stringify(last);
    return await waitFor(
      'all members of Patroni to be whole',
      async () => {
        last = await this.elected();
        return isWhole(last) && last;
      },
      { timeoutMs, intervalMs: 200 },
    ).catch((error: unknown) => {
      throw new Error(`${(error as Error).message} Last seen: ${describe()}`, { cause: error });
    });
  }

  /** Annotations of Endpoints that Patroni has made; none where it has not yet. */
  async #annotations(name: string): Promise<Readonly<Record<string, string>>> {
    const list = await this.#api.call<{ items: Annotated[] }>(
      'GET',
      this.#path(`endpoints?fieldSelector=metadata.name%3D${name}`),
    );
    return list.items[0]?.metadata.annotations ?? {};
  }

  #path(rest: string): string {
    return `/api/v1/namespaces/${this.#namespace}/${rest}`;
  }
}

/** No member lags behind in what it is: roles, timelines and Readiness are of the same leader. */
export function isWhole({ members, leader, synchronous }: Elected): boolean {
  const primary = members.find(({ name }) => name === leader);
  const standbys = members.filter(({ name }) => name !== leader);
  return (
    members.length === MEMBERS.length &&
    members.every(({ isReady, timeline }) => isReady && timeline === primary?.timeline) &&
    primary?.role === PRIMARY_ROLE &&
    standbys.every(
      ({ role, state }) => role === 'replica' && (state === 'streaming' || state === 'running'),
    ) &&
    standbys.some(({ name }) => name === synchronous)
  );
}
