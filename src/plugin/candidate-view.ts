/** The pods of a source as they are shown: in the order in which they would lead, each with the reason. */
import type { Pod } from '../api/objects.ts';
import type { IneligibleReason } from '../api/reasons.ts';
import type { Candidate } from '../plan/candidates.ts';
import { labelsText, readySince } from '../plan/eligibility.ts';
import { byName, ordinalOf, orderOf, priorityOf, scoreOf } from '../plan/order.ts';
import { resolvePorts } from '../plan/ports.ts';
import type { Request } from '../plan/request.ts';
import type { Picture } from './picture.ts';
import { duration } from './terminal.ts';

export interface CandidateView {
  readonly pod: string;
  readonly mayLead: boolean;
  readonly reason: 'Leader' | 'Standby' | 'PortResolutionFailed' | IneligibleReason;
  /** The same for people: of a pod that may lead, what it is ordered by. */
  readonly because: string;
  readonly node?: string;
  readonly zone?: string;
  readonly ips: readonly string[];
}

/** Those that may lead first, by the order of the request; then the others, by name. */
export function candidateViews(picture: Picture): readonly CandidateView[] {
  const { candidates, claim, input } = picture;
  if (candidates === undefined || claim === undefined) return [];
  const { request } = claim;
  const order = orderOf(request, input.now);
  const ports = request.shape?.ports ?? input.actual?.ports ?? [];
  const views = candidates.map((candidate) => {
    const resolved = resolvePorts(ports, candidate.pod);
    const unresolved = 'unresolved' in resolved ? resolved.unresolved : undefined;
    return {
      candidate,
      view: viewOf(candidate, request, input.now, isLeader(picture, candidate.pod), unresolved),
    };
  });
  const fit = views
    .filter(({ view }) => view.mayLead)
    .sort((a, b) => order(a.candidate.pod, b.candidate.pod));
  const rest = views
    .filter(({ view }) => !view.mayLead)
    .sort((a, b) => byName(a.candidate.pod, b.candidate.pod));
  return [...fit, ...rest].map(({ view }) => view);
}

/** By UID: a pod of a StatefulSet comes back under its name as another one. */
function isLeader({ endpoint, leader }: Picture, { name, uid }: Pod): boolean {
  return endpoint?.podUID === undefined ? name === leader : uid === endpoint.podUID;
}

function viewOf(
  { pod, refused }: Candidate,
  request: Request,
  now: number,
  leads: boolean,
  unresolved: string | undefined,
): CandidateView {
  const { name, nodeName, zone, ips } = pod;
  const common = {
    pod: name,
    ...(nodeName === undefined ? {} : { node: nodeName }),
    ...(zone === undefined ? {} : { zone }),
    ips,
  };
  if (refused !== undefined) {
    const left = refused.inMs === undefined ? '' : `, for ${duration(refused.inMs + 999)} more`;
    return { ...common, mayLead: false, reason: refused.reason, because: refused.note + left };
  }
  if (unresolved !== undefined)
    return { ...common, mayLead: false, reason: 'PortResolutionFailed', because: unresolved };
  const reason = leads ? 'Leader' : 'Standby';
  return { ...common, mayLead: true, reason, because: standing(pod, request, now) };
}

/** What the order looks at. */
function standing(pod: Pod, request: Request, now: number): string {
  const { strategy, preferences, priorityAnnotation, followLabel = {} } = request;
  const ready = `Ready for ${duration(now - readySince(pod, now))}`;
  const score = preferences.length === 0 ? '' : `preferences add up to ${scoreOf(pod, preferences)}, `;
  switch (strategy) {
    case 'OldestReady':
      return `${score}${ready}`;
    case 'Ordinal': {
      const ordinal = ordinalOf(pod);
      return `${score}${ordinal === Infinity ? 'no ordinal' : `ordinal ${ordinal}`}`;
    }
    case 'Priority':
      return `${score}priority ${priorityOf(pod, priorityAnnotation)}, ${ready}`;
    case 'FollowLabel':
      return `carries ${labelsText(followLabel)}`;
  }
}
