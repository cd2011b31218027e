/**
 * As much of PostgreSQL's protocol 3.0 as it takes to ask one question of a server that trusts its clients:
 * https://www.postgresql.org/docs/15/protocol-message-formats.html
 */

const PROTOCOL = 196_608;
const HEADER = 5;
const LENGTH = 4;

/** Type, as the letter of the protocol, and what follows the length. */
export interface Message {
  readonly type: string;
  readonly body: Buffer;
}

export function startupMessage(user: string, database: string): Buffer {
  const parameters = ['user', user, 'database', database].map((text) => `${text}\0`).join('');
  const body = Buffer.from(`${parameters}\0`);
  const head = Buffer.alloc(2 * LENGTH);
  head.writeInt32BE(head.length + body.length, 0);
  head.writeInt32BE(PROTOCOL, LENGTH);
  return Buffer.concat([head, body]);
}

export function queryMessage(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`));
}

export function terminateMessage(): Buffer {
  return message('X', Buffer.alloc(0));
}

export function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(HEADER);
  head.write(type, 'latin1');
  head.writeInt32BE(LENGTH + body.length, 1);
  return Buffer.concat([head, body]);
}

/** Cuts what a server sends into messages; a chunk may end anywhere. */
export class MessageReader {
  #pending = Buffer.alloc(0);

  *push(chunk: Buffer): Generator<Message> {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= HEADER) {
      const end = 1 + this.#pending.readInt32BE(1);
      if (end < HEADER) throw new Error('the server does not speak the protocol of PostgreSQL');
      if (this.#pending.length < end) return;
      const type = this.#pending.toString('latin1', 0, 1);
      const body = this.#pending.subarray(HEADER, end);
      this.#pending = this.#pending.subarray(end);
      yield { type, body };
    }
  }
}

/** Of an authentication message: 0 is "you are welcome", anything else asks for a proof. */
export function authenticationCode(body: Buffer): number {
  return body.readInt32BE(0);
}

/** The first column of a DataRow as text; undefined where it is null. */
export function firstColumn(body: Buffer): string | undefined {
  const columns = body.readInt16BE(0);
  if (columns === 0) return undefined;
  const length = body.readInt32BE(2);
  return length < 0 ? undefined : body.toString('utf8', 2 + LENGTH, 2 + LENGTH + length);
}

/** SQLSTATE and text of an ErrorResponse. */
export function errorFields(body: Buffer): { code: string; message: string } {
  const fields = new Map<string, string>();
  for (const field of body.toString('utf8').split('\0')) fields.set(field.slice(0, 1), field.slice(1));
  return { code: fields.get('C') ?? '', message: fields.get('M') ?? '' };
}
