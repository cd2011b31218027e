/** The cluster that --kubeconfig and --context name; without them the one that kubectl would take. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ZenLeadError } from '../errors.ts';
import { loadKubeConfig, type LoadedConfig } from '../kube/kubeconfig.ts';

export interface Which {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Environment for whatever finds its kubeconfig by itself: kubectl too. */
export function environmentFor({ kubeconfig }: Which, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return kubeconfig === undefined ? env : { ...env, KUBECONFIG: kubeconfig };
}

/** @throws ZenLeadError InvalidKubeconfig: one line that names the file, what is wrong and what is expected */
export function loadFor(which: Which, env: NodeJS.ProcessEnv): LoadedConfig {
  const own = environmentFor(which, env);
  if (which.context === undefined) return loadKubeConfig(own);
  const given = own['KUBECONFIG'] ?? '';
  const files = given === '' ? join(own['HOME'] ?? homedir(), '.kube', 'config') : given;
  if (!files.split(delimiter).some((file) => existsSync(file))) {
    throw new ZenLeadError(
      'InvalidKubeconfig',
      `--context ${which.context}: the kubeconfig ${files} does not exist; give --kubeconfig, or set KUBECONFIG`,
    );
  }
  return inContext(which.context, files, own);
}

/** Of several kubeconfig files the first that names a current context wins: kubectl's own rule, and so is what it refers to checked. */
function inContext(context: string, files: string, env: NodeJS.ProcessEnv): LoadedConfig {
  const directory = mkdtempSync(join(tmpdir(), 'kubectl-leader-'));
  try {
    const first = join(directory, 'context');
    // JSON is YAML.
    writeFileSync(first, JSON.stringify({ 'current-context': context }), { mode: 0o600 });
    const prefix = `${first}, `;
    try {
      return loadKubeConfig({ ...env, KUBECONFIG: `${first}${delimiter}${files}` });
    } catch (error) {
      if (!(error instanceof ZenLeadError)) throw error;
      throw new ZenLeadError(error.code, error.message.replace(prefix, ''), { cause: error.cause });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}
