/** What all tests of one node measured. */
import { figuresOf, middle, type Figures } from '../measure/figures.ts';
import type { Failover } from '../measure/failover.ts';
import { updateDoc, updatesDocs, write, writeDoc, writeJson } from '../report.ts';
import { timelineSvg } from '../timeline/svg.ts';
import { markdownTable } from '../timeline/table.ts';

export interface Setting {
  /** Of files. */
  readonly name: string;
  readonly minSyncPeriodMs: number;
}

export class Results {
  readonly #setting: Setting;
  readonly #failovers = new Map<string, Failover[]>();
  readonly #notes = new Map<string, unknown>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  add(failover: Failover): void {
    const { act } = failover;
    this.#failovers.set(act, [...(this.#failovers.get(act) ?? []), failover]);
  }

  /** Anything else that was measured. */
  note(name: string, value: unknown): void {
    this.#notes.set(name, value);
  }

  figures(act: string): Figures {
    return figuresOf(this.#failovers.get(act) ?? [], this.#setting.minSyncPeriodMs);
  }

  /** All of it to out/e2e, and the table as text. */
  write(): string {
    const { name } = this.#setting;
    const groups = [...this.#failovers.keys()].map((act) => this.figures(act));
    const table = markdownTable(groups);
    writeJson(`seed-${name}.json`, {
      ...this.#setting,
      figures: groups,
      notes: Object.fromEntries(this.#notes),
      failovers: [...this.#failovers.values()].flat(),
    });
    write(`seed-${name}.md`, `${table}\n`);
    if (updatesDocs()) updateDoc('flagship-postgresql.md', `figures-${name}`, table);
    return table;
  }

  /** The run in the middle by its time until the first answer. */
  draw(act: string, title: string): void {
    const all = this.#failovers.get(act) ?? [];
    const typical = middle(all);
    if (typical === undefined) return;
    const svg = timelineSvg(typical, { title, act });
    write(`seed-${this.#setting.name}.svg`, svg);
    if (updatesDocs()) writeDoc('img/failover-timeline.svg', svg);
  }
}
