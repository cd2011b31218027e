const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

export const MAX_DURATION_MS = 24 * 3_600_000;
export const DURATION_ACCEPTED = 'a duration such as 5s, 500ms or 1m30s, at most 24h';

/** Go's duration syntax without signs (https://pkg.go.dev/time#ParseDuration): milliseconds, or undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * (UNIT_MS[unit ?? ''] ?? NaN);
  return total <= MAX_DURATION_MS ? Math.round(total) : undefined;
}
