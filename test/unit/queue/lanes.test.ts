import { expect } from 'chai';
import { Lanes, URGENT_IN_A_ROW } from '../../../src/queue/lanes.ts';
import type { Entry } from '../../../src/queue/lanes.ts';

function entry(key: string, urgent = false): Entry {
  return { key, urgent, receivedAt: undefined, queuedAt: 0 };
}

function takeAll(lanes: Lanes): string[] {
  const keys: string[] = [];
  for (let next = lanes.take(true); next !== undefined; next = lanes.take(true)) keys.push(next.key);
  return keys;
}

describe('Lanes', () => {
  it('takes urgent entries first, each lane in the order of arrival', () => {
    const lanes = new Lanes();
    for (const next of [entry('r1'), entry('u1', true), entry('r2'), entry('u2', true)]) lanes.push(next);
    expect(takeAll(lanes)).to.deep.equal(['u1', 'u2', 'r1', 'r2']);
  });

  it('lets one routine entry go after 64 urgent ones in a row, and again after the next 64', () => {
    const lanes = new Lanes();
    lanes.push(entry('r1'));
    lanes.push(entry('r2'));
    for (let i = 0; i < 3 * URGENT_IN_A_ROW; i += 1) lanes.push(entry(`u${String(i)}`, true));
    const taken = takeAll(lanes);
    expect(taken.indexOf('r1')).to.equal(64);
    expect(taken.indexOf('r2')).to.equal(64 + 1 + 64);
    expect(taken).to.have.length(3 * URGENT_IN_A_ROW + 2);
  });

  it('takes any number of urgent entries in a row while no routine one waits', () => {
    const lanes = new Lanes();
    for (let i = 0; i < 2 * URGENT_IN_A_ROW; i += 1) lanes.push(entry(`u${String(i)}`, true));
    expect(takeAll(lanes)).to.have.length(2 * URGENT_IN_A_ROW);
  });

  it('gives only urgent entries while routine ones are not allowed', () => {
    const lanes = new Lanes();
    lanes.push(entry('r'));
    expect(lanes.take(false)).to.equal(undefined);
    lanes.push(entry('u', true));
    expect(lanes.take(false)?.key).to.equal('u');
    expect(lanes.take(true)?.key).to.equal('r');
  });

  it('goes on with urgent entries when a routine one is due but not allowed', () => {
    const lanes = new Lanes();
    lanes.push(entry('r'));
    for (let i = 0; i < URGENT_IN_A_ROW + 1; i += 1) lanes.push(entry(`u${String(i)}`, true));
    for (let i = 0; i < URGENT_IN_A_ROW; i += 1) lanes.take(true);
    expect(lanes.take(false)?.key).to.equal('u64');
  });

  it('takes a promoted entry once, from the urgent lane', () => {
    const lanes = new Lanes();
    const promoted = entry('p');
    lanes.push(entry('r'));
    lanes.push(promoted);
    lanes.promote(promoted);
    lanes.promote(promoted);
    expect(takeAll(lanes)).to.deep.equal(['p', 'r']);
  });

  it('keeps the order over thousands of entries pushed and taken in turn', () => {
    const lanes = new Lanes();
    const taken: number[] = [];
    let pushed = 0;
    for (let round = 0; round < 5000; round += 1) {
      for (let i = 0; i < 2; i += 1) lanes.push(entry(String(pushed++)));
      taken.push(Number(lanes.take(true)?.key));
    }
    taken.push(...takeAll(lanes).map(Number));
    expect(taken).to.deep.equal(Array.from({ length: 10_000 }, (_, i) => i));
  });

  it('is empty after clear', () => {
    const lanes = new Lanes();
    lanes.push(entry('r'));
    lanes.push(entry('u', true));
    lanes.clear();
    expect(takeAll(lanes)).to.deep.equal([]);
  });
});
