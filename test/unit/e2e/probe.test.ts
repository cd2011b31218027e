import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { hasFailed } from '../../e2e/client/lines.ts';
import { Probe } from '../../e2e/client/probe.ts';
import { message } from '../../e2e/client/wire.ts';
import { monotonicMs } from '../../e2e/clock.ts';

/** PostgreSQL, as far as the client gets; every fourth connection is closed. */
function fakePostgres(): Server {
  let count = 0;
  const ready = message('Z', Buffer.from('I'));
  const answers = [
    Buffer.concat([message('R', Buffer.from([0, 0, 0, 0])), ready]),
    Buffer.concat([message('D', Buffer.from('\0\x01\0\0\0\x0910.0.0.17', 'latin1')), ready]),
  ];
  return createServer((socket) => {
    const left = [...answers];
    const closes = (count += 1) % 4 === 0;
    socket
      .on('error', () => undefined)
      .on('data', () => {
        if (closes) socket.destroy();
        else socket.write(left.shift() ?? '');
      });
  }).listen(0, '127.0.0.1');
}

describe('the client process', function () {
  this.timeout(30_000);
  let server: Server;
  let port: number;

  before(async () => {
    server = fakePostgres();
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });

  after(() => server.close());

  function start(more: object = {}): Probe {
    return new Probe((command, args) => spawn(command, args), {
      host: '127.0.0.1',
      port,
      intervalMs: 5,
      ...more,
    });
  }

  it('tells of each connection, by the clock of its starter, until its standard input ends', async () => {
    const before = monotonicMs();
    const probe = start({ from: ['127.0.0.2', '127.0.0.3'] });
    await probe.answers();
    await probe.until('a failed one', hasFailed);
    const over = await probe.stop();
    const { attempts } = probe;
    expect(attempts).to.have.lengthOf(over.attempts);
    expect(attempts.map(({ n }) => n).toSorted((a, b) => a - b)).to.deep.equal([...attempts.keys()]);
    for (const { at, ms } of attempts) {
      expect(at).to.be.within(before, monotonicMs());
      expect(ms).to.be.above(0);
    }
    const outcomes = new Set(attempts.map((each) => (hasFailed(each) ? each.error : each.server)));
    expect([...outcomes].toSorted()).to.deep.equal(['10.0.0.17', 'closed']);
  });

  it('ends by itself when its time is over', async () => {
    const probe = start({ maxSeconds: 0.2 });
    await probe.answers();
    let over: unknown;
    // Its end is told to whoever waits for more, and it was a good one.
    await probe.until('what never comes', () => false).catch((error: unknown) => (over = error));
    expect(String(over)).to.contain('the client has ended');
    expect((await probe.stop()).over).to.equal(true);
  });

  it('says why it could not begin', async () => {
    const probe = new Probe((command) => spawn(command, ['-e', 'throw new Error("no such luck")']), {
      host: '127.0.0.1',
      port,
    });
    const error = await probe.answers().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain('no such luck');
  });
});
