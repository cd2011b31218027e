/** What README and docs tell people to type, typed. How a page says what is run is in CONTRIBUTING.md. */
import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PAGES, read, ROOT } from './support/pages.ts';
import { languageProblems } from './support/script.ts';
import { Stage } from './support/stage.ts';
import { trialOf, tryPage, type Trial } from './support/try-page.ts';

const VALUES = Object.keys(parse(read('config/chart/values.yaml')) as object);
const trials = PAGES.map((path) => trialOf(path, VALUES));
const tried = trials.filter(({ run, yamls }) => run.length + yamls.length > 0);

/** Pages that name a namespace come as far from each other as can be: the last one's is still going. */
function spread(pages: readonly Trial[]): Trial[] {
  const [apart = [], others = []] = [true, false].map((named) =>
    pages.filter(
      ({ script: { namespaces } }) => namespaces.named.length + namespaces.created.length > 0 === named,
    ),
  );
  if (apart.length === 0) return others;
  const share = Math.ceil(others.length / apart.length);
  return [...apart.flatMap((page, index) => [page, ...others.slice(index * share, (index + 1) * share)])];
}

describe('the blocks of README and docs', () => {
  it('say in which language they are, and why they are not run', () => {
    const problems = trials.flatMap(({ path, page }) =>
      [...page.problems, ...languageProblems(page)].map((problem) => `${path}:${problem}`),
    );
    expect(problems).to.deep.equal([]);
  });

  it('leave to other tests only what there are tests for', () => {
    const reasons = trials.flatMap(({ notRun }) => notRun.map((fence) => fence.notRun ?? ''));
    const tests = reasons.flatMap((reason) => reason.match(/\btest\/[\w./-]*\w/g) ?? []);
    expect(tests.length).to.be.greaterThan(0);
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).to.deep.equal([]);
  });

  it('are run but for a few', () => {
    const notRun = trials.flatMap(({ path, notRun: fences }) =>
      fences.map(({ line, notRun: reason = '' }) => `${path}:${line}: ${reason}`),
    );
    const run = trials.reduce((sum, { run: fences }) => sum + fences.length, 0);
    console.log(`      ${run} blocks of commands run, ${notRun.length} not:`);
    for (const line of notRun) console.log(`      ${line}`);
    expect(run).to.be.greaterThan(10);
  });
});

describe('the commands of a page', function () {
  this.timeout(180_000);
  let stage: Stage | undefined;

  before(async function () {
    // The very first run builds the control plane.
    this.timeout(3_600_000);
    stage = await Stage.open();
  });

  after(async () => {
    await stage?.close();
  });

  for (const trial of spread(tried)) {
    const { path, run, yamls } = trial;
    it(`${path}: ${run.length} blocks of commands, ${yamls.length} of YAML`, async () => {
      const failures = await tryPage(trial, stage!);
      if (failures.length > 0) expect.fail(failures.join('\n'));
    });
  }
});
