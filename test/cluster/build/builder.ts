import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterError } from '../errors.ts';
import { withLock } from '../lock.ts';
import { requireGo, run } from './go.ts';
import { progressOn } from './progress.ts';
import { discard, install, isIntact } from './stamp.ts';
import { BUILD_FLAGS, families, familyCache, tagFlags } from './tools.ts';
import type { Progress, Step } from './progress.ts';
import type { Family, Tool, ToolName } from './tools.ts';

const PARTIAL = '.partial-';

/** One binary to be made. */
export interface Job {
  family: Family;
  tool: Tool;
  /** Directory of the finished binary and its family's extras. */
  cache: string;
}

/** The parts of a build that a test replaces. */
export interface Builders {
  /** Fails with a ClusterError when nothing can be built at all. */
  check: (job: Job) => Promise<void>;
  /** Writes the executable to `output`. */
  compile: (job: Job, output: string, onLine: Step['onLine']) => Promise<void>;
}

const goBuilders: Builders = {
  check: (job) => requireGo(job.family.directory),
  compile: async ({ family, tool }, output, onLine) => {
    const flags = [...BUILD_FLAGS, ...tagFlags(family), '-ldflags', family.ldflags];
    const args = ['build', '-v', ...flags, '-o', output, tool.package];
    await run('go', args, { cwd: family.directory, onLine });
  },
};

const fileOf = (job: Job): string => join(job.cache, job.tool.name);

/**
 * Makes sure that the wanted tools (all that a cluster may need, unless told otherwise) are built and whole, and returns their paths.
 * Only what is missing or broken is built. Several processes may do this at once.
 */
export async function ensureTools(
  wanted?: readonly ToolName[],
  progress: Progress = progressOn(),
): Promise<Record<ToolName, string>> {
  const jobs = families().flatMap((family) => {
    const cache = familyCache(family);
    return family.tools.map((tool): Job => ({ family, tool, cache }));
  });
  const chosen = jobs.filter(
    ({ tool, family }) => wanted?.includes(tool.name as ToolName) ?? family.onDemand !== true,
  );
  await ensureJobs(chosen, progress, goBuilders);
  return Object.fromEntries(jobs.map((job) => [job.tool.name, fileOf(job)])) as Record<ToolName, string>;
}

export function toolNames(): ToolName[] {
  return families().flatMap(({ tools }) => tools.map(({ name }) => name as ToolName));
}

/** The tools' extra files, by name: kwok's stages. */
export function extrasOf(name: ToolName): string[] {
  const family = families().find(({ tools }) => tools.some((tool) => tool.name === name));
  if (family === undefined) throw new Error(`no family has the tool ${name}`);
  const cache = familyCache(family);
  return Object.keys(family.extras).map((file) => join(cache, file));
}

export async function ensureJobs(
  jobs: readonly Job[],
  progress: Progress,
  builders: Builders,
): Promise<void> {
  const missing: Job[] = [];
  for (const job of jobs) if (!(await isReady(job))) missing.push(job);
  const [first] = missing;
  if (first === undefined) return;
  await builders.check(first);
  progress.note(`Building the tests' tools, once for this user: ${String(missing.length)} missing.`);
  for (const [index, job] of missing.entries()) {
    const title = `[${String(index + 1)}/${String(missing.length)}] ${job.tool.name} ${job.family.version}`;
    await withLock(
      `${job.cache}.lock`,
      () => buildOne(job, title, progress, builders),
      (pid) => {
        progress.note(`${title}: waiting for the build of process ${String(pid)}`);
      },
    );
  }
}

async function isReady(job: Job): Promise<boolean> {
  for (const extra of Object.keys(job.family.extras)) {
    if (!(await exists(join(job.cache, extra)))) return false;
  }
  return isIntact(fileOf(job));
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function buildOne(job: Job, title: string, progress: Progress, builders: Builders): Promise<void> {
  // Somebody else may have built it while this process waited for the lock.
  if (await isReady(job)) return;
  await mkdir(job.cache, { recursive: true });
  await removeLeftovers(job.cache);
  await discard(fileOf(job));
  const partial = join(job.cache, `${PARTIAL}${String(process.pid)}-${job.tool.name}`);
  const step = progress.begin(title);
  let result = 'failed';
  try {
    await builders.compile(job, partial, step.onLine);
    await smokeTest(job, partial);
    await copyExtras(job);
    await install(partial, fileOf(job));
    result = 'done';
  } finally {
    step.end(result);
    await rm(partial, { force: true });
  }
}

/** What killed builds left. The lock is held, so no living build owns them. */
async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (name.startsWith(PARTIAL)) await rm(join(cache, name), { force: true });
  }
}

async function smokeTest({ family, tool }: Job, file: string): Promise<void> {
  const output = await run(file, tool.versionArgs);
  if (!output.includes(family.version.replace(/^v/, ''))) {
    throw new ClusterError(`Expected ${tool.name} to be ${family.version}, got: ${output.trim()}`);
  }
}

async function copyExtras({ family, cache }: Job): Promise<void> {
  const extras = Object.entries(family.extras);
  if (extras.length === 0) return;
  const args = ['list', '-m', '-f', '{{.Dir}}', family.module];
  const source = (await run('go', args, { cwd: family.directory })).trim();
  for (const [name, path] of extras) {
    const partial = join(cache, `${PARTIAL}${String(process.pid)}-${name}`);
    await copyFile(join(source, path), partial);
    await rename(partial, join(cache, name));
  }
}
