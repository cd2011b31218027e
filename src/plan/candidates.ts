/** The pods that a source selects, each with why it may not lead. */
import type { Pod } from '../api/objects.ts';
import { refusal, type Criteria, type Refusal } from './eligibility.ts';

export interface Candidate {
  readonly pod: Pod;
  readonly refused?: Refusal;
}

/** Judges all pods. A leader that is published has proved itself: min-ready-duration is for candidates. */
export function judge(
  pods: readonly Pod[],
  criteria: Criteria,
  publishedUID: string | undefined,
): readonly Candidate[] {
  return pods.map((pod) => {
    const refused = refusal(pod, pod.uid === publishedUID ? { ...criteria, minReadyMs: 0 } : criteria);
    return refused === undefined ? { pod } : { pod, refused };
  });
}
