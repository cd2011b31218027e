/** Events of lasting states and of happenings: what users read in `kubectl describe service`. */
import type { Service } from '../api/objects.ts';
import { NORMAL_REASONS } from '../api/reasons.ts';
import { priorityProblem } from './order.ts';
import { isStandIn } from './ownership.ts';
import type { Candidate } from './candidates.ts';
import type { Scene } from './scene.ts';
import type { Request } from './request.ts';
import type { Claim, Input, LeaderChange, Memory, PlanEvent } from './types.ts';

/** events.k8s.io/v1 takes notes of at most 1,024 bytes. */
const MAX_NOTE = 1024;

function cut(note: string): string {
  const bytes = Buffer.from(note);
  if (bytes.length <= MAX_NOTE) return note;
  // A character that the cut goes through decodes to U+FFFD.
  return `${bytes.toString('utf8', 0, MAX_NOTE - 3).replace(/\uFFFD+$/, '')}...`;
}

export function warning(about: Service, reason: PlanEvent['reason'], note: string): PlanEvent {
  return { type: 'Warning', reason, note: cut(note), about };
}

/** Something that was done now; the time is its identity, so that the next one like it is an Event of its own. */
export function happening(about: Service, reason: PlanEvent['reason'], note: string, now: number): PlanEvent {
  const type = NORMAL_REASONS.some((normal) => normal === reason) ? 'Normal' : 'Warning';
  return { type, reason, note: cut(note), about, id: `${reason}-${now}` };
}

export function problemEvents(
  { source, problems, strategy }: Request,
  candidates: readonly Candidate[],
): PlanEvent[] {
  const events = problems.map(({ reason, note }) => warning(source, reason, note));
  if (strategy !== 'Priority') return events;
  const priorities = candidates.flatMap(({ pod }) => priorityProblem(pod) ?? []);
  return [...events, ...priorities.map((note) => warning(source, 'InvalidAnnotation', note))];
}

/** Two Services that want one name: the loser is told who has it. */
export function lostClaims(input: Input, winner: Claim): PlanEvent[] {
  const note = `leader Service name "${input.name}" is taken by the leader Service of ${winner.request.source.name}`;
  return input.claims.filter((claim) => claim !== winner).flatMap((claim) => withoutName(claim, note));
}

/** The name belongs to a Service that is not ours: nobody who claims it gets it. */
export function takenName(input: Input): PlanEvent[] {
  const note = `Service "${input.name}" exists and is not managed by zen-lead, so it is left alone`;
  return input.claims.flatMap((claim) => withoutName(claim, note));
}

/** A bad value is told even of a claim that does not get the name. */
function withoutName(claim: Claim, note: string): PlanEvent[] {
  const problems = problemEvents(claim.request, []);
  return isStandIn(claim) ? problems : [...problems, nameConflict(claim.request.source, note)];
}

export function nameConflict(about: Service, note: string): PlanEvent {
  return warning(
    about,
    'NameConflict',
    `${note}; set annotation zen-lead.io/leader-service-name to a free name`,
  );
}

/** Why nobody leads: told once for each time that it begins, however the pods change meanwhile. */
export function emptyEvent(scene: Pick<Scene, 'claim' | 'candidates' | 'decision' | 'next'>): PlanEvent {
  const { claim, candidates, next } = scene;
  const reason = candidates.length === 0 ? 'NoPodsFound' : 'NoReadyPods';
  const note = `${whyEmpty(scene)}; the leader Service has no endpoint`;
  return {
    ...warning(claim.request.source, reason, note),
    id: `${reason}-${next.withdrawnAt ?? 'never-led'}`,
  };
}

function whyEmpty({ candidates, decision }: Pick<Scene, 'candidates' | 'decision'>): string {
  if (candidates.length === 0) return 'no pod matches the selector';
  if (candidates.some(({ refused }) => refused === undefined)) {
    const why = decision.lost === undefined ? 'nobody led before' : `the last leader ${decision.lost.note}`;
    return `nobody is elected while the Service is paused or has an invalid annotation, and ${why}`;
  }
  const byName = candidates.toSorted((a, b) => (a.pod.name < b.pod.name ? -1 : 1));
  const shown = byName.slice(0, 5).map(({ pod, refused }) => `${pod.name} ${refused?.note ?? ''}`);
  const more = candidates.length - shown.length;
  return `no pod may lead: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** Told once for each epoch: by the plan that makes the change, or after a crash by the one that finds it untold. */
export function leaderEvent(
  about: Service,
  memory: Memory,
  change: LeaderChange | undefined,
  reason?: string,
): PlanEvent {
  const { podName: name = '', podUID: uid = '', epoch } = memory;
  const from = change?.from?.name;
  const first = from === undefined && epoch <= 1;
  const note = first
    ? `pod ${name} leads`
    : `pod ${name} leads${from === undefined ? '' : ` instead of ${from}`}${reason === undefined ? '' : `: ${from ?? 'the last one'} ${reason}`}`;
  return {
    type: 'Normal',
    reason: first ? 'LeaderElected' : 'LeaderChanged',
    note: cut(note),
    about,
    id: `epoch-${epoch}-${uid}`,
    pod: { name, uid },
  };
}
