/** A failover as a picture: all of it in seconds, and below the switch alone in milliseconds. Pure. */
import type { Connection, Failover } from '../measure/failover.ts';
import { drawPanel, panelHeight, WIDTH, type Panel, type PanelEvent } from './panel.ts';
import { escape, line, text } from './xml.ts';

export interface TimelineTexts {
  readonly title: string;
  /** Of the first row, for instance "process frozen (SIGSTOP)". */
  readonly act: string;
}

const MARGIN = 20;
const GAP = 18;
const LEGEND = 34;
const HEAD = 30;
/** Of the time until the first answer, before and after. */
const PADDING = 0.06;
/** Milliseconds around the switch. */
const SWITCH_BEFORE = 8;
const SWITCH_AFTER = 0.6;

/** Text and ground change their colours together, so that it can be read wherever it is shown. */
const STYLE = `
svg{background:#ffffff;font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.ground{fill:#ffffff}
text{fill:#1f2328}
.title{font-weight:600}
.soft{fill:#59636e}
.value{font-variant-numeric:tabular-nums;paint-order:stroke;stroke:#ffffff;stroke-width:5}
line{stroke-width:1.5}
.grid{stroke:#d1d9e0;stroke-width:1}
.run{stroke:#818b98}
.bar{stroke-width:3}
.old{stroke:#0969da}.new{stroke:#1a7f37}.other{stroke:#9a6700}.failed{stroke:#cf222e}
circle{fill:#8250df}
@media (prefers-color-scheme:dark){
svg{background:#0d1117}
.ground{fill:#0d1117}
text{fill:#f0f6fc}
.value{stroke:#0d1117}
.soft{fill:#9198a1}
.grid{stroke:#3d444d}
.old{stroke:#4493f8}.new{stroke:#3fb950}.other{stroke:#d29922}.failed{stroke:#f85149}
circle{fill:#ab7df8}
}`;

export function timelineSvg(failover: Failover, { title, act }: TimelineTexts): string {
  const panels = [whole(failover, act), switchOf(failover)];
  const tops: number[] = [];
  let height = MARGIN + HEAD;
  for (const panel of panels) {
    tops.push(height);
    height += panelHeight(panel) + GAP;
  }
  const full = height + LEGEND;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-MARGIN} 0 ${WIDTH + 2 * MARGIN} ${full}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escape(title)}</title>`,
    `<desc id="d">${escape(describe(failover, act))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" x="${-MARGIN}" y="0" width="${WIDTH + 2 * MARGIN}" height="${full}"/>`,
    text(0, MARGIN + 12, title, 'class="title"'),
    ...panels.map((panel, index) => drawPanel(panel, tops[index] ?? 0)),
    legend(height + 10, failover.connections),
    '</svg>',
    '',
  ].join('\n');
}

function steps({ notReady, slice, rules, answer, to }: Failover): PanelEvent[] {
  return [
    { label: 'pod NotReady', ...(notReady !== undefined && { at: notReady }) },
    { label: 'leader slice written', at: slice },
    { label: "kube-proxy's rules", at: rules },
    { label: `${to} answers`, at: answer },
  ];
}

function whole(failover: Failover, act: string): Panel {
  const { answer, connections } = failover;
  return {
    title: 'From the act to the first answered new connection',
    from: -answer * PADDING,
    to: answer * (1 + PADDING),
    origin: 0,
    unit: 's',
    events: [{ label: act, at: 0 }, ...steps(failover)],
    connections,
    bars: false,
  };
}

/** From the first word that the pod is lost; where the API server never said so, from the slice. */
function switchOf(failover: Failover): Panel {
  const { notReady, slice, answer, connections } = failover;
  const origin = Math.min(notReady ?? slice, slice);
  return {
    title: 'The switch alone',
    from: origin - Math.max(SWITCH_BEFORE, (answer - origin) * PADDING),
    to: answer + Math.max(SWITCH_BEFORE, (answer - origin) * SWITCH_AFTER),
    origin,
    unit: 'ms',
    events: steps(failover),
    connections,
    bars: true,
  };
}

const LEGEND_TEXT = {
  old: 'answered by the old leader',
  new: 'answered by the new leader',
  other: 'answered by another pod',
  failed: 'failed',
} as const;
const LEGEND_STEP = 250;

/** Only what there is. */
function legend(top: number, connections: readonly Connection[]): string {
  const there = new Set(connections.map(({ by }) => by ?? 'failed'));
  return (['old', 'failed', 'new', 'other'] as const)
    .filter((look) => there.has(look))
    .map((look, index) => {
      const x = index * LEGEND_STEP;
      const count = connections.filter(({ by }) => (by ?? 'failed') === look).length;
      const label = `${LEGEND_TEXT[look]} (${count})`;
      return `${line(x, top, x + 16, top, `bar ${look}`)}${text(x + 22, top + 4, label)}`;
    })
    .join('\n');
}

function describe({ notReady, slice, rules, answer, from, to }: Failover, act: string): string {
  const seconds = (ms: number | undefined): string =>
    ms === undefined ? '-' : `${(ms / 1_000).toFixed(3)} s`;
  return `${act} (${from}) at 0 s; pod NotReady ${seconds(notReady)}; leader slice ${seconds(slice)}; rules ${seconds(rules)}; ${to} answers ${seconds(answer)}.`;
}
