import { expect } from 'chai';
import { DEFAULTS, parseOptions, toArguments, type ClientOptions } from '../../e2e/client/options.ts';

const OPTIONS: ClientOptions = { ...DEFAULTS, host: '10.96.1.11', port: 5432 };

describe('the command line of the client', () => {
  for (const [title, options] of [
    ['what is needed', OPTIONS],
    [
      'everything',
      {
        host: 'postgres-leader.shop.svc.cluster.local',
        port: 1,
        user: 'ann',
        database: 'shop',
        intervalMs: 2.5,
        timeoutMs: 250,
        maxSeconds: 9,
        from: ['10.0.0.1', '10.0.0.2'],
        resolver: '10.96.0.10:53',
      },
    ],
  ] as const) {
    it(`reads what was written: ${title}`, () => {
      expect(parseOptions(toArguments(options))).to.deep.equal(options);
    });
  }

  it('names what is missing or no number', () => {
    expect(() => parseOptions([])).to.throw('Expected --host');
    expect(() => parseOptions(['--host', 'a'])).to.throw(
      'Expected --port to be a number above 0, got nothing',
    );
    const zero = ['--host', 'a', '--port', '1', '--interval-ms', '0'];
    expect(() => parseOptions(zero)).to.throw('Expected --interval-ms to be a number above 0, got 0');
  });
});
