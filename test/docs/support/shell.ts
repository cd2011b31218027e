/** Runs the script of a page to its end, and tells which of its commands failed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onExit } from '../../cluster/run/exit-hooks.ts';
import type { Surroundings } from './surroundings.ts';

const PRELUDE = join(import.meta.dirname, '..', 'prelude.sh');
/** Milliseconds for all commands of a page. */
const PAGE_MS = 90_000;
/** Lines of output that a failure shows. */
const SHOWN_LINES = 40;
/** Comes before what prelude.sh tells. */
const MARK = '\x1e';

export interface Outcome {
  /** Absent where all is well. */
  readonly failure?: Failure;
  /** What was printed from a marked line on to the next one, by line of the page. */
  readonly outputs: ReadonlyMap<number, string>;
}

export interface Failure {
  /** Line of the page; undefined where bash did not get so far as to say it. */
  readonly line: number | undefined;
  readonly problem: string;
  /** The last of what was printed. */
  readonly output: string;
}

export async function runScript(script: string, { root, env }: Surroundings): Promise<Outcome> {
  const file = join(root, '.home', 'page.sh');
  writeFileSync(file, script);
  // A group of its own: what the page leaves in the background ends with it.
  const child = spawn('bash', ['-euo', 'pipefail', file], {
    cwd: root,
    env: { ...env, BASH_ENV: PRELUDE },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const killGroup = (): void => {
    try {
      process.kill(-(child.pid ?? Infinity), 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  };
  const forget = onExit(killGroup);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const limit = AbortSignal.timeout(PAGE_MS);
  limit.addEventListener('abort', killGroup);
  const closed = once(child, 'close');
  const [status] = (await once(child, 'exit')) as [number | null];
  limit.removeEventListener('abort', killGroup);
  killGroup();
  forget();
  await closed;
  return outcomeOf(limit.aborted ? 'late' : status, output);
}

/** @param status null: ended by a signal */
export function outcomeOf(status: number | null | 'late', output: string): Outcome {
  const outputs = new Map<number, string>();
  let failed: Failure | undefined;
  let at: number | undefined;
  for (const part of output.split(MARK)) {
    const [head = '', ...rest] = part.split('\n');
    const text = rest.join('\n');
    const told = /^failed (\d+) (\d+)$/.exec(head);
    if (told !== null) {
      const problem =
        told[1] === '0' ? 'succeeded, and the page shows an error' : `exit status ${told[1] ?? ''}`;
      failed = { line: Number(told[2]), problem, output: tail(outputs.get(at ?? 0) ?? '') };
    } else if (/^\d+$/.test(head)) {
      at = Number(head);
      outputs.set(at, text);
    }
  }
  if (status === 0) return { outputs };
  if (status === 'late') return { outputs, failure: { line: at, problem: 'no end', output: tail(output) } };
  const bashs = /line (\d+): /.exec(output.split(MARK).at(-1) ?? '')?.[1];
  const line = bashs === undefined ? at : Number(bashs);
  return { outputs, failure: failed ?? { line, problem: `exit status ${status}`, output: tail(output) } };
}

function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
