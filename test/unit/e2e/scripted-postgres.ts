import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { message, MessageReader } from '../../e2e/client/wire.ts';

/** What the scripted server does with a write. */
export type Answer = 'commit' | 'warn' | 'refuse' | 'silence' | 'hang up';

const COLUMNS = ['address', 'inRecovery', 'system', 'timeline'];
const VALUES = ['10.0.0.7', 'f', '42', '3'];
const [TEXT, BOOL, INT4] = [25, 16, 23];
const TYPES = [TEXT, BOOL, TEXT, INT4];

/** As much of a PostgreSQL as one INSERT needs. */
export class ScriptedPostgres {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** One for each write; `commit` when none is left. */
  readonly answers: Answer[] = [];
  /** New connections are accepted and then not answered. */
  isFrozen = false;
  connections = 0;

  constructor() {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => {});
      if (!this.isFrozen) this.#serve(socket);
    });
  }

  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    const reader = new MessageReader();
    let isStarted = false;
    socket.on('data', (chunk) => {
      if (!isStarted) {
        isStarted = true;
        socket.write(Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]));
        return;
      }
      for (const { type } of reader.push(chunk)) if (type === 'S') this.#answer(socket);
    });
  }

  #answer(socket: Socket): void {
    const answer = this.answers.shift() ?? 'commit';
    if (answer === 'silence') return;
    if (answer === 'hang up') {
      socket.destroy();
      return;
    }
    const warning = answer === 'warn' ? [fields('N', 'WARNING', '01000', 'committed locally')] : [];
    const done = [message('1', Buffer.alloc(0)), message('2', Buffer.alloc(0)), description(), dataRow()];
    const end = message('C', Buffer.from('INSERT 0 1\0'));
    const answered =
      answer === 'refuse' ? [fields('E', 'ERROR', '25006', 'read-only')] : [...done, ...warning, end];
    socket.write(Buffer.concat([...answered, message('Z', Buffer.from('I'))]));
  }
}

function fields(type: string, severity: string, code: string, text: string): Buffer {
  return message(type, Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${text}\0\0`));
}

function int(bytes: 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
}

function description(): Buffer {
  const columns = COLUMNS.flatMap((name, index) => [
    Buffer.from(`${name}\0`),
    ...[int(4, 0), int(2, 0), int(4, TYPES[index]!), int(2, -1), int(4, -1), int(2, 0)],
  ]);
  return message('T', Buffer.concat([int(2, COLUMNS.length), ...columns]));
}

function dataRow(): Buffer {
  const values = VALUES.flatMap((value) => [int(4, value.length), Buffer.from(value)]);
  return message('D', Buffer.concat([int(2, VALUES.length), ...values]));
}
