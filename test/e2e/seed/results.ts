/** What all tests of one node measured. */
import { figuresOf, middle, type Figures } from '../measure/figures.ts';
import type { Failover } from '../measure/failover.ts';
import { updateDoc, updatesDocs, write, writeDoc, writeJson } from '../report.ts';
import { timelineSvg } from '../timeline/svg.ts';
import { markdownTable } from '../timeline/table.ts';
import type { LostNode } from './lost-node.ts';
import { absenceLine, lostNodeLine, rolloutTable, type Absence } from './prose.ts';
import type { Rollout } from './rollout.ts';

const PAGE = 'flagship-postgresql.md';

export interface Setting {
  /** Of files. */
  readonly name: string;
  readonly minSyncPeriodMs: number;
}

export class Results {
  readonly #setting: Setting;
  readonly #failovers = new Map<string, Failover[]>();
  readonly rollouts: Rollout[] = [];
  absent: Absence | undefined;
  lostNode: LostNode | undefined;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  add(failover: Failover): void {
    const { act } = failover;
    this.#failovers.set(act, [...(this.#failovers.get(act) ?? []), failover]);
  }

  figures(act: string): Figures {
    return figuresOf(this.#failovers.get(act) ?? [], this.#setting.minSyncPeriodMs);
  }

  /** All of it to out/e2e, and as text. */
  write(): string {
    const { name } = this.#setting;
    const groups = [...this.#failovers.keys()].map((act) => this.figures(act));
    writeJson(`seed-${name}.json`, {
      ...this.#setting,
      figures: groups,
      rollouts: this.rollouts,
      absent: this.absent,
      lostNode: this.lostNode,
      failovers: [...this.#failovers.values()].flat(),
    });
    const parts = {
      [`figures-${name}`]: markdownTable(groups),
      ...(this.rollouts.length > 0 && { rollouts: rolloutTable(this.rollouts) }),
      ...(this.#others() !== '' && { others: this.#others() }),
    };
    const text = Object.values(parts).join('\n\n');
    write(`seed-${name}.md`, `${text}\n`);
    if (updatesDocs()) for (const [part, content] of Object.entries(parts)) updateDoc(PAGE, part, content);
    return text;
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

  #others(): string {
    const absent = this.absent === undefined ? [] : [absenceLine(this.absent)];
    return [...absent, ...(this.lostNode === undefined ? [] : [lostNodeLine(this.lostNode)])].join('\n');
  }
}
