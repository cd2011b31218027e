/** `kubectl leader` as users run it: the real kubectl, with the plugin's bundle in PATH. */
import { expect } from 'chai';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ensureBundle } from './bundle.ts';
import { withPolicies } from './policy.ts';
import { sharedCluster } from './shared.ts';
import type { Stage } from './with-operator.ts';

const DIST = resolve(import.meta.dirname, '../../../dist');

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PluginOptions {
  /** The admin's unless told otherwise. */
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Goes before the plugin in PATH. */
  readonly path?: string;
}

/** Nothing of the machine's own settings, and no cache left behind in them; the pinned Node.js is the first one in PATH. */
function environment({ kubeconfig, env, path }: PluginOptions): NodeJS.ProcessEnv {
  const own = [dirname(process.execPath), DIST, process.env['PATH'] ?? ''];
  return {
    PATH: [...(path === undefined ? [] : [path]), ...own].join(delimiter),
    HOME: sharedCluster().stateDir,
    KUBECONFIG: kubeconfig ?? sharedCluster().kubeconfigPath,
    ...env,
  };
}

/** Runs `kubectl` with these arguments to its end. */
export async function kubectl(args: readonly string[], options: PluginOptions = {}): Promise<Answer> {
  await ensureBundle();
  return new Promise((done) => {
    execFile(sharedCluster().kubectlPath, args, { env: environment(options) }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Starts `kubectl leader` with these arguments; the caller ends it. */
export async function startLeader(
  args: readonly string[],
  options: PluginOptions = {},
): Promise<ChildProcess> {
  await ensureBundle();
  return spawn(sharedCluster().kubectlPath, ['leader', ...args], {
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * A directory with a `kubectl` that stands in for `kubectl port-forward`: the pods of the test cluster have no kubelet. It
 * says what it was asked for and that it listens, and stays until it is ended; asked for a port 1 it fails as for one that
 * is taken.
 */
export async function fakePortForward(): Promise<string> {
  const directory = await mkdtemp(join(sharedCluster().stateDir, 'kubectl-'));
  const file = join(directory, 'kubectl');
  const script = `#!/bin/sh
echo "asked for $*"
case "$*" in *" 1:"*) echo "unable to listen on port 1" >&2; exit 1;; esac
echo "Forwarding from 127.0.0.1"
exec sleep 600
`;
  await writeFile(file, script);
  await chmod(file, 0o755);
  return directory;
}

export interface PluginStage {
  readonly stage: Stage;
  /** `kubectl leader` with these arguments, in the namespace of the stage. */
  readonly leader: (...args: string[]) => Promise<Answer>;
  /** Its standard output; it must succeed. */
  readonly says: (...args: string[]) => Promise<string>;
  /** What -o json gives. */
  readonly json: (...args: string[]) => Promise<Record<string, unknown>[]>;
  /** A Service with annotations and its pods: `<name>-0` leads. */
  readonly annotated: (name: string, count?: number) => Promise<void>;
}

/** For the body of a describe: as `withPolicies`, with the plugin. */
export function withPlugin(prefix: string): PluginStage {
  const stage = withPolicies(prefix);
  const leader: PluginStage['leader'] = async (...args) => kubectl(['leader', ...args, '-n', stage.ns.name]);
  const says: PluginStage['says'] = async (...args) => {
    const { code, stdout, stderr } = await leader(...args);
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  return {
    stage,
    leader,
    says,
    json: async (...args) =>
      (JSON.parse(await says(...args, '-o', 'json')) as { items: Record<string, unknown>[] }).items,
    annotated: async (name, count = 2) => {
      await stage.ns.createService(name);
      await stage.ns.createPods(name, count);
      await stage.ns.leads(`${name}-leader`, `${name}-0`);
    },
  };
}

/** Asserts one line on standard error with these texts, nothing on standard output. */
export function fails(answer: Answer, code: number, ...texts: string[]): void {
  expect(answer.stderr).to.match(/^error: .*\n$/);
  for (const text of texts) expect(answer.stderr).to.contain(text);
  expect(answer).to.include({ code, stdout: '' });
}
