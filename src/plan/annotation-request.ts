/** Annotation mode: what a source Service asks for. */
import type { Service } from '../api/objects.ts';
import { ANNOTATION, LEADER_SUFFIX, MAX_SERVICE_NAME, POD_PRIORITY_ANNOTATION } from '../names.ts';
import { DURATION_ACCEPTED, parseDuration } from './duration.ts';
import { ANNOTATION_STRATEGIES, SERVICE_NAME, serviceProblems } from './request.ts';
import type { Problem, Request, Requester, Shape, Strategy } from './request.ts';

/** RFC 1123 subdomain, as the API server asks of a pod name. */
const POD_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function isEnabled(source: Service): boolean {
  return source.annotations[ANNOTATION.enabled] === 'true';
}

/** @returns the request, or undefined for a Service that is not opted in. */
export function parseAnnotations(source: Service): Request | undefined {
  if (!isEnabled(source)) return undefined;
  const reader = new AnnotationReader(source);
  const target = reader.read(ANNOTATION.switchoverTo, undefined, podName, 'the name of a pod');
  const request = {
    requester: serviceRequester(source),
    sourceName: source.name,
    source,
    leaderServiceName: leaderName(source, reader),
    shape: shapeOf(source),
    strategy: reader.read(ANNOTATION.strategy, 'OldestReady', strategy, ANNOTATION_STRATEGIES.join(', ')),
    preferences: [],
    priorityAnnotation: POD_PRIORITY_ANNOTATION,
    sticky: reader.read(ANNOTATION.sticky, true, bool, BOOL_ACCEPTED),
    minReadyMs: reader.read(ANNOTATION.minReadyDuration, 0, parseDuration, DURATION_ACCEPTED),
    graceMs: reader.read(ANNOTATION.failoverMinDelay, 0, parseDuration, DURATION_ACCEPTED),
    failbackDelayMs: 0,
    gapMs: 0,
    manual: false,
    paused: reader.read(ANNOTATION.paused, false, bool, BOOL_ACCEPTED),
    ...(target === undefined ? {} : { switchover: { id: target, podName: target } }),
  };
  return { ...request, problems: [...reader.problems, ...serviceProblems(source, true)] };
}

/**
 * Leader Service names that a source stands for. While the wanted name is not a possible one, those that it already
 * owns stay; without any, the problem is reported under the default name.
 */
export function namesByAnnotation(source: Service, owned: readonly string[]): readonly string[] {
  const request = parseAnnotations(source);
  if (request === undefined) return [];
  if (request.leaderServiceName !== undefined) return [request.leaderServiceName];
  return owned.length > 0 ? owned : [source.name + LEADER_SUFFIX];
}

export function serviceRequester({ namespace, name, uid, createdAt, deleting }: Service): Requester {
  return { apiVersion: 'v1', kind: 'Service', namespace, name, uid, createdAt, deleting };
}

/** A leader Service like its source, but for what is never copied. */
export function shapeOf(source: Service): Shape {
  const { ports, ipFamilies, ipFamilyPolicy, sessionAffinity, sessionAffinityTimeout } = source;
  return {
    headless: false,
    ports,
    ipFamilies,
    ...(ipFamilyPolicy === undefined ? {} : { ipFamilyPolicy }),
    sessionAffinity,
    ...(sessionAffinityTimeout === undefined ? {} : { sessionAffinityTimeout }),
    labels: {},
    annotations: {},
  };
}

const BOOL_ACCEPTED = '"true" or "false"';

function bool(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function strategy(text: string): Strategy | undefined {
  return ANNOTATION_STRATEGIES.find((known) => known === text);
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
