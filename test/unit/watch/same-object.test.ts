import { expect } from 'chai';
import { sameObject } from '../../../src/watch/same-object.ts';

describe('sameObject', () => {
  const base = {
    name: 'a',
    resourceVersion: '1',
    labels: { app: 'web', tier: 'x' },
    ips: ['1', '2'],
    ports: [{ port: 1 }],
  };
  const copy = (): typeof base => structuredClone(base);

  it('does not look at resourceVersion and at the order of keys', () => {
    expect(sameObject(base, { ...copy(), resourceVersion: '2', labels: { tier: 'x', app: 'web' } })).to.equal(
      true,
    );
  });

  const different: [what: string, other: object][] = [
    ['a value', { ...copy(), name: 'b' }],
    ['a label', { ...copy(), labels: { app: 'web', tier: 'y' } }],
    ['the name of a label', { ...copy(), labels: { app: 'web', tear: 'x' } }],
    ['one label more', { ...copy(), labels: { app: 'web', tier: 'x', zone: 'z' } }],
    ['the order of a list', { ...copy(), ips: ['2', '1'] }],
    ['one entry less', { ...copy(), ips: ['1'] }],
    ['something deep inside', { ...copy(), ports: [{ port: 2 }] }],
    ['a field that is there', { ...copy(), zone: 'z' }],
    ['a map in the place of a list', { ...copy(), ips: { 0: '1', 1: '2' } }],
    ['a value in the place of a map', { ...copy(), labels: 'web' }],
    ['null in the place of a map', { ...copy(), labels: null }],
  ];
  for (const [what, other] of different) {
    it(`sees a difference in ${what}`, () => {
      expect(sameObject(base, other)).to.equal(false);
      expect(sameObject(other, base)).to.equal(false);
    });
  }
});
