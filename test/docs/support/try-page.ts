/** Tries all that a page holds, on the stage. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART, helm } from '../../chart/support/helm.ts';
import { pageOf, type Fence, type Page } from './fences.ts';
import { read } from './pages.ts';
import { hasCommands, headingsIn, scriptOf, type Namespaces, type Script } from './script.ts';
import { runScript, type Failure, type Outcome } from './shell.ts';
import type { Stage } from './stage.ts';
import { fileNameOf, yamlOf, type Yaml } from './yaml.ts';

/** A page with what of it is tried. */
export interface Trial {
  readonly path: string;
  readonly text: string;
  readonly page: Page;
  readonly script: Script;
  readonly yamls: readonly { readonly fence: Fence; readonly yaml: Yaml }[];
  /** Blocks of commands that are run. */
  readonly run: readonly Fence[];
  /** Blocks that say why they are not tried. */
  readonly notRun: readonly Fence[];
}

/** @param values the chart's values at the top */
export function trialOf(path: string, values: readonly string[]): Trial {
  const text = read(path);
  const page = pageOf(text);
  const tried = page.fences.filter(({ notRun }) => notRun === undefined);
  return {
    path,
    text,
    page,
    script: scriptOf(page),
    yamls: tried
      .filter(({ language }) => language === 'yaml')
      .map((fence) => ({ fence, yaml: yamlOf(fence.lines.join('\n'), values) })),
    run: tried.filter(hasCommands),
    notRun: page.fences.filter(({ notRun }) => notRun !== undefined),
  };
}

/** What does not work, in words; empty where all does. */
export async function tryPage(trial: Trial, stage: Stage): Promise<string[]> {
  const own = `page-${trial.path
    .replace(/\.md$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')}`;
  return stage.play(own, namespacesOf(trial), async (around) => {
    const failures: string[] = [];
    for (const { fence, yaml } of trial.yamls) {
      const failure = await tryYaml(yaml, own, stage);
      if (failure !== undefined) failures.push(`${trial.path}:${fence.line}: ${failure}`);
      const name = fileNameOf(fence.lines);
      if (name !== undefined) writeFileSync(join(around.root, name), fence.lines.join('\n'), { flag: 'wx' });
    }
    const outcome = await runScript(trial.script.text, around);
    if (outcome.failure !== undefined) failures.push(told(trial, outcome.failure));
    else failures.push(...notReached(trial, outcome), ...otherHeadings(trial, outcome));
    return failures;
  });
}

/** And those that its manifests name. */
function namespacesOf({ script, yamls }: Trial): Namespaces {
  const ofManifests = yamls.flatMap(({ yaml }) => (yaml.kind === 'manifest' ? yaml.namespaces : []));
  const named = new Set([...script.namespaces.named, ...ofManifests]);
  return { created: script.namespaces.created, named: [...named] };
}

async function tryYaml(yaml: Yaml, namespace: string, { cluster }: Stage): Promise<string | undefined> {
  if (yaml.kind === 'unknown') return yaml.problem;
  if (yaml.kind === 'values') {
    const { code, stderr } = await helm(['template', 'zen-lead', CHART, '--values', '-'], yaml.text);
    return code === 0 ? undefined : stderr.trim();
  }
  if (yaml.kind === 'metadata') return undefined;
  const args = ['-n', namespace, 'apply', '--dry-run=server', '--validate=strict', '-f', '-'];
  return cluster.kubectl(args, yaml.text).then(
    () => undefined,
    (error: unknown) => String(error),
  );
}

function told({ path, text }: Trial, { line, problem, output }: Failure): string {
  const command = line === undefined ? '' : `\n    ${(text.split('\n')[line - 1] ?? '').trim()}`;
  const printed = output === '' ? '' : `\n  after this output:\n${output.replaceAll(/^/gm, '    ')}`;
  return `${path}:${line ?? '?'}: ${problem}${command}${printed}`;
}

/** Blocks that a page has ended before, without an error. */
function notReached({ path, run, script }: Trial, { outputs }: Outcome): string[] {
  const series = run.filter(({ language }) => language === 'sh');
  return [...series, ...script.shown]
    .filter(({ line }) => !outputs.has(line))
    .map(({ line }) => `${path}:${line}: the commands before it have ended the shell`);
}

/** Of commands whose output the page shows with other columns or labels than those it has. */
function otherHeadings({ path, script }: Trial, { outputs }: Outcome): string[] {
  return script.shown.flatMap(({ line, output }) => {
    const real = headingsIn((outputs.get(line) ?? '').split('\n'));
    return headingsIn(output)
      .filter((heading) => !real.includes(heading))
      .map((heading) => `${path}:${line}: shows "${heading}", printed is ${JSON.stringify(real)}`);
  });
}
