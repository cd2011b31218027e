/** The real helm, with no settings of the machine's own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ensureTools } from '../../cluster/build/builder.ts';
import { onExit } from '../../cluster/run/exit-hooks.ts';

export const CHART = resolve(import.meta.dirname, '../../../config/chart');

const home = mkdtempSync(join(tmpdir(), 'zen-lead-helm-'));
onExit(() => {
  rmSync(home, { recursive: true, force: true });
});

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** An object that the chart renders. */
export interface Rendered {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [field: string]: unknown;
}

/** Runs helm to its end, whatever that is. @param input for its standard input */
export async function helm(args: readonly string[], input = '', kubeconfig = '/nonexistent'): Promise<Ran> {
  const { helm: binary } = await ensureTools(['helm']);
  const child = spawn(binary, args, {
    env: { PATH: '', HOME: home, KUBECONFIG: kubeconfig },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  // helm may end without having read it.
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((end, fail) => {
    child.once('error', fail).once('close', (code) => {
      end({ code, ...output });
    });
  });
}

/** Standard output; throws where helm fails. */
export async function helmOk(args: readonly string[], input = '', kubeconfig?: string): Promise<string> {
  const { code, stdout, stderr } = await helm(args, input, kubeconfig);
  if (code !== 0) throw new Error(`helm ${args.join(' ')}: exit ${String(code)}: ${stderr}`);
  return stdout;
}

export interface Release {
  name: string;
  namespace: string;
}

const rendered = new Map<string, Promise<string>>();

/**
 * What `helm template` prints, as of a cluster of the version that the tests run on. Many tests look at the same: it is
 * rendered once. @param values YAML or JSON
 */
export async function template({ name, namespace }: Release, values = '', chart = CHART): Promise<string> {
  const args = ['template', name, chart, '--namespace', namespace, '--kube-version', '1.37.0', '-f', '-'];
  const key = JSON.stringify([args, values]);
  const text = rendered.get(key) ?? helmOk(args, values);
  rendered.set(key, text);
  return text;
}

export function objectsIn(yaml: string): Rendered[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as Rendered | null)
    .filter((object) => object !== null);
}

export function kindsIn(objects: readonly Rendered[], kind: string): Rendered[] {
  return objects.filter((object) => object.kind === kind);
}
