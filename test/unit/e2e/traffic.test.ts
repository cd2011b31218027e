import { expect } from 'chai';
import type { Attempt } from '../../e2e/client/lines.ts';
import type { Sighting } from '../../e2e/measure/sightings.ts';
import { reignsOf, trafficOf } from '../../e2e/seed/traffic.ts';

const answered = (at: number, ms: number): Attempt => ({ n: 0, at, wall: 0, ms, server: '10.244.0.5' });
const failed = (at: number, error: 'refused' | 'timeout'): Attempt => {
  return { n: 0, at, wall: 0, ms: 1, error, message: '', connected: false };
};
const leads = (at: number, ...ready: string[]): Sighting => {
  return { what: 'leader', at, resourceVersion: at, ready, addresses: [] };
};

describe('what a client met', () => {
  it('is counted by when a connection began', () => {
    const attempts = [
      failed(99, 'refused'),
      answered(100, 7),
      failed(150, 'refused'),
      failed(160, 'timeout'),
      failed(170, 'refused'),
      answered(200, 400),
      failed(201, 'timeout'),
    ];
    expect(trafficOf(attempts, 100, 200)).to.deep.equal({
      connections: 5,
      failed: { refused: 2, timeout: 1 },
      slowest: 400,
    });
  });

  it('is nothing where nobody came', () => {
    expect(trafficOf([], 0, 1)).to.deep.equal({ connections: 0, failed: {}, slowest: 0 });
  });
});

describe('to whom a leader Service led', () => {
  it('begins with who led when it began, and tells each change once', () => {
    const sightings = [
      leads(1, 'a'),
      leads(2, 'b'),
      leads(12, 'b'),
      leads(13),
      leads(14, 'c'),
      leads(30, 'd'),
    ];
    expect(reignsOf(sightings, 10, 20)).to.deep.equal(['b', undefined, 'c']);
  });
});
