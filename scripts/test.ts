/** All checks and tests, in the order in which a failure is cheapest. The last line is "N passed, N failed". */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './testing/steps.ts';
import type { Outcome, Step } from './testing/steps.ts';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** A step that does what `npm run <name>` does. */
function step(title: string, name: string, options: { mocha?: boolean; prefix?: string } = {}): Step {
  const script = scripts[name];
  if (script === undefined) throw new Error(`Expected package.json to have a script "${name}"`);
  return { title, command: `${options.prefix ?? ''}${script}`, mocha: options.mocha === true };
}

const STEPS = [
  step('Lint', 'lint'),
  step('Type check', 'typecheck'),
  step('Unit tests', 'test:unit', { mocha: true, prefix: 'c8 ' }),
  step('Tests of the test cluster', 'test:cluster', { mocha: true }),
  step('Integration tests', 'test:integration', { mocha: true }),
  step('Fault tests', 'test:faults', { mocha: true }),
  step('Chart tests', 'test:chart', { mocha: true }),
];

function summary({ title }: Step, { passed, failed, pending, reason }: Outcome, seconds: string): string {
  const counts = [
    passed > 0 ? ` ${passed} passed` : '',
    failed > 0 ? ` ${failed} failed` : '',
    pending > 0 ? ` ${pending} skipped` : '',
    reason === undefined ? '' : ` (${reason})`,
  ];
  return `${failed === 0 ? 'ok    ' : 'FAILED'} ${title.padEnd(26)} ${seconds.padStart(7)} s ${counts.join('')}`;
}

const lines: string[] = [];
let passed = 0;
let failed = 0;
for (const each of STEPS) {
  console.log(`\n=== ${each.title}\n`);
  const started = performance.now();
  const outcome = await runStep(each, root);
  const line = summary(each, outcome, ((performance.now() - started) / 1000).toFixed(1));
  console.log(`\n${line}`);
  lines.push(line);
  passed += outcome.passed;
  failed += outcome.failed;
}
console.log(`\n=== Summary\n\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
