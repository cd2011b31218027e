import type { Write } from '../check/write.ts';
import type { WriterOptions } from '../client/sequence-writer.ts';

export interface WriterProcessOptions extends WriterOptions {
  /** Milliseconds from the start of one write to that of the next. */
  readonly intervalMs: number;
  /** Seconds after which the process ends by itself: whoever started it may be gone. */
  readonly maxSeconds: number;
}

/** The last line. */
export interface WriterOver {
  readonly over: true;
}

export type WriterLine = Write | WriterOver;

export function isOver(line: WriterLine): line is WriterOver {
  return 'over' in line;
}
