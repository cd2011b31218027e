import { expect } from 'chai';
import { formatBindAddress, parseBindAddress } from '../../../src/telemetry/bind-address.ts';

describe('parseBindAddress', () => {
  const good: [string, unknown][] = [
    [':8080', { port: 8080 }],
    [':0', { port: 0 }],
    ['127.0.0.1:65535', { host: '127.0.0.1', port: 65535 }],
    ['localhost:80', { host: 'localhost', port: 80 }],
    ['[::1]:8081', { host: '::1', port: 8081 }],
    ['[fe80::1%eth0]:1', { host: 'fe80::1%eth0', port: 1 }],
    ['0', 'off'],
    ['', 'off'],
  ];
  for (const [text, expected] of good) {
    it(`reads "${text}"`, () => {
      expect(parseBindAddress(text)).to.deep.equal(expected);
    });
  }

  for (const text of [
    '8080',
    'localhost',
    ':',
    ':65536',
    ':-1',
    '::1:80',
    '[::1]',
    'http://a:80',
    ':80/x',
    ' :80',
    'a b:80',
  ]) {
    it(`refuses "${text}"`, () => {
      expect(parseBindAddress(text)).to.equal(undefined);
    });
  }
});

describe('formatBindAddress', () => {
  for (const text of [':8080', '127.0.0.1:80', '[::1]:8081']) {
    it(`writes ${text} as it was read`, () => {
      const address = parseBindAddress(text);
      expect(typeof address === 'object' && formatBindAddress(address)).to.equal(text);
    });
  }
});
