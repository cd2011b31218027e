import { expect } from 'chai';
import { join } from 'node:path';
import { outcomeOf, runStep } from '../../../scripts/testing/steps.ts';
import type { Outcome } from '../../../scripts/testing/steps.ts';
import { TestDirectory } from '../support/kubeconfig.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('outcomeOf a suite', () => {
  const cases: [string, Parameters<typeof outcomeOf>, Outcome][] = [
    ['counts what passed', [0, { passes: 3, failures: 0, pending: 1 }], { passed: 3, failed: 0, pending: 1 }],
    ['counts what failed', [2, { passes: 3, failures: 2, pending: 0 }], { passed: 3, failed: 2, pending: 0 }],
    [
      'fails without tests',
      [0, { passes: 0, failures: 0, pending: 4 }],
      { passed: 0, failed: 1, pending: 4, reason: 'ran no test' },
    ],
    [
      'fails without a report',
      [1, undefined],
      { passed: 0, failed: 1, pending: 0, reason: 'ended with 1 before it was through' },
    ],
    [
      'fails by its exit status',
      [7, { passes: 3, failures: 0, pending: 0 }],
      { passed: 3, failed: 1, pending: 0, reason: 'ended with 7' },
    ],
    [
      'fails when killed',
      ['SIGKILL', undefined],
      { passed: 0, failed: 1, pending: 0, reason: 'ended with SIGKILL before it was through' },
    ],
  ];
  for (const [title, input, expected] of cases) {
    it(title, () => {
      expect(outcomeOf(...input)).to.deep.equal(expected);
    });
  }
});

describe('runStep', function () {
  this.timeout(20_000);
  const directory = new TestDirectory();

  after(() => {
    directory.remove();
  });

  function suite(name: string, text: string): Promise<Outcome> {
    return runStep(
      { title: name, command: `mocha '${directory.write(`${name}.mjs`, text)}'`, mocha: true },
      root,
    );
  }

  it('counts the tests that mocha ran', async () => {
    const text = "it('a', () => {}); it('b', () => {}); it('c', () => { throw new Error('c'); }); it('d');";
    expect(await suite('mixed', text)).to.include({ passed: 2, failed: 1, pending: 1 });
  });

  it('fails a suite that ends before it is through', async () => {
    const outcome = await suite('crash', "it('a', () => {}); it('b', () => process.exit(0));");
    expect(outcome).to.include({ passed: 0, failed: 1 });
  });

  it('fails a suite in which one test was singled out', async () => {
    expect(await suite('only', "it.only('a', () => {}); it('b', () => {});")).to.include({ failed: 1 });
  });

  it('counts other commands only when they fail', async () => {
    const step = { title: 'a command', mocha: false };
    expect(await runStep({ ...step, command: 'true' }, root)).to.deep.equal({
      passed: 0,
      failed: 0,
      pending: 0,
      output: '',
    });
    const failed = await runStep({ ...step, command: 'true && exit 3' }, root);
    expect(failed).to.deep.equal({ passed: 0, failed: 1, pending: 0, reason: 'ended with 3', output: '' });
  });

  it('hands over all that was said, in the order in which it was', async () => {
    const command = 'echo one; echo two >&2; echo three';
    expect(await runStep({ title: 'talk', command, mocha: false }, root)).to.include({
      output: 'one\ntwo\nthree\n',
    });
  });

  it('finds the tools of the project, whatever is in PATH', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/usr/bin:/bin';
    try {
      const step = { title: 'a tool', command: 'mocha --version', mocha: false };
      expect(await runStep(step, root)).to.include({ failed: 0 });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
