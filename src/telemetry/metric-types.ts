import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** One series at the moment of a scrape. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Description {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}

/**
 * A gauge whose series are computed for each scrape and kept nowhere: what is gone from the source is gone from the metrics,
 * and a thousand Services cost no memory between scrapes (Gauge with collect() keeps its last series).
 */
export class ComputedGauge extends Gauge {
  readonly #samples: () => Iterable<Sample>;

  constructor(registry: Registry, description: Description, samples: () => Iterable<Sample>) {
    super({ ...description, labelNames: description.labelNames ?? [], registers: [registry] });
    this.#samples = samples;
  }

  override async get(): ReturnType<Gauge['get']> {
    return { ...(await super.get()), values: Array.from(this.#samples()) };
  }
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
