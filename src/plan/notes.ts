/** Events of lasting states and of happenings: what users read in `kubectl describe`. */
import type { ObjectReference } from '../api/objects.ts';
import { NORMAL_REASONS } from '../api/reasons.ts';
import type { EventReason } from '../api/reasons.ts';
import { serviceRequester } from './annotation-request.ts';
import type { Candidate } from './candidates.ts';
import { labelsText } from './eligibility.ts';
import { byName, priorityProblem } from './order.ts';
import { bySeniority, isStandIn, overruling } from './ownership.ts';
import type { Request } from './request.ts';
import type { Scene } from './scene.ts';
import type { Claim, Input, LeaderChange, PlanEvent } from './types.ts';

/** events.k8s.io/v1 takes notes of at most 1,024 bytes. */
const MAX_NOTE = 1024;

function cut(note: string): string {
  const bytes = Buffer.from(note);
  if (bytes.length <= MAX_NOTE) return note;
  // A character that the cut goes through decodes to U+FFFD.
  return `${bytes.toString('utf8', 0, MAX_NOTE - 3).replace(/\uFFFD+$/, '')}...`;
}

export function referenceTo({ apiVersion, kind, namespace, name, uid }: ObjectReference): ObjectReference {
  return { apiVersion, kind, namespace, name, uid };
}

/** Who is told of a leader Service: who asked for it, and the source. */
export function audience({ requester, source, policy }: Request): readonly ObjectReference[] {
  if (policy === undefined || source === undefined) return [referenceTo(requester)];
  return [referenceTo(requester), referenceTo(serviceRequester(source))];
}

/** One Event for each of the audience. */
export function warnings(request: Request, reason: EventReason, note: string, id?: string): PlanEvent[] {
  return audience(request).map((about) => ({
    type: 'Warning',
    reason,
    note: cut(note),
    about,
    ...(id === undefined ? {} : { id }),
  }));
}

/** Of one source there may be several leader Services, to which the same happens at once. No name has a slash in it. */
function identity({ name }: Pick<Input, 'name'>, what: string): string {
  return `${name}/${what}`;
}

/** Something that was done now; the time is its identity, so that the next one like it is an Event of its own. */
export function happening(
  about: readonly ObjectReference[],
  reason: EventReason,
  note: string,
  input: Pick<Input, 'name' | 'now'>,
): PlanEvent[] {
  const type = NORMAL_REASONS.some((normal) => normal === reason) ? 'Normal' : 'Warning';
  const id = identity(input, `${reason}-${input.now}`);
  return about.map((object) => ({ type, reason, note: cut(note), about: object, id }));
}

export function problemEvents(request: Request, candidates: readonly Candidate[]): PlanEvent[] {
  const events = request.problems.flatMap(({ reason, note }) => warnings(request, reason, note));
  if (request.strategy !== 'Priority') return events;
  const priorities = candidates.flatMap(({ pod }) => priorityProblem(pod, request.priorityAnnotation) ?? []);
  return [...events, ...priorities.flatMap((note) => warnings(request, 'InvalidAnnotation', note))];
}

/** What those are told who want the name and do not get it. */
export function lostClaims({ claims, name }: Input, winner: Claim): PlanEvent[] {
  const note = `leader Service name "${name}" is taken by the leader Service of ${nameOf(winner.request)}`;
  const inOrder = [winner, ...claims.toSorted(bySeniority)];
  return claims
    .filter((claim) => claim !== winner)
    .flatMap((claim) => {
      const policy = overruling(claim, inOrder);
      return policy === undefined ? withoutName(claim, note) : ignored(claim.request, policy.request);
    });
}

function nameOf({ policy, requester }: Request): string {
  return policy === undefined ? requester.name : `LeaderPolicy ${requester.name}`;
}

/** The annotations and a policy ask for the same; its name is no conflict. */
function ignored(request: Request, policy: Request): PlanEvent[] {
  const note = `the annotations are ignored: ${nameOf(policy)} asks for leader Service "${policy.leaderServiceName ?? ''}" of this Service; remove zen-lead.io/enabled or the policy`;
  return warnings(request, 'AnnotationIgnored', note);
}

/** The name belongs to a Service that is not ours: nobody who claims it gets it. */
export function takenName(input: Input): PlanEvent[] {
  return withoutAll(
    input,
    `Service "${input.name}" exists and is not managed by zen-lead, so it is left alone`,
  );
}

