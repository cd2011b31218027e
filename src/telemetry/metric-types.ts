import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** One series at the moment of a scrape. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Description {
  readonly name: string;
  readonly help: string;
}

/** Series in one piece of text: about 20 KB. */
const SERIES_PER_PIECE = 200;

/**
 * A gauge whose series are computed for each scrape and kept nowhere: what is gone from the source is gone from the metrics.
 * It is not a prom-client Gauge, which keeps its last series, and of which the registry makes several copies before it gives
 * the text away: with a thousand Services such a scrape took 15 MB more.
 */
export class ComputedGauge {
  readonly #description: Description;
  readonly #samples: () => Iterable<Sample>;

  constructor(description: Description, samples: () => Iterable<Sample>) {
    this.#description = description;
    this.#samples = samples;
  }

  /** The family in the text format of Prometheus, 200 series a piece. */
  *text(): Generator<string, void, undefined> {
    const { name, help } = this.#description;
    let piece = `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
    let series = 0;
    for (const { labels, value } of this.#samples()) {
      piece += `${name}${labelText(labels)} ${String(value)}\n`;
      series += 1;
      if (series % SERIES_PER_PIECE !== 0) continue;
      yield piece;
      piece = '';
    }
    yield piece;
  }
}

function labelText(labels: Sample['labels']): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escaped(labels[name] ?? '')}"`;
  return text === '' ? '' : `{${text}}`;
}

function escaped(value: string): string {
  return /[\\"\n]/.test(value) ? value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n') : value;
}

/** A counter that something else keeps. */
export function computedCounter(registry: Registry, description: Description, value: () => number): void {
  new Counter({
    ...description,
    labelNames: [],
    registers: [registry],
    collect() {
      this.reset();
      this.inc(value());
    },
  });
}
