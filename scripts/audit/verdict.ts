/** What is to be said of the registry's answers, and the exit status. */
import type { Advisory, Answers, Newer, Package, Unasked } from './ask.ts';

/** Exit status: all is well; something was found; nothing was, but not everything could be asked. */
export const CLEAN = 0;
export const FOUND = 1;
export const UNASKED = 3;

export interface Verdict {
  readonly lines: readonly string[];
  readonly status: typeof CLEAN | typeof FOUND | typeof UNASKED;
}

export function verdictOf(packages: readonly Package[], answers: Answers): Verdict {
  const { registry } = answers;
  const parts = [
    deprecations(answers.deprecated, registry),
    advisories(answers.advisories, registry, packages),
    newer(answers.newer, registry),
  ];
  const statuses = parts.map(({ status }) => status);
  return {
    lines: [
      `${packages.length} packages of the bundle, by ${registry}`,
      ...parts.flatMap(({ lines }) => lines),
    ],
    status: ([FOUND, UNASKED] as const).find((status) => statuses.includes(status)) ?? CLEAN,
  };
}

function deprecations(deprecated: Answers['deprecated'], registry: string): Verdict {
  if (isUnasked(deprecated)) return unasked('deprecation notices', registry, deprecated);
  return found(
    deprecated.map(({ name, version, notice }) => `deprecated: ${name} ${version}: ${notice}`),
    {
      none: 'deprecated: none',
    },
  );
}

/** One of a package that is installed but not in the bundle concerns nobody who runs it: it is told, no more. */
function advisories(all: Answers['advisories'], registry: string, packages: readonly Package[]): Verdict {
  if (isUnasked(all)) return unasked('advisories', registry, all);
  const bundled = new Set(packages.map(({ directory }) => directory));
  const isInside = ({ directories }: Advisory): boolean => directories.some((each) => bundled.has(each));
  const { lines, status } = found(
    all.filter(isInside).map((each) => `advisory: ${textOf(each)}`),
    {
      none: 'advisories: none',
    },
  );
  const others = all.filter((each) => !isInside(each));
  return {
    lines: [...lines, ...others.map((each) => `advisory, but not in the bundle: ${textOf(each)}`)],
    status,
  };
}

/** An old version is no finding; it tells where a fix could be missed. */
function newer(all: Answers['newer'], registry: string): Verdict {
  if (isUnasked(all)) return { ...unasked('newer versions', registry, all), status: CLEAN };
  return { ...found(all.map(newerText), { none: 'newer versions: none' }), status: CLEAN };
}

function found(lines: readonly string[], { none }: { none: string }): Verdict {
  return lines.length === 0 ? { lines: [none], status: CLEAN } : { lines, status: FOUND };
}

function unasked(what: string, registry: string, { unasked: why }: Unasked): Verdict {
  return { lines: [`${what}: could not be asked of ${registry}: ${why}`], status: UNASKED };
}

function isUnasked(answer: object): answer is Unasked {
  return 'unasked' in answer;
}

function textOf({ name, range, severity, title, url }: Advisory): string {
  return `${name} ${range}, ${severity}: ${title}, ${url}`;
}

function newerText({ name, version, taken, newest }: Newer): string {
  const is = `newer: ${name} ${version}, newest ${newest}`;
  if (taken === newest) return is;
  return `${is}, of which those who need it take ${taken === version ? 'none newer' : taken}`;
}
