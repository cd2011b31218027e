/** Events of lasting states and of happenings: what users read in `kubectl describe service`. */
import type { Service } from '../api/objects.ts';
import { priorityProblem } from './order.ts';
import type { Candidate, Decision } from './leader.ts';
import type { Request } from './request.ts';
import type { Claim, Input, LeaderChange, Memory, PlanEvent } from './types.ts';

/** events.k8s.io/v1 takes notes of at most 1 kB. */
const MAX_NOTE = 1024;

function cut(note: string): string {
  return note.length <= MAX_NOTE ? note : `${note.slice(0, MAX_NOTE - 3)}...`;
}

export function warning(about: Service, reason: PlanEvent['reason'], note: string): PlanEvent {
  return { type: 'Warning', reason, note: cut(note), about };
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
  return input.claims
    .filter((claim) => claim !== winner)
    .map(({ request }) =>
      nameConflict(
        request.source,
        `leader Service name "${input.name}" is taken by the leader Service of ${winner.request.source.name}`,
      ),
    );
}

/** The name belongs to a Service that is not ours: nobody who claims it gets it. */
export function takenName(input: Input): PlanEvent[] {
  const note = `Service "${input.name}" exists and is not managed by zen-lead, so it is left alone`;
  return input.claims.map(({ request }) => nameConflict(request.source, note));
}

export function nameConflict(about: Service, note: string): PlanEvent {
  return warning(
    about,
    'NameConflict',
    `${note}; set annotation zen-lead.io/leader-service-name to a free name`,
  );
}

/** Why nobody leads. */
export function emptyEvent(
  request: Request,
  candidates: readonly Candidate[],
  decision: Decision,
): PlanEvent {
  const { source } = request;
  if (candidates.length === 0) {
    return warning(source, 'NoPodsFound', 'no pod matches the selector; the leader Service has no endpoint');
  }
  const eligible = candidates.filter(({ refused }) => refused === undefined).length;
  if (eligible > 0) {
    const why = decision.lost === undefined ? 'nobody led before' : `the last leader ${decision.lost.note}`;
    return warning(
      source,
      'NoReadyPods',
      `no election while paused or invalid, and ${why}; the leader Service has no endpoint`,
    );
  }
  const shown = candidates.slice(0, 5).map(({ pod, refused }) => `${pod.name} ${refused?.note ?? ''}`);
  const more = candidates.length > shown.length ? `; and ${candidates.length - shown.length} more` : '';
  return warning(
    source,
    'NoReadyPods',
    `no pod may lead, the leader Service has no endpoint: ${shown.join('; ')}${more}`,
  );
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
