/** What became of the acts, in words and figures. */
import type { Silence } from '../check/silence.ts';
import type { Change } from './chronicle.ts';

export interface Outcome {
  readonly act: string;
  /** CLOCK_MONOTONIC, milliseconds: before the act. */
  readonly at: number;
  /** The member that led before. */
  readonly from: string;
  /** The member that leads afterwards. */
  readonly to: string;
  /** Per client: the longest time without an acknowledged write that the act brought about. */
  readonly silences: Readonly<Record<string, Silence | undefined>>;
  /** The same, for what happened when the act was taken back. */
  readonly silencesAfterwards: Readonly<Record<string, Silence | undefined>>;
  readonly changes: readonly Change[];
}

export interface TableOptions {
  /** The leader Service of zen-lead. */
  readonly service: string;
  /** Names of clients. */
  readonly clients: readonly string[];
}

/** Errors of clients, by what they mean to a client; others are told as they are. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  'connect timeout': 'timed out',
  'write timeout': 'timed out',
  ECONNRESET: 'connection lost',
  'connection ended': 'connection lost',
  '25006': 'read-only',
  '57P01': 'starting or stopping',
  '57P03': 'starting or stopping',
};

/** One row for each act. Times in seconds since the act; a silence has a length. */
export function tableOf(outcomes: readonly Outcome[], { service, clients }: TableOptions): string {
  const head = [
    ...['act', `\`${service}\` leads to nobody`, 'to the next'],
    ...clients.flatMap((client) => [`without writes, ${client}`, `errors, ${client}`]),
    'without writes when it was taken back',
  ];
  const rows = outcomes.map((outcome) => {
    const { act, at, silences, silencesAfterwards } = outcome;
    const { withdrawn, published } = movesOf(outcome, service);
    return [
      ...[act, since(at, withdrawn), since(at, published)],
      ...clients.flatMap((client) => [lengthOf(silences[client]), errorsOf(silences[client])]),
      clients.map((client) => lengthOf(silencesAfterwards[client])).join(', '),
    ];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The changes of an act, each with the seconds since then. */
export function storyOf({ act, at, changes }: Outcome, nameOf: (address: string) => string): string {
  const lines = changes.map((change) => {
    const seconds = ((change.at - at) / 1_000).toFixed(2).padStart(6);
    const is = change.is.split(' ').map(nameOf).join(' ');
    return `  ${seconds} s  ${change.of}: ${is}`;
  });
  return [act, ...lines].join('\n');
}

/** When the Service first led to nobody, and when to somebody again. */
function movesOf({ changes }: Outcome, service: string): { withdrawn?: Change; published?: Change } {
  const own = changes.filter(({ of }) => of === service);
  const withdrawn = own.find(({ is }) => is === 'nobody');
  const published = own.find(({ at, is }) => is !== 'nobody' && at > (withdrawn?.at ?? 0));
  return { ...(withdrawn && { withdrawn }), ...(published && { published }) };
}

function since(at: number, change: Change | undefined): string {
  return change === undefined ? 'never' : seconds(change.at - at);
}

function lengthOf(silence: Silence | undefined): string {
  return silence === undefined ? 'no end' : seconds(silence.milliseconds);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

function errorsOf(silence: Silence | undefined): string {
  const times = new Map<string, number>();
  for (const [error, count] of Object.entries(silence?.errors ?? {})) {
    const meaning = MEANINGS[error] ?? error;
    times.set(meaning, (times.get(meaning) ?? 0) + count);
  }
  const told = [...times].sort(([, a], [, b]) => b - a).map(([meaning, count]) => `${count} ${meaning}`);
  return told.length === 0 ? 'none' : told.join(', ');
}
