import { expect } from 'chai';
import { forwardArguments, wantedPorts } from '../../../src/plugin/ports.ts';
import { servicePort } from '../../support/builders.ts';

const PORTS = [
  servicePort('db', 5432, 'postgres'),
  servicePort('web', 80, 8080),
  { ...servicePort('dns', 53), protocol: 'UDP' as const },
];
const RESOLVED = [
  { name: 'db', port: 5433, protocol: 'TCP' as const },
  { name: 'web', port: 8080, protocol: 'TCP' as const },
];

describe('ports to forward', () => {
  for (const [args, forwarded] of [
    [[], ['5432:5433', '80:8080']],
    [['5432'], ['5432:5433']],
    [['db'], ['5432:5433']],
    [
      ['15432:db', '8000:80'],
      ['15432:5433', '8000:8080'],
    ],
    [[':80'], [':8080']],
  ] as const) {
    it(`${JSON.stringify(args)} are ${JSON.stringify(forwarded)} of the leader's pod`, () => {
      expect(forwardArguments(wantedPorts(args, PORTS), RESOLVED)).to.deep.equal(forwarded);
    });
  }

  for (const argument of ['81', '53', 'x:80', '80:', '1:2:3', '']) {
    it(`"${argument}" is refused, with those that there are`, () => {
      expect(() => wantedPorts([argument], PORTS)).to.throw(
        'expected [LOCAL:]PORT with a TCP port of the leader Service: 5432 (db), 80 (web)',
      );
    });
  }

  it('of a Service without TCP there are none', () => {
    expect(() => wantedPorts([], PORTS.slice(2))).to.throw('has no TCP port');
  });
});
