/** Writes tar archives (POSIX ustar): what an image is packed from, and into. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface TarFile {
  /** Relative, at most 100 bytes. */
  readonly path: string;
  /** The content itself, or the file that has it. */
  readonly content: Buffer | { readonly file: string };
  /** 0o644 unless told otherwise. Owner and group are 0. */
  readonly mode?: number;
}

const BLOCK = 512;

/** Writes the files, in the order given, with one and the same time: equal files make equal archives. */
export async function writeTar(output: string, files: readonly TarFile[]): Promise<void> {
  await pipeline(Readable.from(chunksOf(files)), createWriteStream(output));
}

async function* chunksOf(files: readonly TarFile[]): AsyncGenerator<Buffer> {
  for (const { path, content, mode = 0o644 } of files) {
    const size = Buffer.isBuffer(content) ? content.length : (await stat(content.file)).size;
    yield header(path, size, mode);
    if (Buffer.isBuffer(content)) yield content;
    else yield* createReadStream(content.file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** @throws RangeError where the format has no room for the path or the size */
function header(path: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const field = (text: string, offset: number, length: number): void => {
    if (block.write(text, offset, length, 'utf8') < Buffer.byteLength(text))
      throw new RangeError(`Expected ${JSON.stringify(text)} to fit into ${String(length)} bytes`);
  };
  const octal = (value: number, offset: number, length: number): void => {
    field(value.toString(8).padStart(length - 1, '0'), offset, length - 1);
  };
  field(path, 0, 100);
  octal(mode, 100, 8);
  octal(0, 108, 8); // owner
  octal(0, 116, 8); // group
  octal(size, 124, 12);
  octal(0, 136, 12); // time of change
  field('        ', 148, 8); // counted as spaces in the checksum
  field('0', 156, 1); // a regular file
  field('ustar', 257, 6);
  field('00', 263, 2);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  block[154] = 0;
  return block;
}
