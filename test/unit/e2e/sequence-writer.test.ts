import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { SequenceWriter, type WriterOptions } from '../../e2e/client/sequence-writer.ts';
import { Writer } from '../../e2e/patroni/writer.ts';
import { ScriptedPostgres, type Answer } from './scripted-postgres.ts';

const BY = { address: '10.0.0.7', inRecovery: false, system: '42', timeline: 3 };

function optionsFor(port: number): WriterOptions {
  const common = { host: '127.0.0.1', user: 'postgres', password: 'secret', database: 'postgres' };
  return { ...common, port, client: 'a', timeoutMs: 500 };
}

describe('the sequence writer', () => {
  let server: ScriptedPostgres;
  let writer: SequenceWriter;

  beforeEach(async () => {
    server = new ScriptedPostgres();
    writer = new SequenceWriter(optionsFor(await server.start()));
  });

  afterEach(() => {
    writer.close();
    server.stop();
  });

  it('tells who has taken a write, and goes on over the same connection', async () => {
    for (const sequence of [1, 2]) {
      const write = await writer.write();
      expect(write).to.deep.include({ client: 'a', sequence, by: BY });
      expect(write.endedAt).to.be.at.least(write.startedAt);
    }
    expect(server.connections).to.equal(1);
  });

  const unacknowledged: readonly [Answer, string | RegExp][] = [
    ['warn', 'warning: committed locally'],
    ['refuse', '25006'],
    ['silence', 'write timeout'],
    ['hang up', /ECONNRESET|connection ended/],
  ];
  for (const [answer, error] of unacknowledged) {
    it(`${answer}: not acknowledged, and the next write takes a new connection and the next number`, async () => {
      server.answers.push('commit', answer);
      await writer.write();
      const write = await writer.write();
      expect(write.by).to.equal(undefined);
      expect(write.error).to.match(error instanceof RegExp ? error : new RegExp(`^${error}$`));
      const next = await writer.write();
      expect([next.sequence, next.by?.timeline, server.connections]).to.deep.equal([3, 3, 2]);
    });
  }

  it('gives up a connection that is accepted and not answered', async () => {
    server.isFrozen = true;
    expect((await writer.write()).error).to.equal('connect timeout');
    server.isFrozen = false;
    expect((await writer.write()).by?.address).to.equal('10.0.0.7');
  });

  it('tells that nobody listens', async () => {
    server.stop();
    const { error, sequence } = await writer.write();
    expect([error, sequence]).to.deep.equal(['ECONNREFUSED', 1]);
  });
});

describe('the sequence writer as a process', () => {
  let server: ScriptedPostgres;
  let writer: Writer;

  beforeEach(async () => {
    server = new ScriptedPostgres();
    const port = await server.start();
    writer = new Writer((command, args) => spawn(command, args), { ...optionsFor(port), intervalMs: 1 });
  });

  afterEach(async () => {
    await writer.stop().catch(() => undefined);
    server.stop();
  });

  it('tells of each write, in order, until it is stopped', async () => {
    const third = await writer.until('the third', ({ sequence }) => sequence >= 3);
    expect(third.by).to.deep.equal(BY);
    const later = await writer.writesAfter(third.endedAt);
    expect(later.startedAt).to.be.at.least(third.endedAt);
    await writer.stop();
    const numbers = writer.writes.map(({ sequence }) => sequence);
    expect(numbers).to.deep.equal(numbers.map((_, index) => index + 1));
  });

  it('goes on through what is not acknowledged', async () => {
    await writer.until('the first', () => true);
    server.answers.push('hang up', 'refuse', 'silence');
    const { sequence } = await writer.until('one after them', () => server.answers.length === 0);
    await writer.until('one more', (write) => write.sequence > sequence);
    const errors = writer.writes.flatMap(({ error }) => error ?? []);
    expect(errors).to.include.members(['25006', 'write timeout']);
  });

  it('is waited for no longer when it has ended', async () => {
    await writer.until('the first', () => true);
    await writer.stop();
    const error = await writer.until('the impossible', () => false).catch((reason: unknown) => reason);
    expect(String(error)).to.contain('the writer a has ended');
  });
});
