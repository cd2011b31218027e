/** What users are told of a leader Service: Events, its annotations, and the picture that metrics draw. */
import { SERVICE_ANNOTATION } from '../names.ts';
import {
  audience,
  emptyEvents,
  happening,
  leaderEvents,
  nameConflict,
  problemEvents,
  warnings,
} from './notes.ts';
import type { Scene } from './scene.ts';
import type { LeaderChange, Memory, Outlook, Plan, PlanEvent } from './types.ts';

export function tell(scene: Scene): Pick<Plan, 'happened' | 'states' | 'annotations' | 'outlook'> {
  return {
    happened: [...switchoverEvents(scene), ...announcement(scene)],
    states: statesOf(scene),
    ...annotationsOwed(scene),
    outlook: outlookOf(scene),
  };
}

function switchoverEvents({ claim, decision, input }: Scene): PlanEvent[] {
  const { switchover } = decision;
  const { request } = claim;
  if (switchover?.failure !== undefined) {
    const note = `switchover to ${request.switchover?.podName ?? ''} failed, the leader stays: ${switchover.failure}`;
    return happening(audience(request), 'SwitchoverFailed', note, input);
  }
  if (switchover?.target === undefined) return [];
  const { name, uid } = switchover.target;
  const note = `pod ${name} leads as asked for`;
  const events = happening(audience(request), 'SwitchoverCompleted', note, input);
  return events.map((event) => ({ ...event, pod: { name, uid } }));
}

/**
 * LeaderElected or LeaderChanged, for as long as the leader Service's annotations do not tell of this change: they are
 * written after the Event, so a crash in between loses nothing. The Event's name comes from the leader Service and the
 * epoch, so nothing is doubled.
 */
function announcement(scene: Scene): PlanEvent[] {
  const { actual, next, pod } = scene;
  if (pod === undefined || pod.uid !== next.podUID) return [];
  if (actual.annotations[SERVICE_ANNOTATION.lastSwitchTime] === next.since) return [];
  return leaderEvents(scene, scene.change ?? changeElsewhere(scene));
}

/** Another replica has moved the leader since this one last looked. */
function changeElsewhere({ input: { remembered }, next: { epoch } }: Scene): LeaderChange | undefined {
  if (remembered?.podName === undefined || remembered.podUID === undefined) return undefined;
  if (remembered.epoch !== epoch - 1) return undefined;
  return { from: { name: remembered.podName, uid: remembered.podUID }, epoch };
}

function statesOf(scene: Scene): PlanEvent[] {
  const { claim, slices, candidates, pod, unresolved, input, decision } = scene;
  const { request } = claim;
  const states = problemEvents(request, candidates);
  for (const { name } of slices.taken) {
    const note = `EndpointSlice "${name}" exists and is not managed by zen-lead, so it is left alone`;
    states.push(...nameConflict(request, note));
  }
  for (const { name } of slices.foreign) {
    const note = `EndpointSlice "${name}" also feeds leader Service ${input.name} and is not managed by zen-lead: traffic may go to its endpoints too; delete it or its label kubernetes.io/service-name`;
    states.push(...warnings(request, 'ForeignEndpoints', note));
  }
  const isExplained =
    slices.isPrimaryTaken ||
    decision.next !== undefined ||
    request.problems.some(({ reason }) => reason === 'InvalidService');
  if (unresolved !== undefined) {
    const note = `${unresolved}; the leader Service has no endpoint until it is`;
    states.push(...warnings(request, 'PortResolutionFailed', note));
  } else if (pod === undefined && !isExplained) {
    states.push(...emptyEvents(scene));
  }
  return states;
}

/** Who leads, for `kubectl get service -o yaml`; nobody is named while nobody is published. */
function annotationsOwed({ actual, slices, next, pod }: Scene): Pick<Plan, 'annotations'> {
  const told = actual.annotations[SERVICE_ANNOTATION.lastSwitchTime];
  // Where another's slice has the name, none of ours holds the memory: one replica may know what another has forgotten.
  const since = next.since ?? (slices.isPrimaryTaken ? told : undefined);
  const wanted = {
    [SERVICE_ANNOTATION.leaderPodName]: pod?.name,
    [SERVICE_ANNOTATION.leaderPodUID]: pod?.uid,
    [SERVICE_ANNOTATION.lastSwitchTime]: since,
  };
  const owed = Object.entries(wanted).filter(([name, value]) => actual.annotations[name] !== value);
  if (owed.length === 0) return {};
  return { annotations: Object.fromEntries(owed.map(([name, value]) => [name, value ?? null])) };
}

function outlookOf({ input, claim, candidates, next, pod, unresolved }: Scene): Outlook {
  return {
    namespace: input.namespace,
    service: claim.request.sourceName,
    leaderService: input.name,
    published: pod !== undefined,
    portsUnresolved: unresolved !== undefined,
    epoch: next.epoch,
    podsAvailable: candidates.filter(({ refused }) => refused === undefined).length,
    ...(pod === undefined ? {} : { pod: pod.name }),
    ...(pod?.nodeName === undefined ? {} : { node: pod.nodeName }),
    ...sinceMs(next),
  };
}

/** Where a hand wrote something else than a time, there is none. */
function sinceMs({ since = '' }: Memory): { sinceMs?: number } {
  const parsed = Date.parse(since);
  return Number.isNaN(parsed) ? {} : { sinceMs: parsed };
}
