/** kubectl leader explain: a dry run of the operator's own plan on what there is now. */
import type { CandidateView } from '../candidate-view.ts';
import { explanationOf, type Explanation } from '../explanation.ts';
import { CommandFailure } from '../failure.ts';
import { findAll } from '../find.ts';
import { pictureOf } from '../picture.ts';
import type { Session } from '../session.ts';
import type { Snapshot } from '../snapshot.ts';
import { table, type Cell } from '../terminal.ts';

export async function explain(session: Session, service: string): Promise<void> {
  const snapshot = await session.snapshot();
  const pictures = findAll(snapshot, session.namespace, service);
  mustRead(snapshot);
  const explanations = pictures.map(({ key, memory }) => {
    // The last leader is looked up, too, where the selector does not match it any longer.
    snapshot.view.remember(key, memory);
    return explanationOf(pictureOf(snapshot, key));
  });
  const layout = { wide: session.isWide, colours: session.terminal.colours };
  session.print({ items: explanations }, () =>
    explanations.map((each) => explanationText(each, layout)).join('\n'),
  );
}

/** A plan without the pods would be one for a cluster without pods. */
function mustRead({ reads, notes }: Snapshot): void {
  if (reads.pods && reads.slices) return;
  const message = `explain needs the rights to list Services, pods and EndpointSlices: ${notes[0] ?? ''}`;
  throw new CommandFailure('forbidden', message);
}

export interface Layout {
  readonly wide: boolean;
  readonly colours: boolean;
}

export function explanationText(explanation: Explanation, layout: Layout): string {
  const { namespace, leaderService, service, by, verdict, candidates, writes, problems } = explanation;
  const asked = by.kind === 'Service' ? `annotations of Service ${service}` : `LeaderPolicy ${by.name}`;
  const told = problems.map(({ reason, note }) => `  ${reason}: ${note}\n`).join('');
  const written = writes.map((write) => `  ${write}\n`).join('');
  return [
    `${namespace}/${leaderService}, by the ${asked}:\n  ${verdict}.\n`,
    `\nCandidates\n${candidateTable(candidates, layout)}`,
    told === '' ? '' : `\nProblems\n${told}`,
    written === ''
      ? '\nzen-lead would write nothing: all is as it should be.\n'
      : `\nzen-lead would write (nothing was written now)\n${written}If this stays, zen-lead does not run here, or is not allowed to: see kubectl describe service ${service}.\n`,
  ].join('');
}

export function candidateTable(candidates: readonly CandidateView[], { wide, colours }: Layout): string {
  if (candidates.length === 0) return '  none: no pod matches the selector\n';
  const head = ['POD', 'MAY LEAD', 'REASON', 'BECAUSE', ...(wide ? ['NODE', 'ZONE', 'ADDRESSES'] : [])];
  const rows = candidates.map(({ pod, mayLead, reason, because, node, zone, ips }): Cell[] => [
    `  ${pod}`,
    mayLead ? { text: 'yes', colour: 'green' } : { text: 'no', colour: 'red' },
    reason,
    because,
    ...(wide ? [node ?? '', zone ?? '', ips.join(',')] : []),
  ]);
  return table([`  ${head[0] ?? ''}`, ...head.slice(1)], rows, colours);
}
