import type { Call } from '../kube/client.ts';
import { ZenLeadError } from '../errors.ts';

interface RawList {
  readonly metadata?: { readonly resourceVersion?: unknown; readonly continue?: unknown } | null;
  readonly items?: unknown;
}

export interface Page {
  /** The same on every page: all of them show the state at that moment. */
  readonly resourceVersion: string;
  readonly items: readonly unknown[];
}

/**
 * Lists page by page; between pages the event loop turns. An unset resourceVersion asks for the newest state, and only
 * then the API server heeds the limit. Throws what `fetch` throws; ApiError 410 means that the first page is too old by
 * now and everything must be asked again.
 */
export async function* listPages(
  call: Call,
  limit: number,
  fetch: (call: Call) => Promise<unknown>,
): AsyncGenerator<Page> {
  let token = '';
  do {
    const query = { ...call.query, limit, ...(token !== '' && { continue: token }) };
    const { metadata, items } = ((await fetch({ ...call, query })) ?? {}) as RawList;
    const resourceVersion = metadata?.resourceVersion;
    if (typeof resourceVersion !== 'string' || resourceVersion === '')
      throw malformed(call, 'resourceVersion');
    // Go servers send null for an empty list.
    if (items !== null && !Array.isArray(items)) throw malformed(call, 'items');
    token = typeof metadata?.continue === 'string' ? metadata.continue : '';
    yield { resourceVersion, items: (items ?? []) as unknown[] };
  } while (token !== '');
}

function malformed(call: Call, field: string): ZenLeadError {
  return new ZenLeadError('InvalidAnswer', `the list of ${call.resource} at ${call.path} has no ${field}`);
}
