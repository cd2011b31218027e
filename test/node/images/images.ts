/** The images that a node runs, each a file that is made once for this user and for what it is made from. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ensureTools } from '../../cluster/build/builder.ts';
import { progressOn } from '../../cluster/build/progress.ts';
import { discard, install, isIntact, stampFile } from '../../cluster/build/stamp.ts';
import { withLock } from '../../cluster/lock.ts';
import { imagesRoot } from '../../cluster/paths.ts';
import { packImage } from '../oci/image.ts';
import { writeTar } from '../oci/tar.ts';
import { makeOperatorImage, operatorInputs } from './operator.ts';
import { RECIPES } from './recipes.ts';
import { makeRootfs, rootfsArguments } from './rootfs.ts';
import type { Progress } from '../../cluster/build/progress.ts';
import type { Recipe, RecipeName } from './recipes.ts';

/** The operator's own is built by the project's Dockerfile. */
export type ImageName = RecipeName | 'zen-lead';

/** The image of every pod's first process. */
export const PAUSE_IMAGE = 'localhost/pause:1';
const KEPT_MS = 3_600_000;

/** Something that makes an archive: another `key` is another archive. */
export interface ImageJob {
  readonly title: string;
  readonly key: string;
  /** @param directory for files on the way, removed afterwards */
  readonly make: (output: string, directory: string) => Promise<void>;
}

/** A value of anything JSON → 12 characters that stand for it. */
export function keyOf(...inputs: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
}

/** Path of the image's archive; it is made first where it is missing. */
export async function ensureImage(name: ImageName, progress: Progress = progressOn()): Promise<string> {
  return ensureJob(name === 'zen-lead' ? await operatorJob() : recipeJob(name, RECIPES[name]), progress);
}

export async function ensurePauseImage(progress: Progress = progressOn()): Promise<string> {
  const { pause } = await ensureTools(['pause'], progress);
  const config = { Entrypoint: ['/pause'], User: '65535:65535' };
  return ensureJob(
    {
      title: 'pause',
      // The directory's name has the hash of the source in it.
      key: keyOf(basename(dirname(pause)), process.arch, config),
      make: async (output, directory) => {
        const layer = join(directory, 'layer.tar');
        await writeTar(layer, [{ path: 'pause', content: { file: pause }, mode: 0o755 }]);
        await packImage(output, { name: PAUSE_IMAGE, layers: [layer], config });
      },
    },
    progress,
  );
}

export function recipeJob(title: string, recipe: Recipe): ImageJob {
  return {
    title,
    key: keyOf(recipe, rootfsArguments(recipe, ''), process.arch),
    make: async (output, directory) => {
      const rootfs = join(directory, 'rootfs.tar');
      const scripts = join(directory, 'scripts.tar');
      await makeRootfs(recipe, rootfs, directory);
      const files = Object.entries(recipe.scripts);
      await writeTar(
        scripts,
        files.map(([path, text]) => ({ path, content: Buffer.from(text), mode: 0o755 })),
      );
      await packImage(output, { name: recipe.name, layers: [rootfs, scripts], config: recipe.config });
    },
  };
}

async function operatorJob(): Promise<ImageJob> {
  const inputs = await operatorInputs();
  return { title: 'zen-lead', key: keyOf(inputs), make: (...where) => makeOperatorImage(...where, inputs) };
}

/** Several processes may do this at once: one makes the archive, the others wait for it. */
export async function ensureJob(
  job: ImageJob,
  progress: Progress = progressOn(),
  root = imagesRoot(),
): Promise<string> {
  const file = join(root, `${job.title}-${job.key}.tar`);
  if (!(await isIntact(file))) {
    await withLock(
      join(root, `${job.title}.lock`),
      async () => {
        if (!(await isIntact(file))) await makeOne(job, file, root, progress);
      },
      (pid) => {
        progress.note(`Image ${job.title}: waiting for process ${String(pid)}, which makes it`);
      },
    );
  }
  const now = new Date();
  await utimes(stampFile(file), now, now);
  return file;
}

async function makeOne(job: ImageJob, file: string, root: string, progress: Progress): Promise<void> {
  await removeOthers(job, root);
  const directory = await mkdtemp(join(root, `${job.title}.partial-`));
  const step = progress.begin(`Making the image ${job.title}`);
  let result = 'failed';
  try {
    const partial = join(directory, 'image.tar');
    await job.make(partial, directory);
    await install(partial, file);
    result = 'done';
  } finally {
    step.end(result);
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Archives of other inputs that nobody has asked for lately (another checkout may be about to read its own), and what killed
 * makers left: the lock is held, so no living maker owns that.
 */
async function removeOthers({ title }: ImageJob, root: string): Promise<void> {
  const partial = new RegExp(`^${title}\\.partial-`);
  const archive = new RegExp(`^${title}-[0-9a-f]{12}\\.tar$`);
  for (const name of await readdir(root)) {
    const file = join(root, name);
    if (partial.test(name)) await rm(file, { recursive: true, force: true });
    else if (archive.test(name) && (await idleMs(file)) > KEPT_MS) await discard(file);
  }
}

/** Milliseconds since an archive was asked for. */
async function idleMs(file: string): Promise<number> {
  const { mtimeMs } = await stat(stampFile(file)).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs;
}
