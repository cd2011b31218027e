/** npm, asked for JSON. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname } from 'node:path';

export interface NpmOptions {
  /** The project's directory. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/** npm had no answer; the message says from whom. */
export class NpmError extends Error {}

/** What npm prints where something went wrong, whatever its command. */
interface Failure {
  readonly error?: { readonly summary: string };
  /** Of `npm audit`, where `error` says nothing. */
  readonly message?: string;
}

/**
 * What npm prints, parsed. Its exit status is not looked at: that of `outdated` and `audit` tells what they found.
 * @throws NpmError where it found nothing out
 */
export async function npmJson(args: readonly string[], options: NpmOptions): Promise<unknown> {
  const { stdout, stderr } = await npm([...args, '--json'], options);
  const answer = parsed(stdout) as Failure | undefined;
  if (answer === undefined) throw new NpmError(`npm ${args.join(' ')}: ${stderr.trim()}`);
  const why = answer.error === undefined ? undefined : (answer.message ?? answer.error.summary);
  if (why !== undefined) throw new NpmError(why);
  return answer;
}

/** As npm is set up on this machine. */
export async function registryOf(options: NpmOptions): Promise<string> {
  return (await npm(['config', 'get', 'registry'], options)).stdout.trim().replace(/\/$/, '');
}

async function npm(
  args: readonly string[],
  { root, env }: NpmOptions,
): Promise<Record<'stdout' | 'stderr', string>> {
  // npm leaves out versions that its own Node.js is too old for: it has to run on ours.
  const path = [dirname(process.execPath), env['PATH'] ?? ''].join(delimiter);
  const child = spawn('npm', [...args], {
    cwd: root,
    env: { ...env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  await once(child, 'close');
  return output;
}

/** undefined: no JSON, or nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
