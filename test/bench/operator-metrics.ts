import { request } from 'undici';

/** Calls to the API server so far, by `verb resource`, watches and lists aside. */
export type ApiCalls = ReadonlyMap<string, number>;

const CALLS = /^zen_lead_api_call_duration_seconds_count\{([^}]*)\} (\S+)$/gm;
const LABEL = /(\w+)="([^"]*)"/g;

export async function readApiCalls(port: number): Promise<ApiCalls> {
  const { body } = await request(`http://127.0.0.1:${port}/metrics`);
  return parseApiCalls(await body.text());
}

export function parseApiCalls(text: string): ApiCalls {
  const calls = new Map<string, number>();
  for (const [, labels = '', value] of text.matchAll(CALLS)) {
    const found = new Map([...labels.matchAll(LABEL)].map(([, name = '', label = '']) => [name, label]));
    const verb = found.get('verb') ?? '?';
    if (verb === 'watch' || verb === 'list') continue;
    const key = `${verb} ${found.get('resource') ?? '?'}`;
    calls.set(key, (calls.get(key) ?? 0) + Number(value));
  }
  return calls;
}

export function totalOf(calls: ApiCalls): number {
  return [...calls.values()].reduce((sum, value) => sum + value, 0);
}
