/** The objects of a collection as they change; those that are there first. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { JsonLines } from '../../../src/watch/json-lines.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Metadata } from '../../integration/support/shapes.ts';

interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'ERROR';
  object: { metadata: Metadata };
}

/**
 * Goes on until the signal: a watch that the API server ends is followed by another one, from where it ended. Rejects where
 * that cannot be.
 * @param path with the query of a list, such as a label selector
 * @param onChange is given an object of that collection; `isGone`: it was deleted
 */
export async function watch(
  cluster: Cluster,
  path: string,
  onChange: (object: unknown, isGone: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(path, cluster.server);
  url.searchParams.set('watch', 'true');
  const agent = new Agent(cluster.adminConfig);
  const isOver = (): boolean => signal.aborted;
  let seen = 0;
  const take = ({ type, object }: WatchEvent): void => {
    if (type === 'ERROR') throw new Error(`watch ${path}: ${JSON.stringify(object)}`);
    seen = Math.max(seen, Number(object.metadata.resourceVersion));
    onChange(object, type === 'DELETED');
  };
  while (!isOver()) {
    if (seen > 0) url.searchParams.set('resourceVersion', String(seen));
    const outgoing = request(url, { agent, signal }).end();
    try {
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      if (incoming.statusCode !== 200) throw new Error(`watch ${path}: ${String(incoming.statusCode)}`);
      const lines = new JsonLines();
      for await (const chunk of incoming)
        for (const event of lines.push(chunk as Buffer)) take(event as WatchEvent);
    } catch (error) {
      if (!isOver()) throw error;
    }
  }
}
