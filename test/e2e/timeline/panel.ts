/** A stretch of time with one row for each event and one for the client's connections, as SVG. Pure. */
import type { Connection } from '../measure/failover.ts';
import { circle, line, text } from './xml.ts';

export interface PanelEvent {
  readonly label: string;
  /** Milliseconds, as are all times here. Not there: it was not seen, and its row says so. */
  readonly at?: number;
}

export interface Panel {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** What is 0 on its axis. */
  readonly origin: number;
  readonly unit: 's' | 'ms';
  readonly events: readonly PanelEvent[];
  readonly connections: readonly Connection[];
  /** Those that began in it as bars from begin to end, each a little lower; else all as ticks where they began. */
  readonly bars: boolean;
}

export const WIDTH = 880;
const LEFT = 190;
const RIGHT = 20;
const PLOT = WIDTH - LEFT - RIGHT;
const ROW = 24;
const TITLE = 34;
const CLIENT = 52;
const AXIS = 30;
/** A value stands left of its mark where it would leave the picture on the right. */
const TURN = 0.85;
const DIVISOR = { s: 1_000, ms: 1 } as const;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000];
const MAX_TICKS = 10;

export function panelHeight({ events }: Pick<Panel, 'events'>): number {
  return TITLE + events.length * ROW + CLIENT + AXIS;
}

export function drawPanel(panel: Panel, top: number): string {
  const x = scale(panel);
  const rows = panel.events.map((event, index) => eventRow(panel, event, x, top + TITLE + index * ROW));
  const client = top + TITLE + panel.events.length * ROW;
  return [
    text(0, top + 20, panel.title, 'class="title"'),
    ...axis(panel, x, top + TITLE, client + CLIENT),
    ...rows,
    text(0, client + 26, 'new connections'),
    ...(panel.bars ? bars(panel, x, client) : ticks(panel, x, client)),
  ].join('\n');
}

type X = (at: number) => number;

function scale({ from, to }: Panel): X {
  return (at) => round(LEFT + (PLOT * (Math.min(to, Math.max(from, at)) - from)) / (to - from));
}

function began({ connections, from, to }: Panel): Connection[] {
  return connections
    .filter((each) => each.began >= from && each.began <= to)
    .toSorted((a, b) => a.began - b.began);
}

function ticks(panel: Panel, x: X, top: number): string[] {
  return began(panel).map((each) =>
    line(x(each.began), top + 8, x(each.began), top + CLIENT - 8, look(each)),
  );
}

function bars(panel: Panel, x: X, top: number): string[] {
  const all = began(panel);
  const step = (CLIENT - 8) / Math.max(1, all.length - 1);
  return all.map((each, index) => {
    const y = round(top + 4 + index * step);
    // Of one that is through at once there would be nothing to see.
    return line(x(each.began), y, Math.max(x(each.ended), x(each.began) + 2), y, `bar ${look(each)}`);
  });
}

function look({ by }: Connection): string {
  return by ?? 'failed';
}

function eventRow(panel: Panel, { label, at }: PanelEvent, x: X, top: number): string {
  const name = text(0, top + 16, label);
  if (at === undefined) return `${name}\n${text(LEFT, top + 16, 'not seen', 'class="soft"')}`;
  if (at < panel.from) return `${name}\n${text(LEFT, top + 16, '← earlier', 'class="soft"')}`;
  const mark = x(at);
  const turned = mark > LEFT + TURN * PLOT;
  const value = text(
    turned ? mark - 8 : mark + 8,
    top + 16,
    valueOf(at, panel),
    `class="value"${turned ? ' text-anchor="end"' : ''}`,
  );
  return [name, line(LEFT, top + 11, mark, top + 11, 'run'), circle(mark, top + 11), value].join('\n');
}

function valueOf(at: number, { origin, unit }: Panel): string {
  const since = at - origin;
  return unit === 's' ? `${(since / 1_000).toFixed(2)} s` : `${since.toFixed(since < 10 ? 1 : 0)} ms`;
}

function axis(panel: Panel, x: X, top: number, bottom: number): string[] {
  const { from, to, origin, unit } = panel;
  const step = STEPS.find((each) => (to - from) / each <= MAX_TICKS) ?? to - from;
  const marks: string[] = [];
  for (let at = origin + Math.ceil((from - origin) / step) * step; at <= to; at += step) {
    const since = Number(((at - origin) / DIVISOR[unit]).toFixed(3));
    marks.push(
      line(x(at), top, x(at), bottom, 'grid'),
      text(x(at), bottom + 16, `${since} ${unit}`, 'class="soft" text-anchor="middle"'),
    );
  }
  return marks;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
