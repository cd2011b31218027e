import { expect } from 'chai';
import type { Connection, Failover } from '../../e2e/measure/failover.ts';
import { timelineSvg } from '../../e2e/timeline/svg.ts';

const CONNECTIONS: Connection[] = [
  { began: -10, ended: 4, by: 'old' },
  { began: 100, ended: 1_100, error: 'timeout' },
  { began: 1_440, ended: 1_465, error: 'refused' },
  { began: 1_460, ended: 1_467, by: 'new' },
];
const FAILOVER: Failover = {
  act: 'process frozen',
  from: 'postgres-0',
  to: 'postgres-1',
  notReady: 1_430,
  slice: 1_437.25,
  withdrawn: false,
  sourceFirst: false,
  rules: 1_455,
  answer: 1_467,
  connections: CONNECTIONS,
};
const TEXTS = { title: 'A leader is frozen', act: 'process frozen' };

/** Elements of a kind, each as its attributes and its text. */
function elements(svg: string, name: string): { attributes: Record<string, string>; content: string }[] {
  const found = svg.matchAll(new RegExp(`<${name}\\b([^>]*?)(?:/>|>([^<]*)</${name}>)`, 'g'));
  return [...found].map(([, raw = '', content = '']) => {
    const attributes = [...raw.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      value,
    ]);
    return { attributes: Object.fromEntries(attributes) as Record<string, string>, content };
  });
}

const texts = (svg: string): string[] => elements(svg, 'text').map(({ content }) => content);
const lines = (svg: string, look: string): Record<string, string>[] =>
  elements(svg, 'line')
    .map(({ attributes }) => attributes)
    .filter((attributes) => attributes['class'] === look);

describe('the picture of a failover', () => {
  const svg = timelineSvg(FAILOVER, TEXTS);

  it('says the times as text: in seconds from the act, in milliseconds from NotReady', () => {
    expect(texts(svg)).to.include.members([
      'A leader is frozen',
      ...[
        'process frozen',
        'pod NotReady',
        'leader slice written',
        "kube-proxy's rules",
        'postgres-1 answers',
      ],
      ...['0.00 s', '1.43 s', '1.44 s', '1.46 s', '1.47 s'],
      ...['0.0 ms', '7.3 ms', '25 ms', '37 ms'],
    ]);
  });

  it('has a tick where each connection began, and bars around the switch', () => {
    const looks = ['old', 'failed', 'new'].map((look) => lines(svg, look).length);
    expect(looks).to.deep.equal([1, 2, 1]);
    // The legend has one bar of each, too.
    const bars = ['bar old', 'bar failed', 'bar new'].map((look) => lines(svg, look).length);
    expect(bars).to.deep.equal([1, 2, 2]);
  });

  it('puts later things further to the right, and all of it inside', () => {
    const marks = elements(svg, 'circle').map(({ attributes }) => Number(attributes['cx']));
    const [whole, zoomed] = [marks.slice(0, 5), marks.slice(5)];
    expect(whole).to.deep.equal(whole.toSorted((a, b) => a - b));
    expect(zoomed).to.deep.equal(zoomed.toSorted((a, b) => a - b));
    expect(new Set(zoomed).size).to.equal(4);
    for (const { attributes } of elements(svg, 'line')) {
      for (const side of ['x1', 'x2']) expect(Number(attributes[side])).to.be.within(0, 880);
    }
  });

  it('counts in its legend only what there is', () => {
    expect(texts(svg)).to.include.members(['answered by the old leader (1)', 'failed (2)']);
    expect(svg).not.to.contain('another pod');
  });

  it('does not invent what was not seen', () => {
    const { notReady: _, ...unseen } = FAILOVER;
    const drawn = timelineSvg(unseen, TEXTS);
    expect(texts(drawn)).to.include('not seen');
    expect(texts(drawn)).to.include('0.0 ms');
  });

  it('changes text and ground together in dark mode, and escapes what it is given', () => {
    expect(svg).to.match(
      /prefers-color-scheme:dark\)\{\nsvg\{background:#0d1117\}\n\.ground\{[^}]+\}\ntext\{/,
    );
    const odd = timelineSvg(FAILOVER, { title: 'a < b & c', act: '<act>' });
    expect(texts(odd)).to.include.members(['a &lt; b &amp; c', '&lt;act&gt;']);
  });

  it('is the same for the same failover', () => {
    expect(timelineSvg(structuredClone(FAILOVER), TEXTS)).to.equal(svg);
  });
});
