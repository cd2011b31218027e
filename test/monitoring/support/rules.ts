/** The rule files of config/prometheus, and the dashboard, as users get them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const ROOT = resolve(import.meta.dirname, '../../..');
export const RULE_FILES = ['recording', 'alerts'].map((name) =>
  join(ROOT, 'config/prometheus', `${name}.yaml`),
);
const TESTS = join(ROOT, 'test/monitoring/rules');
/** Of promtool test rules. */
export const RULE_TESTS = readdirSync(TESTS).map((name) => join(TESTS, name));

/** The lines of all fenced blocks of a language in the runbooks. */
export function runbookLines(language: 'sh' | 'promql'): string[] {
  const pages = readdirSync(join(ROOT, 'docs/runbooks')).map((name) =>
    readFileSync(join(ROOT, 'docs/runbooks', name), 'utf8'),
  );
  const fence = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g');
  return pages.flatMap((page) =>
    [...page.matchAll(fence)].flatMap(([, block = '']) => block.trim().split('\n')),
  );
}

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

export function groupsIn(yaml: string): readonly Group[] {
  return (parse(yaml) as { groups: Group[] }).groups;
}

export function rules(): readonly Rule[] {
  return RULE_FILES.flatMap((file) => groupsIn(readFileSync(file, 'utf8'))).flatMap((group) => group.rules);
}

export function alertNames(): string[] {
  return rules().flatMap(({ alert }) => alert ?? []);
}

/** What is exported, with what a histogram or the scrape makes of it. */
export function metricsIn(expr: string): string[] {
  return [...expr.matchAll(/(?<![\w:])(?:zen_lead|process)_\w+/g)].map(([name]) =>
    name.replace(/_(?:bucket|sum|count)$/, ''),
  );
}
