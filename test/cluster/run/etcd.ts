import type { ApiClient } from './api.ts';

export async function etcdIsHealthy(etcd: ApiClient): Promise<boolean> {
  try {
    const { status } = await etcd.request('GET', '/health', { timeoutMs: 1_000 });
    return status === 200;
  } catch {
    return false; // not listening yet
  }
}

const OWN_KEY = Buffer.from('/test.zen-lead.io/compaction').toString('base64');

/**
 * Forgets all history before now, through etcd's JSON gateway, and returns the compacted revision.
 *
 * Compaction keeps its own revision, and a watch may still start at it. Two writes of a key that no API
 * server reads make sure that every resourceVersion seen so far is older than that.
 */
export async function compact(etcd: ApiClient): Promise<number> {
  let revision = '0';
  for (const value of ['MQ==', 'Mg==']) {
    const body = { key: OWN_KEY, value };
    const answer = await etcd.call<{ header: { revision: string } }>('POST', '/v3/kv/put', { body });
    revision = answer.header.revision;
  }
  await etcd.call('POST', '/v3/kv/compaction', { body: { revision, physical: true } });
  return Number(revision);
}
