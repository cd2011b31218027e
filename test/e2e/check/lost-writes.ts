import { acknowledged, type Acknowledged, type Row, type Write } from './write.ts';

/** Acknowledged writes that the database does not have any more, or has twice. */
export function lostWrites(writes: readonly Write[], rows: readonly Row[]): Acknowledged[] {
  const times = new Map<string, number>();
  for (const row of rows) times.set(key(row), (times.get(key(row)) ?? 0) + 1);
  return acknowledged(writes).filter((write) => times.get(key(write)) !== 1);
}

/** Rows that nobody has asked for: then the writes and the rows are not of one run, and nothing follows from either. */
export function strangeRows(writes: readonly Write[], rows: readonly Row[]): Row[] {
  const asked = new Set(writes.map(key));
  return rows.filter((row) => !asked.has(key(row)));
}

function key({ client, sequence }: Row): string {
  return `${client}/${sequence}`;
}
