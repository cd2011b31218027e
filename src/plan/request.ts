/**
 * What a source Service asks for, parsed from its annotations. A value that is not accepted is never guessed at:
 * it becomes a problem, and a request with a problem is treated as paused.
 */
import type { Service } from '../api/objects.ts';
import { ANNOTATION, LEADER_SUFFIX, MAX_SERVICE_NAME } from '../names.ts';
import { DURATION_ACCEPTED, parseDuration } from './duration.ts';

export const STRATEGIES = ['OldestReady', 'Ordinal', 'Priority'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface Problem {
  readonly reason: 'InvalidAnnotation' | 'InvalidService';
  /** Names the thing, the value and what is accepted. */
  readonly note: string;
}

export interface Request {
  readonly source: Service;
  /** undefined: the wanted name is not a possible one (then there is a problem that says so). */
  readonly leaderServiceName: string | undefined;
  readonly strategy: Strategy;
  readonly sticky: boolean;
  readonly minReadyMs: number;
  /** How long a NotReady leader is kept, milliseconds. */
  readonly graceMs: number;
  readonly paused: boolean;
  /** Name of the pod that is to lead. */
  readonly switchoverTo?: string;
  readonly problems: readonly Problem[];
}

/** RFC 1035 label, as the API server asks of a Service name. */
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** RFC 1123 subdomain, as the API server asks of a pod name. */
const POD_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function isEnabled(source: Service): boolean {
  return source.annotations[ANNOTATION.enabled] === 'true';
}

/** @returns the request, or undefined for a Service that is not opted in. */
export function parseRequest(source: Service): Request | undefined {
  if (!isEnabled(source)) return undefined;
  const reader = new AnnotationReader(source);
  const switchoverTo = reader.read(ANNOTATION.switchoverTo, undefined, podName, 'the name of a pod');
  const request = {
    source,
    leaderServiceName: leaderName(source, reader),
    strategy: reader.read(ANNOTATION.strategy, 'OldestReady', strategy, STRATEGIES.join(', ')),
    sticky: reader.read(ANNOTATION.sticky, true, bool, BOOL_ACCEPTED),
    minReadyMs: reader.read(ANNOTATION.minReadyDuration, 0, parseDuration, DURATION_ACCEPTED),
    graceMs: reader.read(ANNOTATION.failoverMinDelay, 0, parseDuration, DURATION_ACCEPTED),
    paused: reader.read(ANNOTATION.paused, false, bool, BOOL_ACCEPTED),
    ...(switchoverTo === undefined ? {} : { switchoverTo }),
  };
  return { ...request, problems: [...reader.problems, ...serviceProblems(source)] };
}

/**
 * Leader Service names that a source stands for. While the wanted name is not a possible one, those that it already
 * owns stay; without any, the problem is reported under the default name.
 */
export function wantedNames(source: Service, owned: readonly string[]): readonly string[] {
  const request = parseRequest(source);
  if (request === undefined) return [];
  if (request.leaderServiceName !== undefined) return [request.leaderServiceName];
  return owned.length > 0 ? owned : [source.name + LEADER_SUFFIX];
}

/** The leader does not move, and none is elected. */
export function isFrozen(request: Request): boolean {
  return request.paused || request.problems.length > 0;
}

const BOOL_ACCEPTED = '"true" or "false"';

function bool(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function strategy(text: string): Strategy | undefined {
  return STRATEGIES.find((known) => known === text);
}

function podName(text: string): string | undefined {
  return text.length <= 253 && POD_NAME.test(text) ? text : undefined;
}

class AnnotationReader {
  readonly problems: Problem[] = [];
  readonly #source: Service;

  constructor(source: Service) {
    this.#source = source;
  }

  read<T>(name: string, absent: T, parse: (text: string) => T | undefined, accepted: string): T {
    const text = this.#source.annotations[name];
    if (text === undefined) return absent;
    const value = parse(text);
    if (value !== undefined) return value;
    this.refuse(name, text, accepted);
    return absent;
  }

  refuse(name: string, text: string, accepted: string): void {
    const note = `annotation ${name}: "${abbreviate(text)}" is not accepted; accepted is ${accepted}`;
    this.problems.push({ reason: 'InvalidAnnotation', note });
  }
}

/** A note holds 1,024 characters; an annotation may hold 256 KiB. */
function abbreviate(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function leaderName(source: Service, reader: AnnotationReader): string | undefined {
  const wanted = source.annotations[ANNOTATION.leaderServiceName];
  const name = wanted ?? source.name + LEADER_SUFFIX;
  if (SERVICE_NAME.test(name) && name.length <= MAX_SERVICE_NAME && name !== source.name) return name;
  const accepted = `a DNS label of at most ${MAX_SERVICE_NAME} characters other than the Service's own name`;
  if (wanted !== undefined) reader.refuse(ANNOTATION.leaderServiceName, wanted, accepted);
  else {
    const note = `the default leader Service name "${name}" has more than ${MAX_SERVICE_NAME} characters; set annotation ${ANNOTATION.leaderServiceName} to ${accepted}`;
    reader.problems.push({ reason: 'InvalidAnnotation', note });
  }
  return undefined;
}

function serviceProblems(source: Service): readonly Problem[] {
  const invalid = (note: string): readonly Problem[] => [{ reason: 'InvalidService', note }];
  if (source.type === 'ExternalName') {
    return invalid(
      'a Service of type ExternalName has no pods to lead to; accepted are ClusterIP, NodePort, LoadBalancer and headless Services',
    );
  }
  if (source.selector === undefined)
    return invalid('the Service has no selector, so it has no pods to lead to; give it spec.selector');
  if (source.ports.length === 0)
    return invalid('the Service has no ports; the leader Service needs at least one in spec.ports');
  return [];
}