/** The name may belong to a policy that cannot be read now. */
export function undecidedName(input: Input): PlanEvent[] {
  const note = `leader Service "${input.name}" was made for a LeaderPolicy, and LeaderPolicies cannot be read now, so it is left alone`;
  return withoutAll(input, note);
}

function withoutAll(input: Input, note: string): PlanEvent[] {
  return input.claims.flatMap((claim) => withoutName(claim, note));
}

/** A bad value is told even of a claim that does not get the name. */
function withoutName(claim: Claim, note: string): PlanEvent[] {
  const problems = problemEvents(claim.request, []);
  return isStandIn(claim) ? problems : [...problems, ...nameConflict(claim.request, note)];
}

export function nameConflict(request: Request, note: string): PlanEvent[] {
  const where =
    request.policy === undefined ? 'annotation zen-lead.io/leader-service-name' : 'spec.leaderService.name';
  return warnings(request, 'NameConflict', `${note}; set ${where} to a free name`);
}

/** Why nobody leads: told once for each time that it begins, however the pods change meanwhile. */
export function emptyEvents(
  scene: Pick<Scene, 'input' | 'claim' | 'candidates' | 'decision' | 'next'>,
): PlanEvent[] {
  const { input, claim, candidates, next } = scene;
  const note = `${whyEmpty(scene)}; the leader Service has no endpoint`;
  const reason = emptyReason(candidates);
  const id = identity(input, `${reason}-${next.withdrawnAt ?? 'never-led'}`);
  return warnings(claim.request, reason, note, id);
}

function emptyReason(candidates: readonly Candidate[]): 'NoPodsFound' | 'AmbiguousLeader' | 'NoReadyPods' {
  if (candidates.length === 0) return 'NoPodsFound';
  return candidates.some(isAmbiguous) ? 'AmbiguousLeader' : 'NoReadyPods';
}

function isAmbiguous({ refused }: Candidate): boolean {
  return refused?.reason === 'AmbiguousClaim';
}

function whyEmpty({ claim, candidates, decision }: Pick<Scene, 'claim' | 'candidates' | 'decision'>): string {
  if (candidates.length === 0) return 'no pod matches the selector';
  if (candidates.some(({ refused }) => refused === undefined)) {
    const why = decision.lost === undefined ? 'nobody led before' : `the last leader ${decision.lost.note}`;
    return `nobody is elected ${whileWhat(claim.request)}, and ${why}`;
  }
  const sorted = candidates.toSorted((a, b) => byName(a.pod, b.pod));
  const claimants = sorted.filter(isAmbiguous).map(({ pod }) => pod.name);
  if (claimants.length > 0)
    return `more than one Ready pod carries ${labelsText(claim.request.followLabel ?? {})}: ${shortened(claimants, ', ')}; nobody leads until it is one`;
  return `no pod may lead: ${shortened(
    sorted.map(({ pod, refused }) => `${pod.name} ${refused?.note ?? ''}`),
    '; ',
  )}`;
}

function whileWhat({ policy, paused, problems }: Request): string {
  if (policy === undefined) return 'while the Service is paused or has an invalid annotation';
  if (paused || problems.length > 0) return 'while the policy is paused or invalid';
  return 'in mode Manual but by spec.switchover';
}

function shortened(items: readonly string[], separator: string): string {
  const more = items.length - 5;
  return [...items.slice(0, 5), ...(more > 0 ? [`and ${more} more`] : [])].join(separator);
}

/** Told once for each epoch: by the plan that makes the change, or after a crash by the one that finds it untold. */
export function leaderEvents(
  { input, claim, next, decision }: Pick<Scene, 'input' | 'claim' | 'next' | 'decision'>,
  change: LeaderChange | undefined,
): PlanEvent[] {
  const { podName: name = '', podUID: uid = '', epoch } = next;
  const reason = decision.lost?.note;
  // One that is published again, in a leader Service that was made again, does not lead instead of itself.
  const from = change?.from?.uid === uid ? undefined : change?.from?.name;
  const first = from === undefined && epoch <= 1;
  const note = first
    ? `pod ${name} leads`
    : `pod ${name} leads${from === undefined ? '' : ` instead of ${from}`}${reason === undefined ? '' : `: ${from ?? 'the last one'} ${reason}`}`;
  return audience(claim.request).map((about) => ({
    type: 'Normal',
    reason: first ? 'LeaderElected' : 'LeaderChanged',
    note: cut(note),
    about,
    id: identity(input, `epoch-${epoch}-${uid}`),
    pod: { name, uid },
  }));
}
