/** What the viewer reads. Colours only on a terminal, and not where NO_COLOR is set. */
import { setTimeout as sleep } from 'node:timers/promises';

const terminal = process.stdout.isTTY;
const colours = terminal && (process.env['NO_COLOR'] ?? '') === '';
const ci = !['', '0', 'false'].includes(process.env['CI'] ?? '');

type Paint = (text: string) => string;
const paint =
  (code: number): Paint =>
  (text) =>
    colours ? `\u001B[${String(code)}m${text}\u001B[0m` : text;

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
const cyan = paint(36);

/** The demo did not show what it should, or cannot be shown: one message for the person at the keyboard. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

export function title(text: string): void {
  say(`\n${bold(text)}`);
}

/** A command as the viewer would type it, and what it printed. In one piece: log lines must not come in between. */
export function command(line: string, output = ''): void {
  const printed = output.trimEnd();
  say(cyan(`$ ${line}`) + (printed === '' ? '' : `\n${printed}`));
}

/** A log line of the operator. */
export function logLine(text: string): void {
  say(dim(`    zen-lead | ${text.replace(/^\d{4}-\d\d-\d\dT([\d:.]+)Z/, '$1')}`));
}

/** Time to read. There is nobody to read where the output is no terminal. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!terminal || ci) return;
  await sleep(milliseconds, undefined, { signal });
}

/** Columns as wide as their widest cell; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  rows.forEach((row, index) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd();
    say(index === 0 ? bold(line) : line);
  });
}
