/** Fenced blocks of a Markdown page, and the comments that say how they are run. Pure. */

/** A fenced block. */
export interface Fence {
  /** Line of the page, from 1, of the opening fence; its text begins on the next one. */
  readonly line: number;
  /** First word after the opening fence; '' where there is none. */
  readonly language: string;
  /** Without the indentation of the opening fence. */
  readonly lines: readonly string[];
  /** Why it is not run, as the comment right above it says. */
  readonly notRun?: string;
}

/** Commands of a comment `<!-- given: ... -->`: what the reader of this page has already, such as the Service that it talks about. */
export interface Given {
  /** Line of the page, from 1, of the first of `lines`. */
  readonly line: number;
  readonly lines: readonly string[];
}

export interface Page {
  readonly fences: readonly Fence[];
  readonly givens: readonly Given[];
  /** What is wrong with the page itself, as `line: problem`. */
  readonly problems: readonly string[];
}

const FENCE = /^( *)(`{3,}|~{3,}) *([^\s`]*)[^`]*$/;
const COMMENT = /^ *<!-- *(not run|given)\b:?(.*)$/;

/** Why the block below is not run. */
interface Reason {
  readonly text: string;
  /** Index of the last line of the comment. */
  readonly at: number;
}

export function pageOf(text: string): Page {
  const lines = text.split('\n');
  const fences: Fence[] = [];
  const givens: Given[] = [];
  const problems: string[] = [];
  let reason: Reason | undefined;
  for (let at = 0; at <= lines.length; at += 1) {
    const opening = FENCE.exec(lines[at] ?? '');
    const comment = COMMENT.exec(lines[at] ?? '');
    if (reason !== undefined && opening === null)
      problems.push(`${reason.at + 1}: the line below "not run" opens no fenced block`);
    const notRun = reason;
    reason = undefined;
    if (opening === null && comment === null) continue;
    const end = opening === null ? endOfComment(lines, at) : endOfFence(lines, at, opening);
    if (end === -1) {
      problems.push(`${at + 1}: ${opening === null ? 'the comment' : 'the block'} has no end`);
      break;
    }
    if (opening !== null) fences.push(fenceOf(lines.slice(at, end), at, opening, notRun));
    else {
      const said = contentOf(lines.slice(at, end + 1));
      if (comment?.[1] === 'given') givens.push({ line: at + 1, lines: said });
      else reason = { text: said.join(' ').trim(), at: end };
      if (reason?.text === '') problems.push(`${at + 1}: "not run" gives no reason`);
    }
    at = end;
  }
  return { fences, givens, problems };
}

function fenceOf(
  [, ...content]: readonly string[],
  at: number,
  [, indentation = '', , language = '']: RegExpExecArray,
  reason: Reason | undefined,
): Fence {
  const lines = content.map((line) => unindented(line, indentation));
  return { line: at + 1, language, lines, ...(reason === undefined ? {} : { notRun: reason.text }) };
}

/** What a comment says after its first words. */
function contentOf(lines: readonly string[]): string[] {
  return lines.map((line, index) =>
    (index === 0 ? (COMMENT.exec(line)?.[2] ?? '') : line).replace(/ *-->.*$/, ''),
  );
}

function endOfComment(lines: readonly string[], start: number): number {
  return lines.findIndex((line, index) => index >= start && line.includes('-->'));
}

function endOfFence(lines: readonly string[], start: number, [, , ticks = '']: RegExpExecArray): number {
  return lines.findIndex((line, index) => {
    const text = line.trim();
    return index > start && text.startsWith(ticks) && text.replaceAll(ticks[0] ?? '', '') === '';
  });
}

function unindented(line: string, indentation: string): string {
  return line.startsWith(indentation) ? line.slice(indentation.length) : line.trimStart();
}
