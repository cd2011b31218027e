/** kubectl leader list: all leader Services, whoever asked for them. */
import { pictureOf } from '../picture.ts';
import type { Session } from '../session.ts';
import { summaryOf, type Summary } from '../summary.ts';
import { ageOf, table, type Cell } from '../terminal.ts';

export async function list(session: Session, all: boolean): Promise<void> {
  const snapshot = await session.snapshot(all ? 'all' : 'namespace');
  const summaries = [...snapshot.view.keys()]
    .sort()
    .map((key) => summaryOf(pictureOf(snapshot, key), snapshot));
  const { output } = session.options;
  if (summaries.length === 0 && output !== 'json' && output !== 'yaml') {
    const where = all ? 'any namespace' : `namespace ${session.namespace}`;
    session.terminal.err(`No leader Services in ${where}; make one: kubectl leader enable SERVICE\n`);
    return;
  }
  session.print({ items: summaries }, () =>
    listTable(summaries, { all, wide: session.isWide, now: snapshot.now, colours: session.terminal.colours }),
  );
}

export interface ListLayout {
  /** With a column for the namespace. */
  readonly all: boolean;
  readonly wide: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly colours: boolean;
}

export function listTable(summaries: readonly Summary[], { all, wide, now, colours }: ListLayout): string {
  const head = [
    ...(all ? ['NAMESPACE'] : []),
    ...['NAME', 'SERVICE', 'BY', 'LEADER', 'SINCE', 'CANDIDATES', 'FAILOVERS', 'STATE'],
    ...(wide ? ['STRATEGY', 'NODE', 'ZONE', 'ADDRESS'] : []),
  ];
  const rows = summaries.map((each): Cell[] => [
    ...(all ? [each.namespace] : []),
    each.leaderService,
    each.service,
    byText(each),
    leaderCell(each),
    ageOf(each.leader?.since ?? undefined, now),
    each.candidates === null ? '?' : `${each.candidates.eligible}/${each.candidates.total}`,
    each.failovers === null ? '?' : String(each.failovers),
    stateCell(each),
    ...(wide
      ? [each.strategy ?? '', each.leader?.node ?? '', each.leader?.zone ?? '', each.leader?.address ?? '']
      : []),
  ]);
  return table(head, rows, colours);
}

export function byText({ by }: Pick<Summary, 'by'>): string {
  return by.kind === 'Service' ? 'annotation' : `policy/${by.name}`;
}

function leaderCell({ leader }: Summary): Cell {
  return leader === null ? { text: '<none>', colour: 'red' } : leader.pod;
}

export function stateCell({ state }: Pick<Summary, 'state'>): Cell {
  switch (state) {
    case 'Ready':
      return { text: state, colour: 'green' };
    case 'Paused':
      return { text: state, colour: 'yellow' };
    case 'NoLeader':
    case 'NameConflict':
    case 'Missing':
      return { text: state, colour: 'red' };
  }
}
