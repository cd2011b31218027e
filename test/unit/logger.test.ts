import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { ZenLeadError } from '../../src/errors.ts';
import { createLogger, LOG_LEVELS, nullLogger } from '../../src/logger.ts';
import type { LogFields, Logger, LoggerOptions, LogLevel } from '../../src/logger.ts';

const now = () => new Date('2026-11-24T08:09:10.123Z');

/** A logger and what it wrote so far. */
function capture(options: Partial<LoggerOptions> & { isTTY?: boolean } = {}): {
  log: Logger;
  text: () => string;
} {
  const stream = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const log = createLogger({ level: 'debug', format: 'json', env: {}, now, ...options, stream });
  return { log, text: () => text };
}

function line(fields: LogFields, level: LogLevel = 'info'): Record<string, unknown> {
  const { log, text } = capture({ level });
  log.error('a message', fields);
  expect(text()).to.match(/^\{.*\}\n$/);
  return JSON.parse(text()) as Record<string, unknown>;
}

describe('createLogger: json', () => {
  it('writes one line: time, level, message, then the fields in their order', () => {
    const { log, text } = capture();
    log.warn('watch restarted', { resource: 'pods', after: 1.5, absent: undefined, list: ['a\nb'] });
    expect(text()).to.equal(
      '{"time":"2026-11-24T08:09:10.123Z","level":"warn","message":"watch restarted","resource":"pods","after":1.5,"list":["a\\nb"]}\n',
    );
  });

  const levels: [LogLevel, string[]][] = [
    ['error', ['error']],
    ['warn', ['warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['debug', ['debug', 'info', 'warn', 'error']],
  ];
  for (const [level, expected] of levels) {
    it(`writes ${expected.join(', ')} at level ${level}`, () => {
      const { log, text } = capture({ level });
      log.debug('debug');
      log.info('info');
      log.warn('warn');
      log.error('error');
      const lines = text().trim().split('\n');
      expect(lines.map((entry) => (JSON.parse(entry) as { message: string }).message)).to.deep.equal(
        expected,
      );
    });
  }

  it('writes an Error as its message and those of its causes, without a stack', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), {
      headers: { authorization: 'Bearer x' },
    });
    const fields = line({ error: new ZenLeadError('Unreachable', 'no answer', { cause }) });
    expect(fields['error']).to.equal('no answer: connect ECONNREFUSED');
    expect(fields).to.have.all.keys('time', 'level', 'message', 'error');
  });

  it('adds the stacks of an Error and its causes at level debug, and no other property', () => {
    const cause = Object.assign(new Error('the cause'), { headers: { authorization: 'Bearer x' } });
    const fields = line({ reason: new Error('the error', { cause }) }, 'debug');
    expect(fields['reasonStack'])
      .to.match(/^Error: the error\n {4}at /)
      .and.match(/\nCaused by: Error: the cause\n {4}at /);
    expect(JSON.stringify(fields)).not.to.contain('Bearer');
  });

  it('writes Errors inside of other values, big integers and circular values', () => {
    const circular: Record<string, unknown> = { size: 10n, errors: [new Error('inner')] };
    circular['self'] = circular;
    expect(line({ circular })['circular']).to.deep.equal({
      size: '10',
      errors: ['inner'],
      self: '[Circular]',
    });
  });

  it('keeps a field whose name is taken, under a name with an underscore', () => {
    const fields = line({ message: 'of the API server', level: 3, time: 'late' });
    expect(fields).to.include({
      message: 'a message',
      level: 'error',
      message_: 'of the API server',
      level_: 3,
      time_: 'late',
    });
  });

  it('does not fail when nobody reads the log any more', () => {
    const stream = new PassThrough();
    createLogger({ level: 'info', format: 'json', stream });
    expect(() => stream.emit('error', new Error('EPIPE'))).not.to.throw();
  });
});

describe('createLogger: pretty', () => {
  it('writes fields as words, quoting what is not one', () => {
    const { log, text } = capture({ format: 'pretty', level: 'info' });
    const circular: unknown[] = [];
    circular.push(circular);
    const error = new Error('two words\nand a line');
    log.info('leader elected', {
      pod: 'shop/db-0',
      note: 'a "b"',
      n: 3,
      none: null,
      gone: undefined,
      o: { a: 1n },
      circular,
      error,
    });
    expect(text()).to.equal(
      '2026-11-24T08:09:10.123Z INFO  leader elected pod=shop/db-0 note="a \\"b\\"" n=3 none=null ' +
        'o={"a":"1"} circular=[object Array] error="two words\\nand a line"\n',
    );
  });

  it('writes stacks on lines of their own', () => {
    const { log, text } = capture({ format: 'pretty' });
    log.error('failed', { error: new Error('oh'), key: 'a/b' });
    expect(text()).to.match(/ERROR failed error=oh key=a\/b\nError: oh\n {4}at /);
  });

  const cases: [string, boolean, NodeJS.ProcessEnv, boolean][] = [
    ['on a terminal', true, {}, true],
    ['on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['on a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['elsewhere', false, {}, false],
  ];
  for (const [where, isTTY, env, coloured] of cases) {
    it(`is ${coloured ? 'coloured' : 'plain'} ${where}`, () => {
      const { log, text } = capture({ format: 'pretty', isTTY, env });
      log.warn('careful', { a: 1 });
      expect(text().includes('\u001B[33mWARN \u001B[39m')).to.equal(coloured);
      expect(text().includes('\u001B[')).to.equal(coloured);
    });
  }
});

describe('nullLogger', () => {
  it('takes every level', () => {
    for (const level of LOG_LEVELS) {
      expect(() => {
        nullLogger[level]('a message', { a: 1 });
      }).not.to.throw();
    }
  });
});
