import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { hasCode } from '../errors.ts';

/** What a file was when it was known to be good, kept beside it. */
interface Stamp {
  size: number;
  mtimeMs: number;
  sha256: string;
}

export const stampFile = (file: string): string => `${file}.stamp.json`;

/**
 * Puts a finished file in its place, all or nothing, and records what it is. A crash between the two steps
 * leaves a file without a (matching) stamp, which `isIntact` refuses.
 */
export async function install(partial: string, file: string): Promise<void> {
  const { size, mtimeMs } = await stat(partial);
  const stamp: Stamp = { size, mtimeMs, sha256: await sha256(partial) };
  await rename(partial, file);
  const partialStamp = `${partial}.stamp`;
  await writeFile(partialStamp, `${JSON.stringify(stamp)}\n`);
  await rename(partialStamp, stampFile(file));
}

/**
 * True when the file is what `install` left. Size and time of change are compared always; the content, which
 * would cost half a second for all tools, only when the time differs (a copied or restored cache).
 */
export async function isIntact(file: string): Promise<boolean> {
  try {
    const stamp = JSON.parse(await readFile(stampFile(file), 'utf8')) as Stamp;
    const { size, mtimeMs } = await stat(file);
    if (size !== stamp.size) return false;
    return mtimeMs === stamp.mtimeMs || (await sha256(file)) === stamp.sha256;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return false;
    throw error;
  }
}

export async function discard(file: string): Promise<void> {
  await rm(stampFile(file), { force: true });
  await rm(file, { force: true });
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
