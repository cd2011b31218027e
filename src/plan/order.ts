/** Who is first among the eligible: one total order per strategy, which always ends in the pod's name. */
import type { Pod } from '../api/objects.ts';
import { LABEL, POD_PRIORITY_ANNOTATION } from '../names.ts';
import { readySince } from './eligibility.ts';
import type { Strategy } from './request.ts';

export type Order = (a: Pod, b: Pod) => number;

/** Longest continuously Ready, then older, then by name. */
function oldestReady(now: number): Order {
  return (a, b) => readySince(a, now) - readySince(b, now) || a.createdAt - b.createdAt || byName(a, b);
}

/** Lowest StatefulSet ordinal; pods without one come last. */
function ordinal(a: Pod, b: Pod): number {
  const [left, right] = [ordinalOf(a), ordinalOf(b)];
  return left === right ? byName(a, b) : left < right ? -1 : 1;
}

function byName(a: Pod, b: Pod): number {
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
export function priorityOf(pod: Pod): number {
  return pod.priority !== undefined && INTEGER.test(pod.priority) ? Number(pod.priority) : 0;
}

export function priorityProblem(pod: Pod): string | undefined {
  if (pod.priority === undefined || INTEGER.test(pod.priority)) return undefined;
  const value = pod.priority.slice(0, 80);
  return `pod ${pod.name}: annotation ${POD_PRIORITY_ANNOTATION}: "${value}" is not accepted and counts as 0; accepted is an integer`;
}

export function orderOf(strategy: Strategy, now: number): Order {
  const oldest = oldestReady(now);
  switch (strategy) {
    case 'OldestReady':
      return oldest;
    case 'Ordinal':
      return ordinal;
    case 'Priority':
      return (a, b) => priorityOf(b) - priorityOf(a) || oldest(a, b);
  }
}
