import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { attempt, type Outcome, type Target } from '../../e2e/client/attempt.ts';
import { message } from '../../e2e/client/wire.ts';

const WELCOME = message('R', Buffer.from([0, 0, 0, 0]));
const PASSWORD = message('R', Buffer.from([0, 0, 0, 10]));
const READY = message('Z', Buffer.from('I'));
const ROW = message('D', Buffer.from('\0\x01\0\0\0\x0910.0.0.17', 'latin1'));
const STARTING = message('E', Buffer.from('SFATAL\0C57P03\0Mstarting up\0\0'));

type Act = (socket: Socket, received: Buffer) => void;

/** A server that does one thing for each piece that it receives. */
async function serve(...acts: Act[]): Promise<{ server: Server; port: number; received: Buffer[] }> {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    const left = [...acts];
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received.push(bytes);
      left.shift()?.(socket, bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, received };
}

const send =
  (...parts: Buffer[]): Act =>
  (socket) => {
    socket.write(Buffer.concat(parts));
  };

describe('one connection of the client', () => {
  let server: Server | undefined;

  afterEach(() => server?.close());

  function target(port: number, more: Partial<Target> = {}): Target {
    return { host: '127.0.0.1', port, user: 'ann', database: 'shop', timeoutMs: 5_000, ...more };
  }

  async function outcomeOf(acts: Act[], more: Partial<Target> = {}): Promise<Outcome> {
    const started = await serve(...acts);
    server = started.server;
    return await attempt(target(started.port, more));
  }

  function kindOf(outcome: Outcome): string {
    return 'error' in outcome ? `${outcome.error}${outcome.connected ? ' when connected' : ''}` : 'answered';
  }

  it('is told which server answered, and says good-bye', async () => {
    const started = await serve(send(WELCOME, READY), send(ROW, READY));
    server = started.server;
    const ended = new Promise((resolve) =>
      started.server.once('connection', (it) => it.once('end', resolve)),
    );
    expect(await attempt(target(started.port))).to.deep.equal({ server: '10.0.0.17' });
    await ended;
    expect(started.received.at(-1)?.toString('latin1', 0, 1)).to.equal('X');
  });

  it('is refused where nobody listens', async () => {
    const { server: gone, port } = await serve();
    gone.close();
    await once(gone, 'close');
    expect(kindOf(await attempt(target(port)))).to.equal('refused');
  });

  it('times out where the kernel accepts and nobody answers: a frozen process', async () => {
    expect(kindOf(await outcomeOf([], { timeoutMs: 40 }))).to.equal('timeout when connected');
  });

  it('times out where the server stops in the middle', async () => {
    const outcome = await outcomeOf([send(WELCOME, READY)], { timeoutMs: 40 });
    expect(kindOf(outcome)).to.equal('timeout when connected');
  });

  it('leaves a server that does not answer with a reset, not with half a connection', async () => {
    const started = await serve();
    server = started.server;
    const code = new Promise((resolve) => {
      started.server.once('connection', (socket) => {
        socket.once('error', (error: NodeJS.ErrnoException) => {
          resolve(error.code);
        });
      });
    });
    await attempt(target(started.port, { timeoutMs: 40 }));
    expect(await code).to.equal('ECONNRESET');
  });

  it('is reset', async () => {
    const outcome = await outcomeOf([(socket) => socket.resetAndDestroy()]);
    expect(kindOf(outcome)).to.equal('reset when connected');
  });

  it('is closed before the answer', async () => {
    expect(kindOf(await outcomeOf([(socket) => socket.end()]))).to.equal('closed when connected');
  });

  it('is told an error by PostgreSQL', async () => {
    const outcome = await outcomeOf([send(STARTING)]);
    expect(outcome).to.deep.equal({ error: 'server', message: '57P03 starting up', connected: true });
  });

  it('does not take a question for a password for an answer', async () => {
    expect(kindOf(await outcomeOf([send(PASSWORD)]))).to.equal('protocol when connected');
  });

  it('does not take an empty answer for one', async () => {
    expect(kindOf(await outcomeOf([send(WELCOME, READY), send(READY)]))).to.equal('protocol when connected');
  });

  it('does not find a name that is none', async () => {
    const lookup: Target['lookup'] = (_name, _options, callback) => {
      callback(Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' }), '', 4);
    };
    expect(kindOf(await attempt(target(1, { host: 'nobody.example', lookup })))).to.equal('dns');
  });
});
