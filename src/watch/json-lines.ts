import { ZenLeadError } from '../errors.ts';

const NEWLINE = 0x0a;

/**
 * Cuts the body of a watch into its lines, one JSON value each. A chunk may end anywhere, also inside a character: bytes
 * are decoded only when their line is whole. What follows the last newline waits for more.
 */
export class JsonLines {
  #pending: Buffer[] = [];

  /** The values that this chunk completes, parsed one by one. Throws ZenLeadError InvalidAnswer for a line that is no JSON. */
  *push(bytes: Uint8Array): Generator {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#complete(chunk, start, end);
      start = end + 1;
      if (line !== '') yield parse(line);
    }
    if (start < chunk.length) this.#pending.push(chunk.subarray(start));
  }

  #complete(chunk: Buffer, start: number, end: number): string {
    if (this.#pending.length === 0) return chunk.toString('utf8', start, end);
    const line = Buffer.concat([...this.#pending, chunk.subarray(start, end)]).toString('utf8');
    this.#pending = [];
    return line;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ZenLeadError('InvalidAnswer', 'the watch sent a line that is not JSON', { cause });
  }
}
