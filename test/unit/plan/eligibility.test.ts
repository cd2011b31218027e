import { expect } from 'chai';
import { addressOf, readySince, refusal, type Criteria } from '../../../src/plan/eligibility.ts';
import { NOW, pod, SECOND, type PodBuilder } from '../../support/builders.ts';

const CRITERIA: Criteria = { now: NOW, family: 'IPv4', minReadyMs: 0 };
const V6: Criteria = { ...CRITERIA, family: 'IPv6' };

describe('a pod', () => {
  it('that is Ready and has an address may lead', () => {
    expect(refusal(pod().build(), CRITERIA)).to.equal(undefined);
  });

  const refused: [what: string, pod: PodBuilder, reason: string, note: string, criteria?: Criteria][] = [
    ['that is being deleted', pod().terminating(), 'Terminating', 'is being deleted'],
    ['that has succeeded', pod().phase('Succeeded'), 'NotRunning', 'is in phase Succeeded'],
    ['that has failed', pod().phase('Failed'), 'NotRunning', 'is in phase Failed'],
    ['that is not Ready', pod().notReady(), 'NotReady', 'is not Ready'],
    ['without an address', pod().ip(), 'NoAddress', 'has no IPv4 address'],
    ['without an address of the family', pod().ip('fd00::1'), 'NoAddress', 'has no IPv4 address'],
    ['without an IPv6 address', pod().ip('10.0.0.1'), 'NoAddress', 'has no IPv6 address', V6],
    [
      'whose only address is of the other family and refused',
      pod().ip('127.0.0.1'),
      'NoAddress',
      'has no IPv6',
      V6,
    ],
    ['with a loopback address', pod().ip('127.0.0.1'), 'AddressRefused', '127.0.0.1'],
  ];
  for (const [what, builder, reason, note, criteria = CRITERIA] of refused) {
    it(`${what} may not: ${reason}`, () => {
      const result = refusal(builder.build(), criteria);
      expect(result?.reason).to.equal(reason);
      expect(result?.note).to.include(note);
    });
  }

  it('in phase Pending or Unknown may lead once it is Ready', () => {
    for (const phase of ['Pending', 'Running', 'Unknown']) {
      expect(refusal(pod().phase(phase).build(), CRITERIA)).to.equal(undefined);
    }
  });

  it('has the first reason of Terminating, NotRunning, NotReady, NoAddress, MinReadyNotReached', () => {
    const criteria = { ...CRITERIA, minReadyMs: 5 * SECOND };
    const reasons = [
      pod().terminating().phase('Failed').notReady().ip(),
      pod().phase('Failed').notReady().ip(),
      pod().notReady().ip(),
      pod().ready(NOW).ip(),
      pod().ready(NOW),
    ].map((builder) => refusal(builder.build(), criteria)?.reason);
    expect(reasons).to.deep.equal([
      'Terminating',
      'NotRunning',
      'NotReady',
      'NoAddress',
      'MinReadyNotReached',
    ]);
  });
});

describe('min-ready-duration', () => {
  const minReadyMs = 10 * SECOND;
  const inMs = (builder: PodBuilder): number | undefined =>
    refusal(builder.build(), { ...CRITERIA, minReadyMs })?.inMs;

  it('is reached to the millisecond', () => {
    expect(inMs(pod().ready(NOW - minReadyMs + 1))).to.equal(1);
    expect(inMs(pod().ready(NOW - minReadyMs))).to.equal(undefined);
  });

  it('counts a time ahead of ours as now', () => {
    expect(inMs(pod().ready(NOW + 60 * SECOND))).to.equal(minReadyMs);
    expect(
      readySince(
        pod()
          .ready(NOW + 1)
          .build(),
        NOW,
      ),
    ).to.equal(NOW);
  });

  it('counts a missing time as now', () => {
    expect(inMs(pod().without('readyChangedAt'))).to.equal(minReadyMs);
  });
});

describe('the address', () => {
  const refused = {
    IPv4: [
      '0.0.0.0',
      '127.0.0.1',
      '127.255.255.255',
      '169.254.0.1',
      '169.254.169.254',
      '224.0.0.1',
      '239.1.2.3',
      '232.0.0.9',
    ],
    IPv6: ['::', '::1', 'fe80::1', 'FE80::1', 'febf::1', 'ff02::1', 'ff0e::1', '::ffff:10.0.0.1'],
  } as const;
  const accepted = {
    IPv4: [
      '10.0.0.1',
      '100.64.0.1',
      '192.168.1.1',
      '169.253.0.1',
      '169.255.0.1',
      '223.255.255.255',
      '126.0.0.1',
      '128.0.0.1',
      '0.0.0.1',
      '240.0.0.1',
    ],
    IPv6: ['fd00::1', '2001:db8::1', 'fec0::1', 'fe7f::1', '::2', '::1:1', '1::', 'ff0::1', 'fe8::1'],
  } as const;
  for (const family of ['IPv4', 'IPv6'] as const) {
    for (const ip of refused[family]) {
      it(`${ip} is refused`, () => {
        expect(addressOf(pod().ip(ip).build(), family)).to.equal(undefined);
        expect(refusal(pod().ip(ip).build(), { ...CRITERIA, family })?.reason).to.equal('AddressRefused');
      });
    }
    for (const ip of accepted[family]) {
      it(`${ip} is accepted as ${family}`, () => {
        expect(addressOf(pod().ip(ip).build(), family)).to.equal(ip);
      });
    }
  }

  it('is found by family, not by place', () => {
    const both = pod().ip('fd00::1', '10.0.0.1').build();
    expect(addressOf(both, 'IPv4')).to.equal('10.0.0.1');
    expect(addressOf(both, 'IPv6')).to.equal('fd00::1');
  });
});
