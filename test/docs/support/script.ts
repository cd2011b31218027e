/** The commands of a page as one shell script. Pure. */
import type { Fence, Page } from './fences.ts';

/** A command of a session, and what the page says that it prints. */
export interface Shown {
  readonly line: number;
  readonly output: readonly string[];
}

/** Namespaces that the commands name, and those that they create. */
export interface Namespaces {
  readonly named: readonly string[];
  readonly created: readonly string[];
}

export interface Script {
  /** For bash, with the functions of prelude.sh. A command stands on the line on which it stands in the page. */
  readonly text: string;
  readonly shown: readonly Shown[];
  readonly namespaces: Namespaces;
}

/** Languages of blocks that hold commands; '' is a session, if anything. */
const SESSIONS = ['', 'console'];
/** Languages of blocks that hold none. */
const OTHERS = ['yaml', 'ts', 'promql', 'json', 'text', 'mermaid'];
const PROMPT = /^\$ /;

/** A block that commands are taken from: a series of them, or a session with at least one. */
export function hasCommands({ language, lines }: Fence): boolean {
  return language === 'sh' || (SESSIONS.includes(language) && lines.some((line) => PROMPT.test(line)));
}

/** Of blocks in a language that is not known to hold no commands. */
export function languageProblems({ fences }: Page): string[] {
  return fences
    .filter(({ language }) => !['sh', ...SESSIONS, ...OTHERS].includes(language))
    .map(({ line, language }) => `${line}: a block of "${language}"; write sh, console, or what it is`);
}

export function scriptOf(page: Page): Script {
  const lines: string[] = [];
  const shown: Shown[] = [];
  const put = (line: number, text: string): void => {
    while (lines.length < line) lines.push('');
    lines[line - 1] = text;
  };
  for (const {
    line,
    lines: [first = '', ...rest],
  } of page.givens) {
    put(line, [`__at ${line}`, first.trim()].filter((part) => part !== '').join('; '));
    rest.forEach((text, index) => {
      put(line + 1 + index, text);
    });
  }
  for (const fence of page.fences.filter((each) => hasCommands(each) && each.notRun === undefined)) {
    if (fence.language === 'sh') {
      put(fence.line, `__at ${fence.line}`);
      fence.lines.forEach((text, index) => {
        put(fence.line + 1 + index, text);
      });
    } else shown.push(...session(fence, put));
  }
  const text = `${lines.join('\n')}\n`;
  return { text, shown, namespaces: namespacesIn(text) };
}

/** What follows a command up to the next prompt is its output; one that begins with an error has to fail. */
function session(fence: Fence, put: (line: number, text: string) => void): Shown[] {
  const shown: Shown[] = [];
  for (let at = 0; at < fence.lines.length; at += 1) {
    if (!PROMPT.test(fence.lines[at] ?? '')) continue;
    const start = at;
    while (/\\$/.test(fence.lines[at] ?? '')) at += 1;
    const next = fence.lines.findIndex((line, index) => index > at && PROMPT.test(line));
    const output = fence.lines.slice(at + 1, next === -1 ? undefined : next);
    const fails = /^error\b/i.test(output[0] ?? '');
    const line = fence.line + 1 + start;
    for (let index = start; index <= at; index += 1)
      put(fence.line + 1 + index, (fence.lines[index] ?? '').replace(/^(?:\$|>) /, ''));
    put(line, `__at ${line}; ${fails ? 'if ' : ''}${(fence.lines[start] ?? '').replace(PROMPT, '')}`);
    if (fails) put(fence.line + 2 + at, `then __succeeded ${line}; fi`);
    shown.push({ line, output });
  }
  return shown;
}

function namespacesIn(text: string): Namespaces {
  const all = (pattern: RegExp): string[] => [
    ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
  ];
  const created = all(/\bcreate (?:namespace|ns) ([a-z0-9-]+)/g);
  const named = all(/\s(?:-n|--namespace)[ =]([a-z0-9][a-z0-9-]*)/g);
  return { created, named: named.filter((name) => ![...created, ...SYSTEM].includes(name)) };
}

const SYSTEM = ['default', 'kube-system'];

/** Headings of columns and labels, as text to compare: 'NAME | TYPE', 'Leader Service:'. */
export function headingsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const columns = line.trim().split(/ {2,}/);
    if (columns.length > 1 && columns.every((column) => /^[A-Z][A-Z()-]*(?: [A-Z]+)*$/.test(column)))
      return [columns.join(' | ')];
    return /^[A-Z][A-Za-z ]*:(?=  )/.exec(line)?.[0] ?? [];
  });
}
