/** Who is first among the eligible: one total order, which always ends in the pod's name. */
import { selects } from '../api/labels.ts';
import type { Pod } from '../api/objects.ts';
import { LABEL } from '../names.ts';
import { readySince } from './eligibility.ts';
import type { Preference, Request } from './request.ts';

export type Order = (a: Pod, b: Pod) => number;

export type Ranking = Pick<Request, 'strategy' | 'preferences' | 'priorityAnnotation'>;

/** The sum of the preferences first, then the strategy. */
export function orderOf(ranking: Ranking, now: number): Order {
  const byStrategy = strategyOrder(ranking, now);
  const { preferences } = ranking;
  if (preferences.length === 0) return byStrategy;
  return (a, b) => scoreOf(b, preferences) - scoreOf(a, preferences) || byStrategy(a, b);
}

function strategyOrder({ strategy, priorityAnnotation }: Ranking, now: number): Order {
  const oldest = oldestReady(now);
  switch (strategy) {
    case 'OldestReady':
      return oldest;
    case 'Ordinal':
      return ordinal;
    case 'Priority':
      return (a, b) => priorityOf(b, priorityAnnotation) - priorityOf(a, priorityAnnotation) || oldest(a, b);
    case 'FollowLabel':
      return byName; // There is one claimant or nobody.
  }
}

/** As preferred node affinity: the weights of all preferences that the pod meets. */
export function scoreOf(pod: Pod, preferences: readonly Preference[]): number {
  return preferences.reduce((sum, preference) => sum + (meets(pod, preference) ? preference.weight : 0), 0);
}

function meets(pod: Pod, { matchLabels, zones }: Preference): boolean {
  if (matchLabels !== undefined && !selects(matchLabels, pod.labels)) return false;
  return zones === undefined || (pod.zone !== undefined && zones.includes(pod.zone));
}

/** Longest continuously Ready, then older, then by name. */
function oldestReady(now: number): Order {
  return (a, b) => readySince(a, now) - readySince(b, now) || a.createdAt - b.createdAt || byName(a, b);
}

/** Lowest StatefulSet ordinal; pods without one come last. */
function ordinal(a: Pod, b: Pod): number {
  const [left, right] = [ordinalOf(a), ordinalOf(b)];
  return left === right ? byName(a, b) : left < right ? -1 : 1;
}

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** @returns Infinity for a pod that is of no StatefulSet. */
export function ordinalOf(pod: Pod): number {
  const index = /^\d{1,9}$/.exec(pod.labels[LABEL.podIndex] ?? '')?.[0];
  const digits = index ?? /-(\d{1,9})$/.exec(pod.name)?.[1];
  return digits === undefined ? Infinity : Number(digits);
}

/** A whole number that a double holds exactly. */
const INTEGER = /^[+-]?\d{1,15}$/;

/** The pod's priority: 0 where it has none or one that is no integer (see `priorityProblem`). */
export function priorityOf(pod: Pod, annotation: string): number {
  const text = pod.annotations[annotation];
  return text !== undefined && INTEGER.test(text) ? Number(text) : 0;
}

export function priorityProblem(pod: Pod, annotation: string): string | undefined {
  const text = pod.annotations[annotation];
  if (text === undefined || INTEGER.test(text)) return undefined;
  return `pod ${pod.name}: annotation ${annotation}: "${text}" is not accepted and counts as 0; accepted is an integer`;
}
