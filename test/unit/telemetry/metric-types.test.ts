import { expect } from 'chai';
import { Registry } from 'prom-client';
import { ComputedGauge, computedCounter } from '../../../src/telemetry/metric-types.ts';

describe('ComputedGauge', () => {
  it('writes help, type and series in the text format of Prometheus', () => {
    const samples = [
      { labels: {}, value: 0.5 },
      { labels: { a: 'x', b: '' }, value: 1e9 },
    ];
    const text = [...new ComputedGauge({ name: 'n', help: 'What it is' }, () => samples).text()].join('');
    expect(text).to.equal('# HELP n What it is\n# TYPE n gauge\nn 0.5\nn{a="x",b=""} 1000000000\n');
  });

  it('escapes what would end a label or a line', () => {
    const samples = [{ labels: { a: 'back\\slash "quote" new\nline' }, value: 1 }];
    const text = [...new ComputedGauge({ name: 'n', help: 'h' }, () => samples).text()].join('');
    expect(text.split('\n')[2]).to.equal('n{a="back\\\\slash \\"quote\\" new\\nline"} 1');
  });

  it('writes many series in pieces of 200, none twice and none lost', () => {
    const samples = Array.from({ length: 450 }, (_, i) => ({ labels: { i: String(i) }, value: i }));
    const pieces = [...new ComputedGauge({ name: 'n', help: 'h' }, () => samples).text()];
    expect(pieces.map((piece) => piece.match(/^n/gm)?.length)).to.deep.equal([200, 200, 50]);
    expect(
      pieces
        .join('')
        .match(/ (\d+)$/gm)
        ?.map(Number),
    ).to.deep.equal(samples.map(({ value }) => value));
  });
});

describe('computedCounter', () => {
  it('tells the value that there is at each scrape', async () => {
    const registry = new Registry();
    let value = 5;
    computedCounter(registry, { name: 'n', help: 'h' }, () => value);
    expect(await registry.metrics()).to.equal('# HELP n h\n# TYPE n counter\nn 5\n');
    value = 7;
    expect(await registry.metrics()).to.contain('n 7');
  });
});
