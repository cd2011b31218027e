/** Steps of a test run: shell commands, of which those that run mocha also tell how many tests passed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Step {
  readonly title: string;
  /** For sh. */
  readonly command: string;
  /** Runs mocha: reporter options are put after the command, and its tests are counted. */
  readonly mocha: boolean;
}

/** Where the output of a step goes: to ours, or nowhere. */
export type Output = 'inherit' | 'ignore';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Tests that were skipped. */
  readonly pending: number;
  /** Why it failed where no test did. */
  readonly reason?: string;
}

/** Runs a step in the directory `root`. What is not mocha counts only when it fails, as one. */
export async function runStep(
  { command, mocha }: Step,
  root: string,
  output: Output = 'inherit',
): Promise<Outcome> {
  if (!mocha) {
    const exit = await shell(command, root, output);
    return exit === 0
      ? { passed: 0, failed: 0, pending: 0 }
      : { passed: 0, failed: 1, pending: 0, reason: `ended with ${String(exit)}` };
  }
  const directory = mkdtempSync(join(tmpdir(), 'zen-lead-tests-'));
  try {
    const counts = join(directory, 'counts.json');
    const reporter = join(import.meta.dirname, '..', '..', 'test', 'support', 'counting-reporter.ts');
    const options = `--forbid-only --reporter '${reporter}' --reporter-option 'counts=${counts}'`;
    return outcomeOf(await shell(`${command} ${options}`, root, output), countsIn(counts));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface Counts {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

/** A suite that ends without a report, runs no test, or fails without a failed test is one failure more. */
export function outcomeOf(exit: number | string, counts: Counts | undefined): Outcome {
  if (counts === undefined)
    return { passed: 0, failed: 1, pending: 0, reason: `ended with ${String(exit)} before it was through` };
  const { passes: passed, failures: failed, pending } = counts;
  if (failed > 0) return { passed, failed, pending };
  if (passed === 0) return { passed, failed: 1, pending, reason: 'ran no test' };
  return exit === 0
    ? { passed, failed, pending }
    : { passed, failed: 1, pending, reason: `ended with ${String(exit)}` };
}

function countsIn(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return undefined;
  }
}

/** Exit status, or the name of the signal. */
function shell(command: string, root: string, output: Output): Promise<number | string> {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const child = spawn('sh', ['-c', command], {
    cwd: root,
    stdio: output,
    env: { ...process.env, PATH: path },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'nothing');
    });
  });
}
