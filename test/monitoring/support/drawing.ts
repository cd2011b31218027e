/** A picture of the dashboard with what its queries answer, for eyes only: Grafana draws it better. */
import type { Panel, Target } from './dashboard.ts';
import type { Series } from './prometheus.ts';

const COLUMN = 60;
const ROW = 36;
const LINE = 15;
const COLOURS = ['#73bf69', '#f2cc0c', '#5794f2', '#ff9830', '#f2495c', '#b877d9', '#37872d', '#fade2a'];

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** @param answers by panel id and refId */
export function drawn(panels: readonly Panel[], answers: ReadonlyMap<string, readonly Series[]>): string {
  const height = Math.max(...panels.map(({ gridPos: { y, h } }) => (y + h) * ROW));
  const parts = panels.map((panel) => panelOf(panel, answers));
  const size = `width="${String(24 * COLUMN)}" height="${String(height)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12"><rect ${size} fill="#111217"/>${parts.join('')}</svg>`;
}

function panelOf(panel: Panel, answers: ReadonlyMap<string, readonly Series[]>): string {
  const { gridPos: at, title, type, targets = [] } = panel;
  const box = { x: at.x * COLUMN + 4, y: at.y * ROW + 4, w: at.w * COLUMN - 8, h: at.h * ROW - 8 };
  if (type === 'row') return text(box.x, box.y + 18, title, '#fff');
  const found = targets.map((target) => ({
    target,
    series: answers.get(`${String(panel.id)}${target.refId}`) ?? [],
  }));
  const inside = { ...box, x: box.x + 8, y: box.y + 26, w: box.w - 16, h: box.h - 32 };
  const frame = `<rect x="${String(box.x)}" y="${String(box.y)}" width="${String(box.w)}" height="${String(box.h)}" fill="#181b1f" stroke="#333"/>`;
  return (
    frame +
    text(box.x + 8, box.y + 17, `${title}  (${panel.fieldConfig?.defaults.unit ?? ''})`, '#fff') +
    bodyOf(type, inside, found)
  );
}

type Found = { readonly target: Target; readonly series: readonly Series[] }[];

function bodyOf(type: string, box: Box, found: Found): string {
  if (type === 'stat') {
    const value = found[0]?.series[0]?.samples.at(-1)?.[1];
    return `<text x="${String(box.x + 4)}" y="${String(box.y + 50)}" font-size="40" fill="#5794f2">${String(value ?? 'none')}</text>`;
  }
  if (type === 'table')
    return lines(
      box,
      found.flatMap(({ target, series }) =>
        series.map(
          (each) => `${target.refId} ${JSON.stringify(each.metric)} ${String(each.samples.at(-1)?.[1])}`,
        ),
      ),
    );
  return curves(box, found);
}

function curves(box: Box, found: Found): string {
  const all = found.flatMap(({ target, series }) =>
    series.map(({ metric, samples }) => ({
      name: target.legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '?'),
      samples: samples.filter(([, value]) => Number.isFinite(value)),
    })),
  );
  const times = all.flatMap(({ samples }) => samples.map(([at]) => at));
  const top = Math.max(1e-9, ...all.flatMap(({ samples }) => samples.map(([, value]) => value)));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const legend = Math.min(all.length, 6) * LINE;
  const plot = { ...box, h: box.h - legend - 6 };
  const place = ([at, value]: readonly [number, number]): string =>
    `${(plot.x + ((at - from) / Math.max(1, to - from)) * plot.w).toFixed(1)},${(plot.y + plot.h * (1 - value / top)).toFixed(1)}`;
  const drawnCurves = all.map(
    ({ samples }, i) =>
      `<polyline fill="none" stroke-width="2" stroke="${COLOURS[i % COLOURS.length] ?? ''}" points="${samples.map(place).join(' ')}"/>`,
  );
  const names = all
    .slice(0, 6)
    .map(({ name, samples }, i) =>
      text(
        plot.x,
        plot.y + plot.h + LINE * (i + 1),
        `${name}: ${(samples.at(-1)?.[1] ?? NaN).toPrecision(3)}`,
        COLOURS[i % COLOURS.length],
      ),
    );
  return text(plot.x, plot.y + 4, top.toPrecision(3), '#888') + drawnCurves.join('') + names.join('');
}

function lines(box: Box, all: readonly string[]): string {
  return all
    .slice(0, Math.floor(box.h / LINE))
    .map((line, i) => text(box.x, box.y + LINE * (i + 1), line))
    .join('');
}

function text(x: number, y: number, content: string, fill = '#ccc'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${String(x)}" y="${String(y)}" fill="${fill}">${escaped}</text>`;
}
