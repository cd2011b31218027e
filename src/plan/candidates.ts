/** The pods that a source selects, each with why it may not lead. */
import type { Pod } from '../api/objects.ts';
import type { IneligibleReason } from '../api/reasons.ts';
import { labelsText, refusal, type Criteria, type Refusal } from './eligibility.ts';

export interface Candidate {
  readonly pod: Pod;
  readonly refused?: Refusal;
}

/** Judges all pods. A leader that is published has proved itself: the time that it must be Ready is for candidates. */
export function judge(
  pods: readonly Pod[],
  criteria: Criteria,
  publishedUID: string | undefined,
): readonly Candidate[] {
  const candidates = pods.map((pod) => {
    const refused = refusal(pod, pod.uid === publishedUID ? { ...criteria, minReadyMs: 0 } : criteria);
    return refused === undefined ? { pod } : { pod, refused };
  });
  return criteria.followLabel === undefined
    ? candidates
    : soleClaimant(candidates, labelsText(criteria.followLabel));
}

/** A candidate that becomes eligible by time alone sends no event. */
export function ripening(candidates: readonly Candidate[], inMs = Infinity): { againAfterMs?: number } {
  const againAfterMs = Math.min(inMs, ...candidates.flatMap(({ refused }) => refused?.inMs ?? []));
  return againAfterMs === Infinity ? {} : { againAfterMs };
}

/** What is checked of a pod that is Ready and carries the label: it claims to lead even if it cannot be published. */
const OF_CLAIMANTS: ReadonlySet<IneligibleReason> = new Set([
  'NoAddress',
  'AddressRefused',
  'MinReadyNotReached',
]);

function isClaimant({ refused }: Candidate): boolean {
  return refused === undefined || OF_CLAIMANTS.has(refused.reason);
}

/** While two pods say that they lead, the application has not decided: nobody is believed. */
function soleClaimant(candidates: readonly Candidate[], label: string): readonly Candidate[] {
  const claimants = candidates.filter(isClaimant).length;
  if (claimants < 2) return candidates;
  const note = `is one of ${claimants} Ready pods that carry ${label}`;
  return candidates.map((candidate) =>
    isClaimant(candidate) ? { pod: candidate.pod, refused: { reason: 'AmbiguousClaim', note } } : candidate,
  );
}
