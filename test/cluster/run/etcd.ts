import type { ApiClient } from './api.ts';

export async function etcdIsHealthy(etcd: ApiClient): Promise<boolean> {
  try {
    const { status } = await etcd.request('GET', '/health', { timeoutMs: 1_000 });
    return status === 200;
  } catch {
    return false; // not listening yet
  }
}

/**
 * Forgets all history before now, through etcd's JSON gateway, and returns the compacted revision.
 * Watches that start from a resourceVersion before it get 410 as soon as they have to be read from etcd.
 */
export async function compact(etcd: ApiClient): Promise<number> {
  const answer = await etcd.call<{ header: { revision: string } }>('POST', '/v3/kv/range', {
    body: { key: Buffer.from('\0').toString('base64'), limit: 1 },
  });
  const { revision } = answer.header;
  await etcd.call('POST', '/v3/kv/compaction', { body: { revision, physical: true } });
  return Number(revision);
}
