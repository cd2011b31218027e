/** The ways to install it: files of values in modes/, each with what the chart makes of it in golden/. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onExit } from '../../cluster/run/exit-hooks.ts';
import { CHART, template, type Release } from './helm.ts';

const MODES = resolve(import.meta.dirname, '../modes');
export const RELEASE: Release = { name: 'leader', namespace: 'operators' };

export interface Mode {
  name: string;
  /** YAML */
  values: string;
}

export const modes: readonly Mode[] = readdirSync(MODES).map((file) => ({
  name: file.replace(/\.yaml$/, ''),
  values: readFileSync(join(MODES, file), 'utf8'),
}));

export async function render({ values, name }: Mode): Promise<string> {
  return template(RELEASE, values, name === 'content' ? chartWithContent() : CHART);
}

let withContent: string | undefined;

/** As a version of the chart will be that brings rules and a dashboard. */
function chartWithContent(): string {
  withContent ??= copy();
  return withContent;
}

function copy(): string {
  const directory = mkdtempSync(join(tmpdir(), 'zen-lead-chart-'));
  onExit(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  cpSync(CHART, directory, { recursive: true });
  mkdirSync(join(directory, 'files'), { recursive: true });
  const rules = 'groups:\n  - name: zen-lead\n    rules:\n      - alert: Example\n        expr: vector(1)\n';
  writeFileSync(join(directory, 'files/prometheus-rules.yaml'), rules);
  writeFileSync(join(directory, 'files/dashboard.json'), '{\n  "title": "Example {{ namespace }}"\n}\n');
  return directory;
}
