/** kubectl leader history: who led before, and why no longer. */
import { findAll } from '../find.ts';
import { pastOf, rivalsOf, type Past, type PastEntry } from '../past.ts';
import type { Session } from '../session.ts';
import { table } from '../terminal.ts';

export async function history(session: Session, service: string): Promise<void> {
  const snapshot = await session.snapshot();
  const pictures = findAll(snapshot, session.namespace, service);
  const found = await Promise.all(
    pictures.map(async (picture) => {
      const { namespace, name: leaderService } = picture;
      const past = await pastOf(session.api, picture, rivalsOf(snapshot, picture));
      return { namespace, leaderService, ...past };
    }),
  );
  session.print({ items: found }, () =>
    found
      .map((past) => {
        const title = found.length === 1 ? '' : `${past.leaderService}:\n`;
        return `${title}${historyTable(past, session.isWide)}`;
      })
      .join('\n'),
  );
  for (const { leaderService, source } of found) session.terminal.err(`${leaderService}: from ${source}\n`);
}

export function historyTable({ entries }: Past, wide: boolean): string {
  if (entries.length === 0) return 'Nobody has led yet.\n';
  const head = ['TIME', 'EPOCH', 'FROM', 'TO', 'WHY', 'LEADERLESS', ...(wide ? ['NOTE'] : [])];
  return table(
    head,
    entries.map((entry) => row(entry, wide)),
    false,
  );
}

function row(entry: PastEntry, wide: boolean): string[] {
  const { time, epoch, from, to, reason, durationMilliseconds: ms, note } = entry;
  return [
    time.replace(/\.\d+Z$/, 'Z'),
    epoch === undefined ? '' : String(epoch),
    from ?? '',
    to,
    reason ?? '',
    ms === undefined ? '' : outage(ms),
    ...(wide ? [note ?? ''] : []),
  ];
}

function outage(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
