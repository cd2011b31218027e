/**
 * All checks and tests, two steps at a time: most of them wait for a control plane. With --e2e those on a real node too, where
 * this machine can run one. The last line is "N passed, N failed".
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { inLanes } from './testing/lanes.ts';
import { runStep } from './testing/steps.ts';
import type { Outcome, Step, StepOutcome } from './testing/steps.ts';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** A step that does what `npm run <name>` does. */
function step(title: string, name: string, options: { mocha?: boolean } = {}): Step {
  const script = scripts[name];
  if (script === undefined) throw new Error(`Expected package.json to have a script "${name}"`);
  return { title, command: script, mocha: options.mocha === true };
}

/** The longest first, so that the lanes end together. */
const STEPS = [
  step('Integration tests', 'test:integration', { mocha: true }),
  step('Chart tests', 'test:chart', { mocha: true }),
  step('Fault tests', 'test:faults', { mocha: true }),
  step('Lint', 'lint'),
  step('Unit tests', 'test:unit', { mocha: true }),
  step('Commands of the docs', 'test:docs', { mocha: true }),
  step('Tests of the test cluster', 'test:cluster', { mocha: true }),
  step('Monitoring tests', 'test:monitoring', { mocha: true }),
  step('Type check', 'typecheck'),
];
/** Alone: it measures. */
const E2E = step('End-to-end tests', 'test:e2e', { mocha: true });
const LANES = Math.min(2, availableParallelism());

function summary({ title }: Step, { passed, failed, pending, reason }: Outcome, seconds: string): string {
  const counts = [
    passed > 0 ? ` ${passed} passed` : '',
    failed > 0 ? ` ${failed} failed` : '',
    pending > 0 ? ` ${pending} skipped` : '',
    reason === undefined ? '' : ` (${reason})`,
  ];
  return `${failed === 0 ? 'ok    ' : 'FAILED'} ${title.padEnd(26)} ${seconds.padStart(7)} s ${counts.join('')}`;
}

async function run(each: Step): Promise<{ line: string; outcome: StepOutcome }> {
  const started = performance.now();
  const outcome = await runStep(each, root);
  return { line: summary(each, outcome, ((performance.now() - started) / 1000).toFixed(1)), outcome };
}

/** Beside the control plane. Built within a step, they would use up the time of its tests. */
const TOOLS = ['helm', 'promtool', 'prometheus'];
// The first time this takes minutes, and says how far it is. Where it fails, so does every step that needs it, with the reason.
spawnSync(process.execPath, ['test/cluster/main.ts', 'build', ...TOOLS], { cwd: root, stdio: 'inherit' });

/** Tells why not, where this machine cannot run a real node. Else what it needs is made, which takes minutes the first time. */
function canRunNode(): boolean {
  const node = (command: string): boolean =>
    spawnSync(process.execPath, ['test/node/main.ts', command], { cwd: root, stdio: 'inherit' }).status === 0;
  if (!node('packages')) {
    console.log('\nThe end-to-end tests are left out.\n');
    return false;
  }
  // Where this fails, so does the step, with the reason.
  node('build');
  return true;
}

// What a step says comes in one piece when it is through: that of two at once could not be told apart.
async function report(each: Step): ReturnType<typeof run> {
  console.log(`... ${each.title}`);
  const result = await run(each);
  console.log(`\n=== ${each.title}\n\n${result.outcome.output}\n${result.line}\n`);
  return result;
}

const results = await inLanes(LANES, STEPS, report);
if (process.argv.includes('--e2e') && canRunNode()) results.push(await report(E2E));
const passed = results.reduce((sum, { outcome }) => sum + outcome.passed, 0);
const failed = results.reduce((sum, { outcome }) => sum + outcome.failed, 0);
const lines = results.map(({ line }) => line).join('\n');
console.log(`\n=== Summary\n\n${lines}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
