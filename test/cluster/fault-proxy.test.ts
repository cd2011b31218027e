import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultProxy } from '../support/fault-proxy.ts';
import { waitFor } from './wait.ts';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Time in which something that must not happen would have happened. */
const QUIET_MS = 100;

/** A client that remembers what it heard. */
class Client {
  readonly socket: Socket;
  heard = '';
  closed: false | 'cleanly' | 'broken' = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.heard += text));
    this.socket.on('error', () => undefined);
    this.socket.on('close', (broken) => (this.closed = broken ? 'broken' : 'cleanly'));
  }

  async says(text: string, answer: string): Promise<void> {
    this.socket.write(text);
    await waitFor(`the answer ${answer}`, () => this.heard.endsWith(answer), {
      timeoutMs: 2_000,
      intervalMs: 5,
    });
  }
}

describe('fault proxy', () => {
  let target: Server;
  let proxy: FaultProxy;
  let client: Client;
  const arrived: Socket[] = [];

  beforeEach(async () => {
    target = createServer((socket) => {
      arrived.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => socket.write(`<${chunk.toString()}>`));
    }).listen(0, '127.0.0.1');
    await once(target, 'listening');
    proxy = await FaultProxy.start(`https://127.0.0.1:${String((target.address() as AddressInfo).port)}`);
    client = new Client(proxy.port);
    await client.says('a', '<a>');
  });

  afterEach(async () => {
    client.socket.destroy();
    await proxy.stop();
    for (const socket of arrived.splice(0)) socket.destroy();
    target.close();
  });

  it('forwards both ways, and the end of a connection too', async () => {
    expect(proxy.url).to.equal(`https://127.0.0.1:${String(proxy.port)}`);
    client.socket.end('b');
    await once(client.socket, 'close');
    expect([client.heard, client.closed]).to.deep.equal(['<a><b>', 'cleanly']);
    expect(proxy.connections).to.equal(0);
  });

  it('forwards more than its buffers hold', async () => {
    const big = 'x'.repeat(1 << 20);
    client.socket.pause();
    for (const socket of arrived) socket.write(big.repeat(8));
    await sleep(QUIET_MS);
    client.socket.resume();
    await waitFor('all of it', () => client.heard.length === 8 * big.length + 3);
  });

  it('cuts all connections, and takes new ones', async () => {
    proxy.cutAll();
    await waitFor('the end', () => client.closed !== false);
    expect(client.closed).to.equal('broken');
    await waitFor('the other side to know', () => arrived.every((socket) => socket.destroyed));
    client = new Client(proxy.port);
    await client.says('b', '<b>');
  });

  it('freezes existing connections without closing them, lets new ones pass, and thaws without loss', async () => {
    proxy.freeze();
    client.socket.write('b');
    for (const socket of arrived) socket.write('event');
    await sleep(QUIET_MS);
    expect([client.heard, client.closed]).to.deep.equal(['<a>', false]);

    const later = new Client(proxy.port);
    await later.says('c', '<c>');
    later.socket.destroy();

    proxy.thaw();
    await waitFor('what was held back', () => client.heard === '<a>event<b>');
  });

  it('keeps a frozen connection open even when the server has closed it', async () => {
    proxy.freeze();
    for (const socket of arrived) socket.destroy();
    await sleep(QUIET_MS);
    expect(client.closed).to.be.false;
    proxy.thaw();
    await waitFor('the end', () => client.closed !== false);
  });

  it('freezes new connections too when told to', async () => {
    proxy.freeze('all');
    const later = new Client(proxy.port);
    await once(later.socket, 'connect');
    later.socket.write('c');
    await sleep(QUIET_MS);
    expect([later.heard, later.closed]).to.deep.equal(['', false]);
    proxy.thaw();
    await waitFor('the answer', () => later.heard === '<c>');
    later.socket.destroy();
  });

  it('refuses new connections, keeps existing ones, and accepts again on the same port', async () => {
    await proxy.refuse();
    const [error] = (await once(connect(proxy.port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
    await client.says('b', '<b>');
    await proxy.accept();
    const later = new Client(proxy.port);
    await later.says('c', '<c>');
    later.socket.destroy();
  });
});
