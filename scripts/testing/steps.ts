/** Steps of a test run: shell commands, of which those that run mocha also tell how many tests passed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Step {
  readonly title: string;
  /** For sh. */
  readonly command: string;
  /** Runs mocha: reporter options are put after the command, and its tests are counted. */
  readonly mocha: boolean;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Tests that were skipped. */
  readonly pending: number;
  /** Why it failed where no test did. */
  readonly reason?: string;
}

/** And what was written to standard output and standard error. */
export type StepOutcome = Outcome & { readonly output: string };

/** Runs a step in the directory `root`. What is not mocha counts only when it fails, as one. */
export async function runStep({ command, mocha }: Step, root: string): Promise<StepOutcome> {
  const directory = mkdtempSync(join(tmpdir(), 'zen-lead-tests-'));
  try {
    const file = join(directory, 'output');
    if (!mocha)
      return { ...outcomeOfCheck(await shell(command, root, file)), output: readFileSync(file, 'utf8') };
    const counts = join(directory, 'counts.json');
    const reporter = join(import.meta.dirname, '..', '..', 'test', 'support', 'counting-reporter.ts');
    const options = `--forbid-only --reporter '${reporter}' --reporter-option 'counts=${counts}'`;
    const exit = await shell(`${command} ${options}`, root, file);
    return { ...outcomeOf(exit, countsIn(counts)), output: readFileSync(file, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function outcomeOfCheck(exit: number | string): Outcome {
  return exit === 0
    ? { passed: 0, failed: 0, pending: 0 }
    : { passed: 0, failed: 1, pending: 0, reason: `ended with ${String(exit)}` };
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
async function shell(command: string, root: string, outputFile: string): Promise<number | string> {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const output = openSync(outputFile, 'a');
  try {
    const child = spawn('sh', ['-c', command], {
      cwd: root,
      stdio: ['inherit', output, output],
      env: { ...process.env, PATH: path, ...colours() },
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return code ?? signal ?? 'nothing';
  } finally {
    closeSync(output);
  }
}

/** The step writes to a file; what is written there ends on our terminal, if we have one. */
function colours(): Record<string, string> {
  return process.stdout.isTTY && process.env['NO_COLOR'] === undefined ? { FORCE_COLOR: '1' } : {};
}
