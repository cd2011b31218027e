import { isWrite } from '../../cluster/cluster.ts';
import type { AuditEvent, Cluster } from '../../cluster/cluster.ts';
import { sharedCluster } from './shared.ts';

export interface WriteFilter {
  namespace: string;
  /** Plural: endpointslices */
  resource?: string;
  name?: string;
}

const OPERATOR = /^zen-lead\//;
/** Where the log ended when a trail began last. */
const ends = new WeakMap<Cluster, number>();

/** What the API server's audit log says from a point in time on. */
export class AuditTrail {
  readonly #cluster: Cluster;
  readonly #from: number;

  private constructor(cluster: Cluster, from: number) {
    this.#cluster = cluster;
    this.#from = from;
  }

  /** A trail that begins now. */
  static async begin(cluster: Cluster = sharedCluster()): Promise<AuditTrail> {
    // What was read once is not read again: the log grows to many megabytes.
    const { position } = await cluster.auditEvents(ends.get(cluster));
    ends.set(cluster, position);
    return new AuditTrail(cluster, position);
  }

  /** Write requests of operators since the beginning, failed ones too, oldest first. */
  async writes({ namespace, resource, name }: WriteFilter): Promise<AuditEvent[]> {
    const { events } = await this.#cluster.auditEvents(this.#from);
    return events.filter(
      (event) =>
        isWrite(event) &&
        OPERATOR.test(event.userAgent ?? '') &&
        event.objectRef?.namespace === namespace &&
        (resource === undefined || event.objectRef.resource === resource) &&
        (name === undefined || event.objectRef.name === name),
    );
  }

  /** The same, in the words `verb resource/name`, for assertions that tell what was written. */
  async written(filter: WriteFilter): Promise<string[]> {
    const writes = await this.writes(filter);
    return writes.map(({ verb, objectRef }) =>
      [verb, `${objectRef?.resource ?? ''}/${objectRef?.name ?? ''}`].join(' '),
    );
  }
}

/** Write requests of operators in a namespace while `action` runs. */
export async function quietly(namespace: string, action: () => Promise<unknown>): Promise<string[]> {
  const trail = await AuditTrail.begin();
  await action();
  return trail.written({ namespace });
}
