/** Links, headings and names of files in Markdown, HTML and SVG. Pure. */
import { pageOf } from './fences.ts';

/** What is prose: without fenced blocks and comments. */
function prose(text: string): string {
  const lines = text.split('\n');
  for (const { line, lines: content } of pageOf(text).fences)
    lines.fill('', line - 1, line + 1 + content.length);
  return lines.join('\n').replaceAll(/<!--[^]*?-->/g, '');
}

/** Targets of all links and pictures: Markdown's two ways, and attributes of HTML and SVG. What is in backticks is none. */
export function linksIn(text: string): string[] {
  const written = prose(text).replaceAll(/`[^`\n]*`/g, '``');
  return [
    /\]\(<?([^)\s>]+)>?(?: +"[^"]*")?\)/g,
    /^ *\[[^\]]+\]: +(\S+)/gm,
    /\b(?:href|src|srcset)="([^"\s]+)/g,
  ].flatMap((pattern) => [...written.matchAll(pattern)].map(([, link = '']) => link));
}

/** What the headings are called in links, as GitHub does it; one that comes again has a number. */
export function anchorsIn(text: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(text).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, title = '']) => {
    const anchor = title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** Paths of the repository in backticks, without those of what is built. */
export function pathsIn(text: string): string[] {
  return [...prose(text).matchAll(/`((?:src|test|docs|config|scripts|crds)\/[\w./-]*\w)`/g)].map(
    ([, path = '']) => path,
  );
}
