/** Specs of LeaderPolicies with one part of interest. */
export const NAME = { serviceRef: { name: 'db' } };
export const DIGIT = { serviceRef: { name: '1db' } };
export const longest = (length: number, character = 'a'): string => character.repeat(length);
export const entries = (count: number, value = 'x'): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));
export const ports = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({ name: `p${index}`, port: index + 1 }));
export const zones = (count: number): string[] => Array.from({ length: count }, (_, index) => `z${index}`);

export const withLeader = (leaderService: object): object => ({ ...NAME, leaderService });
export const withPort = (port: object): object => ({ ...NAME, ports: [{ port: 80, ...port }] });
export const withSelection = (selection: object): object => ({ ...NAME, selection });
export const withPreference = (preference: object): object =>
  withSelection({ preferences: [{ weight: 1, ...preference }] });
export const withFailover = (failover: object): object => ({ ...NAME, failover });
export const withSwitchover = (switchover: object): object => ({
  ...NAME,
  switchover: { podName: 'db-1', requestId: 'a', ...switchover },
});
export const withFollowed = (matchLabels: object, more: object = {}): object => ({
  ...NAME,
  selection: { strategy: 'FollowLabel', followLabel: { matchLabels }, ...more },
});

export interface RefusedCase {
  /** Completes the sentence "refuses ...". */
  readonly name: string;
  readonly spec: object;
  /** What the problem begins with, and what the API server names. */
  readonly field: string;
  /** Part of the problem. */
  readonly says: string;
  /** Part of the API server's message. */
  readonly apiSays: string;
}

/** A name, a value, what the problem says, and what the API server says: the same where a rule of the CRD is broken. */
export type Row = readonly [name: string, value: unknown, says: string, apiSays?: string];

/** Cases of one field; @param specOf puts the value into a spec */
export function refusalsOf(
  field: string,
  specOf: (value: never) => object,
  rows: readonly Row[],
): RefusedCase[] {
  return rows.map(([name, value, says, apiSays = says]) => ({
    name,
    spec: specOf(value as never),
    field,
    says,
    apiSays,
  }));
}

/** What the API server says. */
export const API = {
  required: 'Required value',
  empty: 'should be at least 1 chars long',
  form: 'should match',
  long: 'Too long: may not be more than',
  few: 'should have at least 1',
  many: 'must have at most',
  low: 'greater than or equal to',
  high: 'less than or equal to',
  enum: 'supported values',
  type: 'must be of type',
} as const;
export const KEYS = 'keys are at most 253 characters, an optional DNS subdomain and "/"';
export const LABEL_TEXT = 'letters, digits, "-", "_" or "."';
